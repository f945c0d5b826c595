package tagset

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/cow"
)

func sourced(t *testing.T, fn func(*Tx)) *Store {
	t.Helper()
	s, err := New(Config{})
	require.NoError(t, err)
	_, err = s.Update(func(tx *Tx) error {
		_, err := tx.CreateTag(Tag{Name: "a"})
		require.NoError(t, err)
		fn(tx)
		return nil
	})
	require.NoError(t, err)
	require.NoError(t, s.Check())
	return s
}

// One source keeps nothing beside the direct members but its name, the plain one
// not even that; and several share what they were made from.
func TestHoldsShare(t *testing.T) {
	all := bitmap.FromRange(0, 300_000)
	for i, v := range all.AppendTo(nil)[:1000] {
		if i%2 == 0 {
			all = all.Without(v * 77)
		}
	}
	s := sourced(t, func(tx *Tx) { _, _ = tx.AddSet("a", Set{all}) })
	require.Nil(t, s.View().find("a").held)
	s = sourced(t, func(tx *Tx) {
		_, _ = tx.From("x").AddSet("a", Set{all})
		_, _ = tx.From("x").Remove("a", 5)
		for i := range 100 {
			_, _ = tx.From("x").Add("a", Member(400_000+i))
		}
	})
	rec := s.View().find("a")
	require.Equal(t, &holds{sole: "x"}, rec.held)
	_, err := s.Update(func(tx *Tx) error { return second(tx.From("y").Add("a", 400_000)) })
	require.NoError(t, err)
	rec = s.View().find("a")
	x, y := rec.held.get("x").set, rec.held.get("y").set
	require.Equal(t, 1, y.Len())
	shared := 0
	for i := range x.NumBlocks() {
		if x.Block(i) == rec.direct.Bitmap().Block(i) { // the same payload
			shared++
		}
	}
	require.Equal(t, x.NumBlocks(), shared)
	_, err = s.Update(func(tx *Tx) error { return second(tx.DropSource("y")) })
	require.NoError(t, err)
	require.Equal(t, &holds{sole: "x"}, s.View().find("a").held)
	stats := s.View().Stats()
	require.Less(t, stats.SourceBytes, 64)
	require.Equal(t, stats.SourceBytes, stats.PerTag[0].SourceBytes)
}

// Each kind of damage is found as I13, or as what is wrong with a set.
func TestCheckFindsDamagedHolds(t *testing.T) {
	one, two := bitmap.Of(1), bitmap.Of(1, 2)
	several := func(sets map[string]*hold) *holds {
		e := cow.NewMap[string, *hold](strings.Compare).Edit()
		for source, held := range sets {
			e.Set(source, held)
		}
		return &holds{by: e.Freeze()}
	}
	backwards := cow.NewMap[string, *hold](func(a, b string) int { return strings.Compare(b, a) }).Edit()
	backwards.Set("x", &hold{set: two})
	backwards.Set("y", &hold{set: two})
	for want, h := range map[string]*holds{
		"I13: sources under change":                            {edit: new(holdsEdit)},
		`I13: source "x" alone, and 1 more`:                    {sole: "x", by: several(map[string]*hold{"y": {set: two}}).by},
		"I13: 0 sources where there should be several":         {},
		"I13: 1 sources where there should be several":         several(map[string]*hold{"x": {set: two}}),
		"I13: source is not valid UTF-8":                       {sole: "\xff"},
		"I13: source of 257 bytes, more than 256":              several(map[string]*hold{"x": {set: two}, strings.Repeat("y", 257): {set: two}}),
		`I13: source "x" after source "y"`:                     {by: backwards.Freeze()},
		`I13: source "y" under change`:                         several(map[string]*hold{"x": {set: two}, "y": {edit: new(setEdit)}}),
		`I13: source "y" holds nobody`:                         several(map[string]*hold{"x": {set: two}, "y": {}}),
		"I13: what the sources hold is not the direct members": several(map[string]*hold{"x": {set: one}, "y": {set: one}}),
	} {
		s := sourced(t, func(tx *Tx) { _, _ = tx.Add("a", 1, 2) })
		st := *s.View().state
		rec := *st.find("a")
		rec.held = h
		tags := st.tags.Edit()
		tags.Set(int(rec.tag.ID), &rec)
		st.tags = tags.Freeze()
		err := st.checkSources()
		require.ErrorIs(t, err, ErrCorrupt)
		require.EqualError(t, err, `tagset: check tag "a": corrupt: `+want)
	}
	require.EqualError(t, holdsBy("x").check("a", bitmap.Bitmap{}), `tagset: check tag "a": corrupt: I13: sources of a tag without members`)
}

// A commit copies the path to what it changes: 10,000 sources share the rest.
func TestHoldsCopyWhatChanges(t *testing.T) {
	s := sourced(t, func(tx *Tx) {
		for i := range 10_000 {
			_, _ = tx.From(fmt.Sprint(i)).Add("a", Member(i), Member(i+1))
		}
	})
	before := s.View().find("a").held
	_, err := s.Update(func(tx *Tx) error {
		require.NoError(t, second(tx.From("777").Add("a", 5)))
		return second(tx.From("778").Remove("a", 778))
	})
	require.NoError(t, err)
	require.NoError(t, s.Check())
	after := s.View().find("a").held
	changed := 0
	for source, held := range after.by.All() {
		if held != before.get(source) {
			changed++
		}
	}
	require.Equal(t, 2, changed)
	_, err = s.Update(func(tx *Tx) error { return second(tx.Remove("a", 5000)) })
	require.NoError(t, err)
	require.NoError(t, s.Check())
}

func second[T, U any](_ T, u U) U { return u }

// newHolds has a holdsBuilder make holds.
func newHolds(direct bitmap.Bitmap, names []string, sets []bitmap.Bitmap) (*holds, error) {
	b := holdsBuilder{direct: direct}
	for i, name := range names {
		if err := b.add(name, sets[i]); err != nil {
			return nil, err
		}
	}
	return b.holds()
}

// A holdsBuilder takes what all tells, and nothing else.
func TestHoldsBuilder(t *testing.T) {
	one, two := bitmap.Of(1), bitmap.Of(1, 2)
	sets := func(bs ...bitmap.Bitmap) []bitmap.Bitmap { return bs }
	h, err := newHolds(two, []string{"", "x"}, sets(two, one))
	require.NoError(t, err)
	require.NoError(t, h.check("a", two))
	var names []string
	var back []bitmap.Bitmap
	for source, set := range h.all(two) {
		names, back = append(names, source), append(back, set)
	}
	require.Equal(t, []string{"", "x"}, names)
	require.Equal(t, sets(two, one), back)
	h, err = newHolds(two, []string{"x"}, sets(two))
	require.NoError(t, err)
	require.Equal(t, &holds{sole: "x"}, h)
	for _, c := range []struct {
		names []string
		sets  []bitmap.Bitmap
		text  string
	}{
		{nil, nil, "no source"},
		{[]string{""}, sets(two), "the plain source alone"},
		{[]string{"x"}, sets(one), "direct members whom no source holds"},
		{[]string{"x", "y"}, sets(one, one), "direct members whom no source holds"},
		{[]string{"x", "y"}, sets(two, bitmap.Of(3)), `source "y" holds others than the direct members`},
		{[]string{"x", "y"}, sets(two, bitmap.Bitmap{}), `source "y" holds nobody`},
		{[]string{"y", "x"}, sets(two, one), `source "x" after source "y"`},
		{[]string{"x", "x"}, sets(two, one), `source "x" after source "x"`},
		{[]string{"x", "\xff"}, sets(two, one), "source is not valid UTF-8"},
	} {
		_, err := newHolds(two, c.names, c.sets)
		require.EqualError(t, err, c.text)
	}
}
