package tagset_test

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/tagset"
)

// setAndModel draws a set of some shape and the same set as a map.
func setAndModel(t *rapid.T, label string) (tagset.Set, map[tagset.Member]bool) {
	list := []tagset.Member{}
	for range rapid.IntRange(0, 4).Draw(t, label+" parts") {
		from := rapid.SampledFrom([]uint32{0, 1, 65_530, 1 << 20, 1<<32 - 3000}).Draw(t, label+" from")
		step := rapid.SampledFrom([]uint32{1, 2, 37, 70_000}).Draw(t, label+" step")
		n := rapid.SampledFrom([]uint32{0, 1, 5, 2000}).Draw(t, label+" n")
		for i := range n {
			list = append(list, tagset.Member(from+i*step)) // may wrap around
		}
	}
	model := map[tagset.Member]bool{}
	for _, m := range list {
		model[m] = true
	}
	if rapid.Bool().Draw(t, label+" collect") {
		return tagset.Collect(slices.Values(list)), model
	}
	return tagset.SetOf(list...), model
}

func sortedKeys(m map[tagset.Member]bool) []tagset.Member {
	return append([]tagset.Member{}, slices.Sorted(maps.Keys(m))...)
}

func combine(a, b map[tagset.Member]bool, keep func(a, b bool) bool) []tagset.Member {
	out := map[tagset.Member]bool{}
	for _, x := range []map[tagset.Member]bool{a, b} {
		for m := range x {
			if keep(a[m], b[m]) {
				out[m] = true
			}
		}
	}
	return sortedKeys(out)
}

func TestSetAlgebra(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, x := setAndModel(t, "a")
		b, y := setAndModel(t, "b")
		and := combine(x, y, func(p, q bool) bool { return p && q })
		or := combine(x, y, func(p, q bool) bool { return p || q })
		andNot := combine(x, y, func(p, q bool) bool { return p && !q })
		require.Equal(t, and, listOf(a.And(b)))
		require.Equal(t, or, listOf(a.Or(b)))
		require.Equal(t, andNot, listOf(a.AndNot(b)))
		require.Equal(t, combine(x, y, func(p, q bool) bool { return p != q }), listOf(a.Xor(b)))
		require.Equal(t, len(and), a.AndLen(b))
		require.Equal(t, len(or), a.OrLen(b))
		require.Equal(t, len(andNot), a.AndNotLen(b))
		require.Equal(t, maps.Equal(x, y), a.Equal(b))
		require.True(t, a.Or(b).Equal(b.Or(a)))
	})
}

func TestSetQuestions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, model := setAndModel(t, "a")
		want := sortedKeys(model)
		require.Equal(t, want, listOf(a))
		require.Equal(t, len(want), a.Len())
		require.Equal(t, len(want) == 0, a.IsEmpty())
		low, ok := a.Min()
		require.Equal(t, len(want) > 0, ok)
		high, ok := a.Max()
		require.Equal(t, len(want) > 0, ok)
		if ok {
			require.Equal(t, want[0], low)
			require.Equal(t, want[len(want)-1], high)
		}
		for range 5 {
			m := tagset.Member(rapid.Uint32().Draw(t, "m"))
			if len(want) > 0 && rapid.Bool().Draw(t, "near") {
				m = rapid.SampledFrom(want).Draw(t, "at") + tagset.Member(rapid.IntRange(-1, 1).Draw(t, "off"))
			}
			require.Equal(t, model[m], a.Contains(m))
			rank, found := slices.BinarySearch(want, m)
			if found {
				rank++
			}
			require.Equal(t, rank, a.Rank(m))
			i := rapid.IntRange(-1, len(want)).Draw(t, "i")
			got, ok := a.Select(i)
			require.Equal(t, i >= 0 && i < len(want), ok)
			if ok {
				require.Equal(t, want[i], got)
			}
		}
	})
}

func TestSetCodecs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, model := setAndModel(t, "a")
		p, err := a.MarshalBinary()
		require.NoError(t, err)
		var back tagset.Set
		require.NoError(t, back.UnmarshalBinary(p))
		require.True(t, a.Equal(back))

		rb := a.Roaring()
		require.NoError(t, rb.Validate())
		require.EqualValues(t, len(model), rb.GetCardinality())
		require.True(t, tagset.SetFromRoaring(rb).Equal(a))
		var theirs roaring.Bitmap
		_, err = theirs.ReadFrom(bytes.NewReader(p))
		require.NoError(t, err)
		require.True(t, theirs.Equals(rb), "roaring reads what we write")
		q, err := rb.ToBytes()
		require.NoError(t, err)
		require.NoError(t, back.UnmarshalBinary(q), "we read what roaring writes")
		require.True(t, a.Equal(back))

		rb.Add(12345) // shares nothing
		require.Equal(t, model[12345], a.Contains(12345))
	})
}

func TestSetUnmarshalRefuses(t *testing.T) {
	a := tagset.SetOf(1, 2, 3, 100_000)
	p, err := a.MarshalBinary()
	require.NoError(t, err)
	for _, bad := range [][]byte{nil, {}, {1}, p[:len(p)-1], append(slices.Clone(p), 0), make([]byte, 100)} {
		s := tagset.SetOf(7)
		err := s.UnmarshalBinary(bad)
		require.ErrorIs(t, err, tagset.ErrCorrupt)
		var e *tagset.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, ms(7), listOf(s), "unchanged")
	}
}

func TestSetFromRoaringOddities(t *testing.T) {
	require.True(t, tagset.SetFromRoaring(nil).IsEmpty())
	require.True(t, tagset.SetFromRoaring(roaring.New()).IsEmpty())
	var zero tagset.Set
	require.True(t, zero.IsEmpty())
	for range tagset.SetOf(1, 2).All() {
		break
	}
	require.Zero(t, zero.Roaring().GetCardinality())
	rb := roaring.New()
	rb.AddRange(0, 1<<32)
	full := tagset.SetFromRoaring(rb)
	require.Equal(t, int(rb.GetCardinality()), full.Len()) // where int has 64 bits
	require.True(t, full.Roaring().Equals(rb))
	// Containers that shrank below what their form is meant for.
	rb = roaring.New()
	rb.AddRange(0, 5000)
	for i := uint32(0); i < 4990; i += 2 {
		rb.Remove(i)
	}
	require.Equal(t, int(rb.GetCardinality()), tagset.SetFromRoaring(rb).Len())
	require.True(t, tagset.SetOfBlocks(full.Blocks()).Equal(full))
	// Runs that overlap, which FromUnsafeBytes takes without looking.
	bad := []byte{0x3b, 0x30, 0, 0, 1, 0, 0, 4, 0, 2, 0, 5, 0, 3, 0, 6, 0, 0, 0}
	rb = roaring.New()
	_, err := rb.FromUnsafeBytes(bad)
	require.NoError(t, err)
	require.Error(t, rb.Validate())
	require.Equal(t, ms(5, 6, 7, 8), listOf(tagset.SetFromRoaring(rb)))
}
