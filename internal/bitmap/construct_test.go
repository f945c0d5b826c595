package bitmap_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
)

// Sets of many values in all orders and densities are those of the values one by
// one.
func TestSetsOfManyValues(t *testing.T) {
	var f bitmap.Field
	rapid.Check(t, battery.Serial(func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		n := rapid.SampledFrom([]int{1, 100, 4096, 4097, 10_000, 60_000}).Draw(t, "values")
		span := max(1, n*rapid.SampledFrom([]int{1, 3, 60, 70, 1000}).Draw(t, "a value in"))
		from := rapid.SampledFrom([]uint32{0, 1, 65_535, 7 << 16, ^uint32(0) - uint32(span) + 1}).Draw(t, "from")
		vs := make([]uint32, n)
		e := bitmap.NewEditor(bitmap.Bitmap{})
		for i := range vs {
			vs[i] = from + r.Uint32N(uint32(span))
			e.Add(vs[i])
		}
		want := e.Bitmap()
		given := slices.Clone(vs)
		require.True(t, want.Equal(bitmap.FromUnsorted(vs)))
		require.True(t, want.Equal(bitmap.FromSorted(vs)), "not sorted at all")
		for _, most := range []uint32{slices.Max(vs), ^uint32(0)} { // the second time in the same field
			require.True(t, want.Equal(f.Of(vs, most)))
			require.True(t, want.Equal(f.Of(vs, slices.Max(vs))))
		}
		require.Equal(t, given, vs, "left as it was")
		slices.Sort(vs)
		got := bitmap.FromSorted(vs)
		require.NoError(t, got.Check())
		require.True(t, want.Equal(got))
		require.True(t, want.Equal(bitmap.FromUnsorted(vs)))
		if n > 1 {
			vs[n-1], vs[n-2] = vs[n-2], vs[n-1]
			require.True(t, want.Equal(bitmap.FromSorted(vs)), "but for the last")
		}
	}))
}

// Runs of all lengths at all offsets, and with a value twice.
func TestSetsOfSortedRuns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var vs []uint32
		e := bitmap.NewEditor(bitmap.Bitmap{})
		once := rapid.Bool().Draw(t, "any twice")
		at := uint32(rapid.IntRange(0, 200).Draw(t, "from"))
		for range rapid.IntRange(20, 60).Draw(t, "runs") {
			twice := rapid.IntRange(0, 70).Draw(t, "twice")
			for i := range rapid.SampledFrom([]int{1, 2, 63, 64, 65, 128, 700, 4000}).Draw(t, "run") {
				vs = append(vs, at)
				e.Add(at)
				if i == twice && once {
					vs = append(vs, at)
				}
				at++
			}
			at += uint32(rapid.SampledFrom([]int{1, 2, 63, 64, 65, 5000}).Draw(t, "gap"))
		}
		require.True(t, e.Bitmap().Equal(bitmap.FromSorted(vs)))
	})
}
