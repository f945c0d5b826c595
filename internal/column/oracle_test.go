package column_test

import (
	"iter"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
)

// naive is the oracle: a map, and every question answered by looking at all of it.
type naive map[uint32]int64

func (n naive) clone() naive { return maps.Clone(n) }

func (n naive) members() []uint32 { return slices.Sorted(maps.Keys(n)) }

// set is Editor.Set.
func (n naive) set(m uint32, v int64) bool {
	old, ok := n[m]
	n[m] = v
	return !ok || old != v
}

// setMany is Editor.SetMany.
func (n naive) setMany(ms []uint32, vs []int64) (changed int) {
	last := make(map[uint32]int64, len(ms))
	for i, m := range ms {
		last[m] = vs[i]
	}
	for m, v := range last {
		if n.set(m, v) {
			changed++
		}
	}
	return changed
}

// unset is Editor.Unset.
func (n naive) unset(m uint32) bool {
	_, ok := n[m]
	delete(n, m)
	return ok
}

// unsetAll is Editor.UnsetAll.
func (n naive) unsetAll(ms iter.Seq[uint32]) (gone int) {
	for m := range ms {
		if n.unset(m) {
			gone++
		}
	}
	return gone
}

// pairs is what a naive column holds, by ascending member: for many questions in a
// row.
type pairs struct {
	ms []uint32
	vs []int64
}

func (n naive) pairs() pairs {
	p := pairs{ms: n.members()}
	for _, m := range p.ms {
		p.vs = append(p.vs, n[m])
	}
	return p
}

// bounds are Column.BlockBounds.
func (p pairs) bounds(num uint16) (least, most int64, ok bool) {
	for i, m := range p.ms {
		if uint16(m>>16) != num {
			continue
		}
		if !ok {
			least, most, ok = p.vs[i], p.vs[i], true
		}
		least, most = min(least, p.vs[i]), max(most, p.vs[i])
	}
	return least, most, ok
}

// matches tells whether v is in one of the intervals.
func matches(v int64, in []column.Interval) bool {
	return slices.ContainsFunc(in, func(x column.Interval) bool { return x.Lo <= v && v <= x.Hi })
}

// where are the members whose value is in one of the intervals, ascending.
func (p pairs) where(in []column.Interval) []uint32 {
	ms := []uint32{}
	for i, m := range p.ms {
		if matches(p.vs[i], in) {
			ms = append(ms, m)
		}
	}
	return ms
}

// column builds what the oracle holds.
func (n naive) column() column.Column {
	var b column.Builder
	p := n.pairs()
	for i, m := range p.ms {
		b.Append(m, p.vs[i])
	}
	return b.Column()
}

// requireColumn checks c's invariants and content, and that it has the form of a
// column just built, as all columns of that content.
func requireColumn(t require.TestingT, want naive, c column.Column) {
	require.NoError(t, c.Check())
	require.Equal(t, len(want), c.Len())
	before := int64(-1)
	for m, v := range c.All() {
		if x, ok := want[m]; !ok || x != v || int64(m) <= before {
			require.Failf(t, "wrong value", "%d has %d, not %d (%t), after %d", m, v, x, ok, before)
		}
		before = int64(m)
	}
	built := want.column()
	require.NoError(t, built.Check())
	require.True(t, c.Equal(built))
	require.Equal(t, built.Stats().Bytes, c.Stats().Bytes)
}

// shapes are ways to choose values, by width and by what happens at the ends.
var shapes = []func(r *rand.Rand) int64{
	func(r *rand.Rand) int64 { return 7 },
	func(r *rand.Rand) int64 { return math.MinInt64 },
	func(r *rand.Rand) int64 { return -3 + r.Int64N(7) },
	func(r *rand.Rand) int64 { return 1000 + r.Int64N(256) },
	func(r *rand.Rand) int64 { return -20_000 + r.Int64N(730) },
	func(r *rand.Rand) int64 { return r.Int64N(1 << 16) },
	func(r *rand.Rand) int64 { return r.Int64N(1<<24) - 1<<23 },
	func(r *rand.Rand) int64 { return int64(math.Exp(r.NormFloat64()*1.5 + 8.5)) },
	func(r *rand.Rand) int64 { return r.Int64N(1 << 32) },
	func(r *rand.Rand) int64 { return r.Int64N(1<<33) - 1<<32 },
	func(r *rand.Rand) int64 { return int64(r.Uint64()) },
	func(r *rand.Rand) int64 { return []int64{math.MinInt64, -1, 0, 1, math.MaxInt64}[r.IntN(5)] },
}

// fillings are ways to choose members of a block, by layout: few, cut with packed
// chunks, dense ones, whole ones and gaps, and empty chunks between.
var fillings = []func(r *rand.Rand, low int) bool{
	func(r *rand.Rand, low int) bool { return r.IntN(4000) == 0 },
	func(r *rand.Rand, low int) bool { return low < 3000 },
	func(r *rand.Rand, low int) bool { return r.IntN(20) == 0 },
	func(r *rand.Rand, low int) bool { return r.IntN(3) == 0 },
	func(r *rand.Rand, low int) bool { return r.IntN(10) > 0 },
	func(r *rand.Rand, low int) bool { return true },
	func(r *rand.Rand, low int) bool { return low>>13 == 2 || low>>13 == 5 && r.IntN(5) > 0 },
	func(r *rand.Rand, low int) bool { return low >= 8192 && low < 8192+8192*2+100 },
	func(r *rand.Rand, low int) bool { return low>>6%3 != 0 },
}

// fill draws a block.
func (n naive) fill(r *rand.Rand, num uint16, filling, shape int) {
	for low := range 1 << 16 {
		if fillings[filling](r, low) {
			n[uint32(num)<<16|uint32(low)] = shapes[shape](r)
		}
	}
}

// draw is a column of a few blocks of all kinds, seeded.
func draw(r *rand.Rand, blocks int) naive {
	n := naive{}
	for range blocks {
		num := []uint16{0, 1, 2, 63, 64, 200, 65535}[r.IntN(7)]
		n.fill(r, num, r.IntN(len(fillings)), r.IntN(len(shapes)))
	}
	return n
}

// blockOf are the members of block num of an ascending list.
func blockOf(ms []uint32, num uint16) []uint32 {
	from, _ := slices.BinarySearch(ms, uint32(num)<<16)
	to, _ := slices.BinarySearch(ms, uint32(num)<<16|0xffff)
	if to < len(ms) && ms[to] == uint32(num)<<16|0xffff {
		to++
	}
	return ms[from:to]
}

func setOf(ms []uint32) bitmap.Bitmap { return bitmap.FromUnsorted(ms) }
