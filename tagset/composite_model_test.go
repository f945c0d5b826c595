package tagset_test

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/tagset"
)

// naive tells who is in a tag by the definitions, member by member, from the
// plain facts of a view: direct members, values, times, names, and the formulas
// as they were given.
type naive struct {
	v        *tagset.View
	formulas map[tagset.TagID]*expr.Formula
	ids      map[tagset.TagID]string
}

func newNaive(v *tagset.View, formulas map[tagset.TagID]*expr.Formula) *naive {
	w := &naive{v: v, formulas: formulas, ids: map[tagset.TagID]string{}}
	for tag := range v.Tags() {
		w.ids[tag.ID] = tag.Name
	}
	return w
}

func (w *naive) members(name string) []tagset.Member {
	var ms []tagset.Member
	for m := range w.v.Members().All() {
		if w.has(name, m) {
			ms = append(ms, m)
		}
	}
	return ms
}

func (w *naive) has(name string, m tagset.Member) bool {
	tag, _ := w.v.Tag(name)
	if f := w.formulas[tag.ID]; f != nil {
		return w.holds(f, f.Root, m)
	}
	if direct, _ := w.v.Direct(name); direct.Contains(m) {
		return true
	}
	for _, sub := range w.ids {
		if rest, ok := strings.CutPrefix(sub, name+"/"); ok && !strings.Contains(rest, "/") && w.has(sub, m) {
			return true
		}
	}
	return slices.ContainsFunc(tag.Includes, func(name string) bool { return w.has(name, m) })
}

func (w *naive) holds(f *expr.Formula, n *expr.Node, m tagset.Member) bool {
	in := 0
	for _, k := range n.Pos {
		if w.holds(f, k, m) {
			in++
		}
	}
	switch n.Op {
	case expr.All:
		return true
	case expr.Tag:
		return w.has(w.ids[tagset.TagID(n.ID)], m)
	case expr.Only:
		direct, _ := w.v.Direct(w.ids[tagset.TagID(n.ID)])
		return direct.Contains(m)
	case expr.Where:
		return w.passes(&f.Where[n.ID], m)
	case expr.And:
		return in == len(n.Pos) && !slices.ContainsFunc(n.Neg, func(k *expr.Node) bool { return w.holds(f, k, m) })
	case expr.Or:
		return in > 0
	case expr.Xor:
		return in%2 == 1
	case expr.Count:
		return n.Lo <= in && in <= n.Hi
	}
	return false
}

func (w *naive) passes(c *expr.Condition, m tagset.Member) bool {
	column, ok := w.v.Column(c.Attr)
	if c.Attr == "" {
		column, ok = w.v.Times(w.ids[tagset.TagID(c.Tag)])
	}
	v, has := column.Int(m)
	if !ok || !has {
		return false
	}
	return slices.ContainsFunc(c.Any, func(r expr.Range) bool {
		// Compared as instants, so that nothing is rounded.
		at := time.Unix(v, 0)
		side := func(b expr.Bound) int {
			if b.Unit == expr.Number {
				return cmp.Compare(v, b.N)
			}
			return at.Compare(b.Unit.Back(w.v.Time(), b.N))
		}
		lo, hi := side(r.Lo), side(r.Hi)
		return lo >= 0 && hi <= 0 && !(r.Lo.Open && lo == 0) && !(r.Hi.Open && hi == 0)
	})
}

// depends reports whether what name is made of takes in target.
func (w *naive) depends(name, target string) bool {
	if name == target {
		return true
	}
	tag, _ := w.v.Tag(name)
	below := slices.Clone(tag.Includes)
	if f := w.formulas[tag.ID]; f != nil {
		for _, id := range f.Uses().Tags {
			below = append(below, w.ids[tagset.TagID(id)])
		}
	}
	for _, sub := range w.ids {
		if rest, ok := strings.CutPrefix(sub, name+"/"); ok && !strings.Contains(rest, "/") {
			below = append(below, sub)
		}
	}
	return slices.ContainsFunc(below, func(k string) bool { return w.depends(k, target) })
}

// A compositeModel drives a store with composites and compares it.
type compositeModel struct {
	now      time.Time
	s        *tagset.Store
	formulas map[tagset.TagID]*expr.Formula
	kept     []keptView
	twin     *twin
}

// A keptView is a view with what its tags were when it was made.
type keptView struct {
	v    *tagset.View
	want map[string][]tagset.Member
}

const composites = 5

func newCompositeModel(t *rapid.T) *compositeModel {
	w := &compositeModel{now: time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC), formulas: map[tagset.TagID]*expr.Formula{}}
	var err error
	w.s, err = tagset.New(tagset.Config{History: 1, Clock: func() time.Time { return w.now }})
	require.NoError(t, err)
	w.twin = newTwin(t, w.s)
	_, err = w.s.Update(func(tx *tagset.Tx) error {
		for _, name := range []string{"地域", "地域/华东", "地域/华东/上海", "金卡", "高净值", "沉默"} {
			if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
				return err
			}
		}
		for name, step := range map[string]time.Duration{"时": time.Hour, "日": 0} {
			if _, err := tx.CreateTag(tagset.Tag{Name: name, KeepTimes: true, TimeStep: step}); err != nil {
				return err
			}
		}
		return errors.Join(tx.CreateAttribute("n", tagset.Int), tx.CreateAttribute("t", tagset.Time))
	})
	require.NoError(t, err)
	return w
}

func drawMemberOf(t *rapid.T) tagset.Member {
	return tagset.Member(rapid.OneOf(rapid.Uint32Range(0, 9), rapid.Uint32Range(65_530, 65_540), rapid.Just(uint32(1<<20))).Draw(t, "member"))
}

// drawCondition draws ages around the times that the model gives.
func drawCondition(t *rapid.T, v *tagset.View) expr.Condition {
	var c expr.Condition
	number := func() expr.Bound { return expr.Bound{N: rapid.Int64Range(0, 4).Draw(t, "n")} }
	age := func() expr.Bound {
		u := rapid.SampledFrom([]expr.Unit{expr.Minutes, expr.Hours, expr.Days}).Draw(t, "unit")
		return expr.Bound{N: rapid.Int64Range(0, 5).Draw(t, "age"), Unit: u, Open: rapid.Bool().Draw(t, "open")}
	}
	end := age
	switch kind := rapid.IntRange(0, 2).Draw(t, "about"); kind {
	case 0:
		c.Attr, end = "n", number
	case 1:
		c.Attr = "t"
	default:
		c.Attr = "t" // if no tag keeps times any more
		var keep []uint32
		for tag := range v.Tags() {
			if tag.KeepTimes {
				keep = append(keep, uint32(tag.ID))
			}
		}
		if len(keep) > 0 {
			c.Attr, c.Tag = "", rapid.SampledFrom(keep).Draw(t, "times of")
		}
	}
	lo, hi := end(), end()
	switch rapid.IntRange(0, 3).Draw(t, "ends") {
	case 0:
		lo = expr.Bound{N: -1 << 63}
	case 1:
		hi = expr.Bound{N: 1<<63 - 1}
	}
	c.Any = expr.Normal([]expr.Range{{Lo: lo, Hi: hi}})
	if len(c.Any) == 0 {
		c.Any = []expr.Range{{Lo: hi, Hi: lo}}
	}
	return c
}

func idOf(v *tagset.View, name string) tagset.TagID {
	tag, _ := v.Tag(name)
	return tag.ID
}

// drawFormula draws a formula over the tags that there are.
func drawFormula(t *rapid.T, v *tagset.View) *expr.Formula {
	f := &expr.Formula{}
	for range rapid.IntRange(0, 2).Draw(t, "conditions") {
		f.Where = append(f.Where, drawCondition(t, v))
	}
	var ids []uint32
	for tag := range v.Tags() {
		ids = append(ids, uint32(tag.ID))
		if tag.Kind == tagset.Composite { // more often
			ids = append(ids, uint32(tag.ID), uint32(tag.ID))
		}
	}
	var draw func(depth int) *expr.Node
	list := func(depth, least, most int) (out []*expr.Node) {
		for range rapid.IntRange(least, most).Draw(t, "operands") {
			out = append(out, draw(depth-1))
		}
		return out
	}
	draw = func(depth int) *expr.Node {
		op := rapid.SampledFrom([]expr.Op{expr.Tag, expr.Tag, expr.Tag, expr.Only, expr.Where, expr.All, expr.And, expr.And, expr.Or, expr.Xor, expr.Count}).Draw(t, "op")
		if depth == 0 && op > expr.Where || op == expr.Where && len(f.Where) == 0 {
			op = expr.Tag
		}
		n := &expr.Node{Op: op}
		switch op {
		case expr.Tag, expr.Only:
			n.ID = rapid.SampledFrom(ids).Draw(t, "tag")
		case expr.Where:
			n.ID = uint32(rapid.IntRange(0, len(f.Where)-1).Draw(t, "condition"))
		case expr.And:
			n.Pos, n.Neg = list(depth, 0, 3), list(depth, 0, 1)
		case expr.Or, expr.Xor:
			n.Pos = list(depth, 0, 3)
		case expr.Count:
			n.Pos = list(depth, 1, 3)
			n.Lo = rapid.IntRange(0, len(n.Pos)).Draw(t, "lo")
			n.Hi = rapid.IntRange(n.Lo, len(n.Pos)).Draw(t, "hi")
		}
		return n
	}
	f.Root = draw(2)
	return f
}

// change does one thing within a transaction. Redirected tells of a merge.
func (w *compositeModel) change(t *rapid.T, tx *tagset.Tx, formulas map[tagset.TagID]*expr.Formula) {
	v := tx.View()
	names := []string{}
	for tag := range v.Tags() {
		names = append(names, tag.Name)
	}
	name := rapid.SampledFrom(names).Draw(t, "tag")
	tag, _ := v.Tag(name)
	m := drawMemberOf(t)
	switch rapid.IntRange(0, 12).Draw(t, "change") {
	case 0, 1, 2:
		_, err := tx.Add(name, m, drawMemberOf(t))
		require.True(t, err == nil || errors.Is(err, tagset.ErrForgotten) || tag.Kind == tagset.Composite && errors.Is(err, tagset.ErrUnsupported), err)
	case 3:
		_, err := tx.Remove(name, m)
		require.True(t, err == nil || tag.Kind == tagset.Composite, err)
	case 4, 5:
		if rapid.Bool().Draw(t, "time") {
			_ = tx.SetTime("t", m, tx.View().Time().Add(-time.Duration(rapid.IntRange(0, 300).Draw(t, "minutes"))*time.Minute))
		} else {
			_ = tx.SetInt("n", m, rapid.Int64Range(0, 4).Draw(t, "value"))
		}
	case 6:
		require.NoError(t, tx.Unset(rapid.SampledFrom([]string{"n", "t"}).Draw(t, "attr"), m))
	case 7, 8:
		w.define(t, tx, formulas)
	case 9:
		if rapid.IntRange(0, 3).Draw(t, "forget") == 0 {
			require.NoError(t, tx.Forget(m))
		} else {
			_ = tx.Enroll(m)
		}
	case 10:
		to := rapid.SampledFrom([]string{"地域/华南", "地域/华东/苏州", "新", "新/沉默", "金卡"}).Draw(t, "to")
		err := tx.RenameTag(name, to)
		require.True(t, err == nil || errors.Is(err, tagset.ErrCycle) || errors.Is(err, tagset.ErrTagExists) || errors.Is(err, tagset.ErrUnsupported), err)
	case 12:
		other := rapid.SampledFrom(names).Draw(t, "included")
		err := tx.EditTag(name, func(tag *tagset.Tag) { tag.Includes = []string{other} })
		switch {
		case tag.Kind == tagset.Composite:
			require.ErrorIs(t, err, tagset.ErrUnsupported)
		case newNaive(v, formulas).depends(other, name):
			require.ErrorIs(t, err, tagset.ErrCycle)
		default:
			require.NoError(t, err)
		}
	case 11:
		into := rapid.SampledFrom(names).Draw(t, "into")
		if kept, ok := v.Tag(into); ok && len(names) > 4 && !slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, name+"/") }) {
			switch err := tx.MergeTag(name, into); {
			case err == nil:
				for id, f := range formulas {
					formulas[id] = f.Redirect(uint32(tag.ID), uint32(kept.ID))
				}
			case errors.Is(err, tagset.ErrInUse):
				step := func(t tagset.Tag) time.Duration { return cmp.Or(t.TimeStep, 24*time.Hour) }
				require.True(t, tag.KeepTimes && (!kept.KeepTimes || step(kept) > step(tag)), err)
			default:
				require.True(t, errors.Is(err, tagset.ErrCycle) || errors.Is(err, tagset.ErrUnsupported) && (tag.Kind == tagset.Composite || kept.Kind == tagset.Composite), err)
			}
		}
	}
}

func (w *compositeModel) define(t *rapid.T, tx *tagset.Tx, formulas map[tagset.TagID]*expr.Formula) {
	v := tx.View()
	name := fmt.Sprintf("合%d", rapid.IntRange(0, composites-1).Draw(t, "composite"))
	if rapid.IntRange(0, 4).Draw(t, "below") == 0 {
		name = "地域/华东/" + name
	}
	f := drawFormula(t, v)
	old := newNaive(v, formulas)
	cycle := false
	for _, id := range f.Uses().Tags {
		for above := name; above != ""; above = above[:max(0, strings.LastIndexByte(above, '/'))] {
			if _, ok := v.Tag(above); ok {
				cycle = cycle || old.depends(old.ids[tagset.TagID(id)], above)
				break
			}
		}
	}
	err := tx.DefineComposite(name, f)
	switch tag, exists := v.Tag(name); {
	case exists && tag.Kind != tagset.Composite:
		require.ErrorIs(t, err, tagset.ErrTagExists)
	case errors.Is(err, tagset.ErrType): // times of what keeps none, once merged
		require.Contains(t, err.Error(), "keeps no times")
	case cycle:
		require.ErrorIs(t, err, tagset.ErrCycle)
	case errors.Is(err, tagset.ErrUnsupported):
		require.Contains(t, err.Error(), "is a composite: it has no sub-tags")
	default:
		require.NoError(t, err)
		formulas[idOf(tx.View(), name)] = f
		got, ok := tx.View().Formula(name)
		require.True(t, ok && got.Equal(f))
	}
}

// compare asks some tags of a view, in any order.
func compare(t *rapid.T, v *tagset.View, want map[string][]tagset.Member) {
	names := rapid.Permutation(slices.Sorted(maps.Keys(want))).Draw(t, "order")
	for _, name := range names[:rapid.IntRange(0, len(names)).Draw(t, "asked")] {
		set, ok := v.Set(name)
		require.True(t, ok)
		require.Equal(t, want[name], slices.Collect(set.All()), "%s = %s", name, told(v, name))
	}
	m := drawMemberOf(t)
	var carried []string
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if slices.Contains(want[name], m) {
			carried = append(carried, name)
		}
	}
	var got []string
	for tag := range v.TagsOf(m) {
		got = append(got, tag.Name)
	}
	slices.Sort(got)
	require.Equal(t, carried, got, "tags of %d", m)
}

// told is the formula of a composite, for messages.
func told(v *tagset.View, name string) string {
	f, ok := v.Formula(name)
	if !ok {
		return "no composite"
	}
	return fmt.Sprintf("%s %+v", f.Root, f.Where)
}

// expected is what the tags of v are by the definitions.
func expected(v *tagset.View, formulas map[tagset.TagID]*expr.Formula) map[string][]tagset.Member {
	w := newNaive(v, formulas)
	want := map[string][]tagset.Member{}
	for _, name := range w.ids {
		want[name] = w.members(name)
	}
	return want
}

func TestModelComposites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newCompositeModel(t)
		w.twin.follow(t)
		for range rapid.IntRange(1, 12).Draw(t, "commits") {
			formulas := maps.Clone(w.formulas)
			abort := rapid.IntRange(0, 5).Draw(t, "abort") == 0
			_, err := w.s.Update(func(tx *tagset.Tx) error {
				for range rapid.IntRange(1, 4).Draw(t, "changes") {
					w.change(t, tx, formulas)
					if rapid.IntRange(0, 2).Draw(t, "look") == 0 {
						compare(t, tx.View(), expected(tx.View(), formulas))
					}
				}
				if abort {
					return errAbort
				}
				return nil
			})
			if !abort {
				require.NoError(t, err)
				w.formulas = formulas
			}
			if rapid.Bool().Draw(t, "later") {
				w.now = w.now.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "minutes"))*time.Minute + time.Duration(rapid.IntRange(0, 1).Draw(t, "ns")))
			}
			w.twin.follow(t)
			v := w.s.View()
			want := expected(v, w.formulas)
			compare(t, v, want)
			w.kept = append(w.kept, keptView{v, want})
			old := rapid.SampledFrom(w.kept).Draw(t, "old view")
			compare(t, old.v, old.want)
		}
		require.NoError(t, w.s.Check())
		w.twin.end(t)
		var stream bytes.Buffer
		last := w.kept[len(w.kept)-1]
		_, err := last.v.WriteTo(&stream)
		require.NoError(t, err)
		again, err := tagset.Restore(&stream, tagset.Config{Clock: func() time.Time { return w.now }})
		require.NoError(t, err)
		require.NoError(t, again.Check())
		compare(t, again.View(), last.want)
	})
}
