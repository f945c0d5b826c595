package tagset_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// A mixer draws verbs of every kind, for tests that need a store to change in all ways but know what comes of it from
// elsewhere. Its pools are small, so that tags, groups, composites, keys and members meet, and stores stay small.
type mixer struct{ *rand.Rand }

func newMixer(seed uint64, stream uint64) mixer { return mixer{rand.New(rand.NewPCG(seed, stream))} }

var mixedLevels = []string{"地域", "华东", "会员", "a", "b", "c"}

func (x mixer) pick(list []string) string { return list[x.IntN(len(list))] }

func (x mixer) name() string {
	levels := make([]string, 1+x.IntN(3))
	for i := range levels {
		levels[i] = x.pick(mixedLevels)
	}
	return strings.Join(levels, "/")
}

// tag prefers tags that are there.
func (x mixer) tag(tx *tagset.Tx) string {
	if x.IntN(8) > 0 {
		var names []string
		for t := range tx.View().Tags() {
			names = append(names, t.Name)
		}
		if len(names) > 0 {
			return x.pick(names)
		}
	}
	return x.name()
}

func (x mixer) member() tagset.Member {
	if x.IntN(8) == 0 {
		return tagset.Member(65_500 + x.IntN(80))
	}
	return tagset.Member(x.IntN(300))
}

func (x mixer) members() (ms []tagset.Member) {
	for range x.IntN(6) {
		ms = append(ms, x.member())
	}
	return ms
}

func (x mixer) set() tagset.Set {
	ms := x.members()
	if x.IntN(3) == 0 {
		first, n, step := x.IntN(300), x.IntN(400), 1+x.IntN(3)
		for i := range n {
			ms = append(ms, tagset.Member(first+i*step))
		}
	}
	return tagset.SetOf(ms...)
}

func (x mixer) keys() []string {
	keys := make([]string, 1+x.IntN(3))
	for i := range keys {
		keys[i] = fmt.Sprintf("openid-%03d", x.IntN(200))
	}
	return keys
}

func (x mixer) def(name string) tagset.Tag {
	d := tagset.Tag{Name: name, Kind: tagset.Kind(x.IntN(3)), Weight: tagset.Weight(x.IntN(9)), KeepTimes: x.IntN(3) == 0, Exclusive: x.IntN(4) == 0,
		Archived: x.IntN(6) == 0, Owner: x.pick([]string{"", "市场部"}), Note: x.pick([]string{"", "一条备注", strings.Repeat("长", 40)})}
	if d.KeepTimes {
		d.TimeStep = []time.Duration{0, time.Hour, time.Second}[x.IntN(3)]
	}
	return d
}

// refusals are the errors that a mixer runs into because it does not look.
var refusals = []error{tagset.ErrNoTag, tagset.ErrTagExists, tagset.ErrBadName, tagset.ErrInUse, tagset.ErrCycle, tagset.ErrExclusive, tagset.ErrForgotten,
	tagset.ErrNoAttribute, tagset.ErrAttributeExists, tagset.ErrType, tagset.ErrUnsupported, tagset.ErrPolicy, tagset.ErrFull}

// update is a transaction of a few verbs; the error is none of the refusals.
func (x mixer) update(tx *tagset.Tx) error {
	for range 1 + x.IntN(4) {
		if err := x.verb(tx); err != nil {
			return err
		}
	}
	return nil
}

// verb does one thing, and returns an error only if it is none of the refusals.
func (x mixer) verb(tx *tagset.Tx) error {
	all := mixedVerbs()
	v := all[x.IntN(len(all))]
	err := v.do(x, tx)
	if slices.ContainsFunc(refusals, func(r error) bool { return errors.Is(err, r) }) {
		return nil
	}
	var bind *query.BindError
	if errors.As(err, &bind) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", v.name, err)
	}
	return nil
}

type mixedVerb struct {
	name string
	do   func(mixer, *tagset.Tx) error
}

// only drops the count that verbs of memberships return.
func only(_ int, err error) error { return err }

func mixedVerbs() []mixedVerb {
	add := func(x mixer, tx *tagset.Tx) error { return only(x.from(tx).Add(x.tag(tx), x.members()...)) }
	intern := func(x mixer, tx *tagset.Tx) error {
		ms, err := tx.Intern(x.keys()...)
		if err == nil {
			err = only(tx.Add(x.tag(tx), ms...))
		}
		return err
	}
	create := func(x mixer, tx *tagset.Tx) error {
		_, err := tx.CreateTag(x.def(x.name()))
		return err
	}
	return []mixedVerb{
		{"add", add}, {"add", add}, {"add", add}, {"add", add},
		{"create", create}, {"create", create},
		{"intern", intern}, {"intern", intern}, {"intern", intern},
		{"remove", func(x mixer, tx *tagset.Tx) error { return only(x.from(tx).Remove(x.tag(tx), x.members()...)) }},
		{"add set", func(x mixer, tx *tagset.Tx) error { return only(x.from(tx).AddSet(x.tag(tx), x.set())) }},
		{"replace set", func(x mixer, tx *tagset.Tx) error { return only(x.from(tx).ReplaceSet(x.tag(tx), x.set())) }},
		{"remove set", func(x mixer, tx *tagset.Tx) error { return only(x.from(tx).RemoveSet(x.tag(tx), x.set())) }},
		{"add pairs", func(x mixer, tx *tagset.Tx) error {
			var tags []tagset.TagID
			ms := x.members()
			for range ms {
				t, ok := tx.View().Tag(x.tag(tx))
				if !ok {
					return nil
				}
				tags = append(tags, t.ID)
			}
			return only(x.from(tx).AddPairs(tags, ms))
		}},
		{"enroll", func(x mixer, tx *tagset.Tx) error { return tx.Enroll(x.members()...) }},
		{"forget", func(x mixer, tx *tagset.Tx) error {
			if m, ok := tx.View().Lookup(x.keys()[0]); ok && x.IntN(2) == 0 {
				return tx.Forget(m)
			}
			if x.IntN(4) == 0 {
				return tx.Forget(x.member())
			}
			return nil
		}},
		{"edit", func(x mixer, tx *tagset.Tx) error {
			d, in := x.def(""), x.tag(tx)
			return tx.EditTag(x.tag(tx), func(t *tagset.Tag) {
				t.Weight, t.Owner, t.Note, t.Archived = d.Weight, d.Owner, d.Note, d.Archived
				switch x.IntN(4) {
				case 0:
					t.Includes = []string{in}
				case 1:
					t.Includes = nil
				case 2:
					t.Exclusive = d.Exclusive
				}
			})
		}},
		{"rename", func(x mixer, tx *tagset.Tx) error { return tx.RenameTag(x.tag(tx), x.name()) }},
		{"merge", func(x mixer, tx *tagset.Tx) error { return tx.MergeTag(x.tag(tx), x.tag(tx)) }},
		{"delete", func(x mixer, tx *tagset.Tx) error { return tx.DeleteTag(x.tag(tx)) }},
		{"delete tree", func(x mixer, tx *tagset.Tx) error {
			if x.IntN(4) > 0 {
				return nil
			}
			return tx.DeleteTree(x.tag(tx))
		}},
		{"define", func(x mixer, tx *tagset.Tx) error {
			return query.Define(tx, x.name(), fmt.Sprintf("%q %s %q", x.tag(tx), x.pick([]string{"AND", "OR", "MINUS", "XOR"}), x.tag(tx)))
		}},
		{"settle", func(x mixer, tx *tagset.Tx) error { return only(tx.Settle(x.tag(tx))) }},
		{"drop source", func(x mixer, tx *tagset.Tx) error { return only(tx.DropSource(x.pick([]string{"张三", "批次7"}))) }},
		{"policy", func(x mixer, tx *tagset.Tx) error {
			var p tagset.Policy
			if x.IntN(3) == 0 {
				p.MaxTagsPerMember = 20 + x.IntN(5)
			}
			return tx.SetPolicy(p)
		}},
		{"create attribute", func(x mixer, tx *tagset.Tx) error {
			return tx.CreateAttribute(x.pick([]string{"消费金额", "n"}), tagset.Int)
		}},
		{"create times", func(x mixer, tx *tagset.Tx) error { return tx.CreateAttribute("入会", tagset.Time) }},
		{"delete attribute", func(x mixer, tx *tagset.Tx) error {
			if x.IntN(6) > 0 {
				return nil
			}
			return tx.DeleteAttribute(x.pick([]string{"消费金额", "n", "入会"}))
		}},
		{"set int", func(x mixer, tx *tagset.Tx) error { return tx.SetInt("消费金额", x.member(), x.Int64N(1e6)) }},
		{"set time", func(x mixer, tx *tagset.Tx) error {
			return tx.SetTime("入会", x.member(), time.Unix(x.Int64N(2e9), 0))
		}},
		{"set ints", func(x mixer, tx *tagset.Tx) error {
			ms := x.set().All()
			var members []tagset.Member
			var values []int64
			for m := range ms {
				members, values = append(members, m), append(values, x.Int64N(1000))
			}
			return tx.SetInts("n", members, values)
		}},
		{"unset", func(x mixer, tx *tagset.Tx) error { return tx.Unset("消费金额", x.member()) }},
		{"by", func(x mixer, tx *tagset.Tx) error {
			tx.By(x.pick([]string{"", "张三", "李四"}), x.pick([]string{"", "活动", "更正"}))
			return nil
		}},
	}
}

// from hands out a handle on behalf of a source, or the transaction itself.
func (x mixer) from(tx *tagset.Tx) *tagset.Tx {
	if x.IntN(3) > 0 {
		return tx
	}
	return tx.From(x.pick([]string{"张三", "批次7"}))
}

// TestMixer makes sure that a mixer changes a store in all ways, and meets nothing but refusals.
func TestMixer(t *testing.T) {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	x := newMixer(1, 0)
	for range 3000 {
		_, err := s.Update(x.update)
		if !errors.Is(err, tagset.ErrPolicy) {
			require.NoError(t, err)
		}
	}
	require.NoError(t, s.Check())
	v := s.View()
	require.Greater(t, v.Version(), tagset.Version(2000))
	require.Less(t, v.Members().Len(), 5000)
	composites := 0
	for tag := range v.Tags() {
		if tag.Kind == tagset.Composite {
			composites++
		}
	}
	require.Positive(t, composites)
}
