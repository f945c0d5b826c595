package column_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
)

// drawIntervals are intervals that begin and end at values of the column, next to
// them, or anywhere.
func drawIntervals(r *rand.Rand, n pairs) []column.Interval {
	values := n.vs
	value := func() int64 {
		switch k := r.IntN(6); {
		case k == 0 || len(values) == 0:
			return int64(r.Uint64())
		case k == 1:
			return []int64{math.MinInt64, 0, math.MaxInt64}[r.IntN(3)]
		default:
			return values[r.IntN(len(values))] + int64(r.IntN(3)) - 1
		}
	}
	s := make([]column.Interval, []int{0, 1, 1, 1, 2, 3, 5, 8, 40, 300}[r.IntN(10)])
	for i := range s {
		lo, hi := value(), value()
		if r.IntN(8) > 0 && lo > hi {
			lo, hi = hi, lo
		}
		switch {
		case r.IntN(4) == 0:
			hi = lo
		case len(s) > 3:
			hi = lo + int64(r.IntN(20))
		}
		s[i] = column.Interval{Lo: lo, Hi: hi}
	}
	return s
}

// requirePredicates asks predicates on block num everything, twice and more, so that
// values are scanned first and bit-sliced then, on any machine.
func requirePredicates(t *testing.T, r *rand.Rand, n pairs, c column.Column, num uint16) {
	for i := range 6 {
		if i == 3 {
			c.SliceAll()
		}
		requirePredicate(t, r, n, c.Where(drawIntervals(r, n)...), num)
	}
	require.NoError(t, c.Check())
}

func requirePredicate(t require.TestingT, r *rand.Rand, n pairs, p *column.Predicate, num uint16) {
	in := p.Intervals()
	for i, x := range in {
		require.LessOrEqual(t, x.Lo, x.Hi)
		require.True(t, i == 0 || in[i-1].Hi < x.Lo-1)
	}
	want := blockOf(n.where(in), num)
	var w bitmap.Words
	for i := range w {
		w[i] = r.Uint64()
	}
	got := p.Block(num, &w)
	require.Equal(t, len(want), got.Len())
	if !slices.Equal(want, got.AppendTo(nil)) {
		require.Equal(t, want, got.AppendTo(nil), "%v", in)
	}
	bound := p.Bound(num)
	require.GreaterOrEqual(t, bound, len(want))
	require.LessOrEqual(t, bound, len(blockOf(n.ms, num)))

	in16 := map[uint16]bool{}
	for _, m := range want {
		in16[uint16(m)] = true
	}
	of := []int{1, 10, 1000}[r.IntN(3)]
	for _, keep := range []bool{true, false} {
		var a, kept []uint16
		for low := range 1 << 16 {
			if r.IntN(of) == 0 {
				a = append(a, uint16(low))
				if in16[uint16(low)] == keep {
					kept = append(kept, uint16(low))
				}
			}
		}
		for i, low := range a[:min(40, len(a))] {
			if i%2 == 0 {
				require.Equal(t, in16[low], p.Contains(uint32(num)<<16|uint32(low)))
			}
		}
		if got := p.Filter(num, a, keep); !slices.Equal(kept, got) {
			require.Equal(t, kept, got)
		}
	}
}

func TestNormalize(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 300 {
		s := make([]column.Interval, r.IntN(6))
		for i := range s {
			s[i] = column.Interval{Lo: int64(r.IntN(20)), Hi: int64(r.IntN(20))}
		}
		before := slices.Clone(s)
		got := column.Normalize(s)
		require.Equal(t, before, s)
		for v := range int64(22) {
			require.Equal(t, matches(v, s), matches(v, got))
		}
		for i, x := range got {
			require.True(t, x.Lo <= x.Hi && (i == 0 || got[i-1].Hi+1 < x.Lo))
		}
	}
	all := column.Interval{Lo: math.MinInt64, Hi: math.MaxInt64}
	require.Equal(t, []column.Interval{all}, column.Normalize([]column.Interval{{Lo: 3, Hi: math.MaxInt64}, all, {Lo: math.MaxInt64, Hi: math.MaxInt64}}))
}
