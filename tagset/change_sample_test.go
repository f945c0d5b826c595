package tagset_test

import (
	"bytes"
	"fmt"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// everyVerb makes a store, and does every verb in it; each function is a commit.
func everyVerb(t require.TestingT) (*tagset.Store, []tagset.Change) {
	now := time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
	s, err := tagset.New(tagset.Config{History: 100, Rand: bytes.NewReader(bytes.Repeat([]byte{7}, 64)), Clock: func() time.Time {
		now = now.Add(time.Minute)
		return now
	}})
	require.NoError(t, err)
	ok := func(errs ...any) {
		for _, err := range errs {
			if err, is := err.(error); is {
				require.NoError(t, err)
			}
		}
	}
	of := func(_ int, err error) error { return err }
	id := func(tx *tagset.Tx, name string) tagset.TagID {
		tag, ok := tx.View().Tag(name)
		require.True(t, ok)
		return tag.ID
	}
	steps := []func(tx *tagset.Tx){
		func(tx *tagset.Tx) {
			tx.By("张三", "setting up")
			ok(tx.CreateTag(tagset.Tag{Name: "会员等级", Exclusive: true, KeepTimes: true, Owner: "运营", Weight: -3}))
			ok(tx.CreateTag(tagset.Tag{Name: "会员等级/金卡", Note: "1 year"}))
			ok(tx.CreateTag(tagset.Tag{Name: "会员等级/银卡", KeepTimes: true, TimeStep: time.Hour}))
			ok(tx.CreateTag(tagset.Tag{Name: "重点", Includes: []string{"会员等级/金卡"}}))
		},
		func(tx *tagset.Tx) { ok(tx.Intern("openid-1", "openid-2", "openid-1", "openid-3")) },
		func(tx *tagset.Tx) {
			ok(tx.Add("会员等级/金卡", 2, 0, 2))
			tx.By("李四", "")
			ok(tx.From("导入").Add("会员等级/金卡", 1))
		},
		func(tx *tagset.Tx) { ok(tx.AddSet("会员等级/银卡", tagset.Collect(upTo(100, 70_000)))) },
		func(tx *tagset.Tx) { ok(tx.ReplaceSet("会员等级/金卡", tagset.SetOf(100, 65_536, 1<<20))) },
		func(tx *tagset.Tx) {
			gold, silver, key := id(tx, "会员等级/金卡"), id(tx, "会员等级/银卡"), id(tx, "重点")
			ok(tx.AddPairs([]tagset.TagID{gold, silver, key, gold}, []tagset.Member{200, 200, 200, 201}))
		},
		func(tx *tagset.Tx) { ok(of(tx.Remove("重点", 200)), tx.Enroll(9, 8, 1<<32-2)) },
		func(tx *tagset.Tx) { ok(tx.RemoveSet("会员等级/银卡", tagset.Collect(upTo(60_000, 70_000)))) },
		func(tx *tagset.Tx) {
			ok(tx.CreateAttribute("余额", tagset.Decimal(2)), tx.CreateAttribute("生日", tagset.Time), tx.CreateAttribute("旧", tagset.Int))
			ok(tx.SetInt("余额", 1, -1250), tx.SetTime("生日", 2, now), tx.SetInts("余额", []tagset.Member{5, 3, 5}, []int64{1, 2, 3}))
		},
		func(tx *tagset.Tx) { ok(tx.Unset("余额", 3), tx.DeleteAttribute("旧")) },
		func(tx *tagset.Tx) {
			ok(query.Define(tx, "优质", "会员等级/金卡 & 余额 < 0"), tx.EditTag("会员等级", func(tag *tagset.Tag) {
				tag.Precedence, tag.Note = []string{"会员等级/银卡", "会员等级/金卡"}, "ordered"
			}))
		},
		func(tx *tagset.Tx) { ok(tx.SetPolicy(tagset.Policy{MaxTags: 100, WarnMembers: 5, StrictNames: true})) },
		func(tx *tagset.Tx) {
			ok(tx.EditTag("会员等级", func(tag *tagset.Tag) { tag.Exclusive = false }))
			ok(of(tx.Add("会员等级/银卡", 0, 1)), of(tx.DropSource("导入")), of(tx.Settle("会员等级")))
		},
		func(tx *tagset.Tx) { ok(tx.Forget(1, 4_000_000_000)) },
		func(tx *tagset.Tx) { ok(tx.RenameTag("重点", "a/b/c"), tx.MergeTag("会员等级/银卡", "a/b")) },
		func(tx *tagset.Tx) { ok(tx.DeleteTag("优质"), tx.DeleteTree("a/b")) },
	}
	for _, step := range steps {
		_, err := s.Update(func(tx *tagset.Tx) error { step(tx); return nil })
		require.NoError(t, err)
	}
	require.NoError(t, s.Promote())
	require.NoError(t, s.Check())
	return s, changesOf(t, s, 0)
}

// upTo yields from first to last−1.
func upTo(first, last tagset.Member) func(func(tagset.Member) bool) {
	return func(yield func(tagset.Member) bool) {
		for m := first; m < last && yield(m); m++ {
		}
	}
}

func changesOf(t require.TestingT, s *tagset.Store, from tagset.Version) (out []tagset.Change) {
	for c, err := range s.Changes(from) {
		require.NoError(t, err)
		from++
		require.Equal(t, from, c.Version)
		out = append(out, c)
	}
	require.Equal(t, s.View().Version(), from)
	return out
}

// line is an op in words.
func line(o tagset.Op) string {
	text := o.Verb
	add := func(name string, v any) { text += fmt.Sprintf(" %s=%v", name, v) }
	for _, f := range []struct {
		name string
		v    string
	}{{"actor", o.Actor}, {"reason", o.Reason}, {"source", o.Source}, {"name", o.Name}, {"attr", o.Attr}} {
		if f.v != "" {
			add(f.name, f.v)
		}
	}
	if o.Tag != 0 {
		add("tag", o.Tag)
	}
	if o.Into != 0 {
		add("into", o.Into)
	}
	if ms := o.Members(); ms.Len() > 9 {
		first, _ := ms.Min()
		add("members", fmt.Sprintf("%d from %d on", ms.Len(), first))
	} else if ms.Len() > 0 {
		add("members", listOf(ms))
	}
	for id, m := range o.Pairs() {
		add("pair", fmt.Sprint(id, ":", m))
	}
	for m, key := range o.Keys() {
		add("key", fmt.Sprint(m, ":", key))
	}
	for m, v := range o.Values() {
		add("value", fmt.Sprint(m, ":", v))
	}
	if def, ok := o.Definition(); ok {
		add("kind", def.Kind)
		add("owner", def.Owner)
		add("exclusive", def.Exclusive)
		add("step", def.TimeStep)
	}
	if p, ok := o.Policy(); ok {
		add("policy", p)
	}
	return text
}
