package tagset_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

// TestModelOfSets compares the algebra of sets with that of lists.
func TestModelOfSets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawSet(t, true), drawSet(t, true)
		s, o := setOf(a), setOf(b)
		sameIDs(t, listed(a), s, "set")
		inA, inB := map[uint32]bool{}, map[uint32]bool{}
		for _, m := range a {
			inA[m] = true
		}
		for _, m := range b {
			inB[m] = true
		}
		for name, c := range map[string]struct {
			got  tagset.Set
			len  int
			keep func(a, b bool) bool
		}{
			"and":     {s.And(o), s.AndLen(o), func(a, b bool) bool { return a && b }},
			"or":      {s.Or(o), s.OrLen(o), func(a, b bool) bool { return a || b }},
			"and not": {s.AndNot(o), s.AndNotLen(o), func(a, b bool) bool { return a && !b }},
			"xor":     {s.Xor(o), s.Xor(o).Len(), func(a, b bool) bool { return a != b }},
		} {
			var want []uint32
			for _, m := range union(a, b) {
				if c.keep(inA[m], inB[m]) {
					want = append(want, m)
				}
			}
			sameIDs(t, want, c.got, name)
			require.Equal(t, len(want), c.len, name)
			require.True(t, c.got.Equal(setOf(want)), "%s: not in the form that its content dictates", name)
		}
		require.Equal(t, slices.Equal(a, b), s.Equal(o))
		ordered(t, a, s)
		require.True(t, s.Equal(tagset.Collect(s.All())))
		require.True(t, s.Equal(tagset.SetFromRoaring(s.Roaring())))
	})
}

// ordered asks for positions: rank, select, first and last.
func ordered(t *rapid.T, a []uint32, s tagset.Set) {
	for i := range min(60, len(a)) {
		i = i * len(a) / min(60, len(a))
		m, ok := s.Select(i)
		require.True(t, ok)
		require.EqualValues(t, a[i], m, "select %d", i)
		require.Equal(t, i+1, s.Rank(m), "rank of %d", m)
		require.True(t, s.Contains(m))
	}
	for _, i := range []int{-1, len(a), math.MaxInt} {
		_, ok := s.Select(i)
		require.False(t, ok, "select %d of %d", i, len(a))
	}
	for _, m := range drawMembers(t, true) {
		at, found := slices.BinarySearch(a, m)
		if found {
			at++
		}
		require.Equal(t, at, s.Rank(tagset.Member(m)), "rank of %d", m)
		require.Equal(t, found, s.Contains(tagset.Member(m)))
	}
	first, ok := s.Min()
	last, _ := s.Max()
	require.Equal(t, len(a) > 0, ok)
	if ok {
		require.EqualValues(t, a[0], first)
		require.EqualValues(t, a[len(a)-1], last)
	}
}

func union(a, b []uint32) []uint32 {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

// listed makes an empty list nil, as ids does.
func listed(a []uint32) []uint32 {
	if len(a) == 0 {
		return nil
	}
	return a
}
