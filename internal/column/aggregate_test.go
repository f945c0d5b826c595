package column_test

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
)

// drawSets are sets to aggregate over, of every form and relation to the column's
// members.
func drawSets(r *rand.Rand, n pairs) []bitmap.Bitmap {
	var some, few []uint32
	for _, m := range n.ms {
		if r.IntN(3) > 0 {
			some = append(some, m)
		}
		if r.IntN(1000) == 0 {
			few = append(few, m, m+1)
		}
	}
	everyThird := make([]uint32, 0, 1<<17)
	for m := range uint32(3 << 16) {
		if m%3 == 0 {
			everyThird = append(everyThird, m)
		}
	}
	return []bitmap.Bitmap{
		bitmap.FromSorted(n.ms), setOf(some), setOf(few), bitmap.FromSorted(everyThird),
		{}, bitmap.FromRange(0, 1<<32), bitmap.FromRange(1000, 30_000), bitmap.FromRange(70<<16, 71<<16),
	}
}

// over are the pairs whose member is in the set.
func (p pairs) over(set bitmap.Bitmap) (out pairs) {
	for i, m := range p.ms {
		if set.Contains(m) {
			out.ms, out.vs = append(out.ms, m), append(out.vs, p.vs[i])
		}
	}
	return out
}

// ranked is Column.Top of all pairs.
func (p pairs) ranked(largest bool) []column.Entry {
	all := make([]column.Entry, 0, len(p.ms))
	for i, m := range p.ms {
		all = append(all, column.Entry{Member: m, Value: p.vs[i]})
	}
	slices.SortStableFunc(all, func(a, b column.Entry) int {
		if largest {
			return cmp.Compare(b.Value, a.Value)
		}
		return cmp.Compare(a.Value, b.Value)
	})
	return all
}

func requireAggregates(t *testing.T, r *rand.Rand, n pairs, c column.Column, sets int) {
	drawn := drawSets(r, n)
	for _, i := range r.Perm(len(drawn))[:sets] {
		set := drawn[i]
		at := fmt.Sprint("set ", i)
		p := n.over(set)
		sorted := slices.Sorted(slices.Values(p.vs))
		least, ok := c.Min(set)
		require.Equal(t, len(sorted) > 0, ok, at)
		most, ok := c.Max(set)
		require.Equal(t, len(sorted) > 0, ok, at)
		if ok {
			require.Equal(t, []int64{sorted[0], sorted[len(sorted)-1]}, []int64{least, most}, at)
		}
		total := new(big.Int)
		for _, v := range sorted {
			total.Add(total, big.NewInt(v))
		}
		sum, ok := c.Sum(set)
		require.Equal(t, total.IsInt64(), ok, at)
		if ok {
			require.Equal(t, total.Int64(), sum, at)
		}
		for _, q := range []float64{0, 1, .5, .999, r.Float64(), -1, 2} {
			v, ok := c.Quantile(set, q)
			require.Equal(t, len(sorted) > 0, ok)
			if ok {
				rank := int(math.Ceil(min(max(q, 0), 1) * float64(len(sorted))))
				require.Equal(t, sorted[max(rank-1, 0)], v, "%s: %v of %d", at, q, len(sorted))
			}
		}
		for _, largest := range []bool{true, false} {
			all := p.ranked(largest)
			for _, k := range []int{0, 1, 10, 3000} {
				want, got := all[:min(k, len(all))], c.Top(set, k, largest)
				if !slices.Equal(want, got) {
					require.Equal(t, want, got, "%s: %d %t", at, k, largest)
				}
			}
		}
	}
	_, ok := c.Quantile(bitmap.FromSorted(n.ms), math.NaN())
	require.False(t, ok)
}

// TestAggregatesOverBlocks spreads a column over several blocks whose bounds differ,
// bit-sliced and not.
func TestAggregatesOverBlocks(t *testing.T) {
	for seed := range uint64(9) {
		if !everything && seed > 0 {
			break
		}
		r := rand.New(rand.NewPCG(seed, 9))
		n := draw(r, 3)
		c := n.column()
		sets := 8 / battery.SerialOf(3)
		requireAggregates(t, r, n.pairs(), c, sets)
		sliceAll(c)
		require.NoError(t, c.Check())
		requireAggregates(t, r, n.pairs(), c, sets)
	}
}

// sliceAll asks predicates that make every bit-sliced copy that they may make, and
// makes those that they do not on this machine.
func sliceAll(c column.Column) {
	defer c.SliceAll()
	var w bitmap.Words
	for range 2 {
		least, most, _ := c.Bounds()
		for x := range c.Members().Blocks() {
			lo, hi, _ := c.BlockBounds(x.Num())
			c.Where(column.Interval{Lo: min(lo, least) + 1, Hi: max(hi, most)}).Block(x.Num(), &w)
			if lo < hi {
				c.Where(column.Interval{Lo: lo + 1, Hi: hi}).Block(x.Num(), &w)
			}
		}
	}
}

// TestSumPastInt64 sums up to each side of the limit.
func TestSumPastInt64(t *testing.T) {
	for _, x := range []struct {
		vs []int64
		ok bool
	}{
		{[]int64{math.MaxInt64, 1}, false},
		{[]int64{math.MaxInt64, 1, -1}, true},
		{[]int64{math.MinInt64, -1}, false},
		{[]int64{math.MinInt64, math.MinInt64, math.MaxInt64, math.MaxInt64}, true},
	} {
		var b column.Builder
		want := int64(0)
		for i, v := range x.vs {
			b.Append(uint32(i), v)
			want += v
		}
		sum, ok := b.Column().Sum(bitmap.FromRange(0, 10))
		require.Equal(t, x.ok, ok)
		if ok {
			require.Equal(t, want, sum)
		}
	}
}

// TestEstimate wants an estimate within a tenth of the members, exact where bounds
// decide.
func TestEstimate(t *testing.T) {
	for seed := range uint64(12) {
		if battery.Raced && seed > 1 {
			break
		}
		r := rand.New(rand.NewPCG(seed, 5))
		n := naive{}
		n.fill(r, 1, int(seed)%len(fillings), int(seed)%len(shapes))
		n.fill(r, 3, 4, 7)
		c, p := n.column(), n.pairs()
		for range 10 {
			w := c.Where(drawIntervals(r, p)...)
			got, want := w.Estimate(), float64(len(p.where(w.Intervals())))
			require.GreaterOrEqual(t, got, 0.0)
			require.InDelta(t, want, got, 0.15*float64(len(n)), "%v", w.Intervals())
		}
		require.Equal(t, float64(len(n)), c.Where(column.Interval{Lo: math.MinInt64, Hi: math.MaxInt64}).Estimate())
		require.Zero(t, c.Where().Estimate())
	}
	require.Zero(t, column.Column{}.Where(column.Interval{Lo: 1, Hi: 2}).Estimate())
}
