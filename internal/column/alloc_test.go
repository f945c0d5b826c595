package column_test

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
)

// TestAllocations: once blocks are sliced, questions of the evaluator allocate
// nothing.
func TestAllocations(t *testing.T) {
	if battery.Raced {
		t.Skip("the race detector allocates too")
	}
	r := rand.New(rand.NewPCG(8, 8))
	n := naive{}
	for i, filling := range []int{0, 2, 3, 4, 5} {
		n.fill(r, uint16(i), filling, 6)
	}
	c := n.column()
	p := c.Where(column.Interval{Lo: 0, Hi: 1 << 20}, column.Interval{Lo: 1 << 21, Hi: 1 << 22})
	sliceAll(c)
	var w bitmap.Words
	a := make([]uint16, 3000)
	dst, has := make([]int64, len(a)), make([]bool, len(a))
	require.Zero(t, testing.AllocsPerRun(3, func() {
		for num := range uint16(6) {
			p.Bound(num)
			p.Block(num, &w)
			for i := range a {
				a[i] = uint16(i * 20)
			}
			c.Gather(num, a, dst, has)
			p.Filter(num, a, true)
			p.Contains(uint32(num)<<16 | 77)
			c.BlockBounds(num)
		}
		p.Estimate()
		c.Bounds()
	}))
}

// TestOneChangeCopiesAChunk: at ten million members one change allocates a chunk, a
// page and little more, however many blocks there are.
func TestOneChangeCopiesAChunk(t *testing.T) {
	if battery.Raced {
		t.Skip("the race detector allocates too")
	}
	var b column.Builder
	r := rand.New(rand.NewPCG(8, 8))
	values := make([]int64, 1<<16)
	for i := range values {
		values[i] = r.Int64N(1 << 24)
	}
	full := bitmap.FromRange(0, 1<<32)
	for num := range 153 {
		b.AppendBlock(full.Block(num), values)
	}
	c := b.Column()
	const rounds = 200
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range rounds {
		e := c.Edit()
		e.Set(uint32(r.IntN(153<<16)), r.Int64N(1<<24))
		c = e.Column()
	}
	runtime.ReadMemStats(&after)
	require.Less(t, (after.TotalAlloc-before.TotalAlloc)/rounds, uint64(31<<10))
}

// TestMemory holds columns to what they may cost, without their members: 3 bytes for
// 24 bits, 2 for days, and what a block's header adds where few members share it.
func TestMemory(t *testing.T) {
	day := func(r *rand.Rand) int64 { return 19_000 + r.Int64N(730) }
	for _, x := range []struct {
		every uint32
		draw  func(r *rand.Rand) int64
		most  float64
	}{
		{1, shapes[6], 3.01},
		{1, day, 2.01},
		{10, day, 2.02},
		{100, day, 2.1},
		{1000, day, 2.7},
		{3000, shapes[6], 5.1},
	} {
		r := rand.New(rand.NewPCG(8, 8))
		var b column.Builder
		const n = 100_000
		for i := range uint32(n) {
			b.Append(i*x.every+uint32(r.IntN(int(x.every))), x.draw(r))
		}
		st := b.Column().Stats()
		require.Zero(t, st.Sliced)
		require.LessOrEqual(t, float64(st.Bytes-st.Members)/n, x.most, "every %d", x.every)
	}
}

// TestStats counts chunks by width and layout.
func TestStats(t *testing.T) {
	var b column.Builder
	for m := range uint32(1 << 16) {
		b.Append(m, []int64{5, 0, 0, 0, int64(m % 300), 0, 1 << 20, math.MinInt64}[m>>13]+int64(m&1)*int64(m>>13))
	}
	for m := range uint32(100) {
		b.Append(3<<16+m*7, 9)
	}
	st := b.Column().Stats()
	require.Equal(t, 2, st.Blocks)
	require.Equal(t, [9]int{2, 6, 1, 0, 0, 0, 0, 0, 0}, st.Chunks)
	require.Equal(t, 8, st.Dense)
	require.Equal(t, b.Column().Stats(), column.Stats{})
	var sum column.Stats
	sum.Add(st)
	sum.Add(st)
	require.Equal(t, 2*st.Bytes, sum.Bytes)
}
