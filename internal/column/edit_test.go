package column_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/column"
)

// published remembers a column and its content, to see that it never changes.
type published struct {
	c    column.Column
	want naive
}

// TestEditorAgainstModel runs random edits, freezing at times; everything ever given
// out stays as it was.
func TestEditorAgainstModel(t *testing.T) {
	blocks, steps := 2, 6
	if battery.Raced {
		blocks, steps = 1, 2
	}
	rapid.Check(t, battery.Serial(func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		n := draw(r, rapid.IntRange(0, blocks).Draw(t, "blocks"))
		kept := []published{{n.column(), n.clone()}}
		e := kept[0].c.Edit()
		for range rapid.IntRange(1, steps).Draw(t, "steps") {
			switch rapid.SampledFrom([]string{"set", "set", "unset", "many", "many", "unsetAll", "freeze", "restart"}).Draw(t, "op") {
			case "set":
				shape := shapes[r.IntN(len(shapes))]
				for range 1 + r.IntN(200) {
					m, v := somewhere(r, n), shape(r)
					require.Equal(t, n.set(m, v), e.Set(m, v))
					got, ok := e.Get(m)
					require.True(t, ok)
					require.Equal(t, v, got)
				}
			case "unset":
				for range 1 + r.IntN(200) {
					m := somewhere(r, n)
					require.Equal(t, n.unset(m), e.Unset(m))
					_, ok := e.Get(m)
					require.False(t, ok)
				}
			case "many":
				ms, vs := someValues(r, n)
				require.Equal(t, n.setMany(ms, vs), e.SetMany(ms, vs))
			case "unsetAll":
				ms, _ := someValues(r, n)
				b := setOf(ms)
				require.Equal(t, n.unsetAll(b.All()), e.UnsetAll(b))
			case "freeze":
				c := e.Column()
				kept = append(kept, published{c, n.clone()})
				requireColumn(t, n, c)
			case "restart":
				p := kept[r.IntN(len(kept))]
				e, n = p.c.Edit(), p.want.clone()
			}
			require.Equal(t, len(n), e.Len())
		}
		kept = append(kept, published{e.Column(), n})
		for _, p := range kept {
			requireColumn(t, p.want, p.c)
		}
	}))
}

// somewhere is a member: of the column, next to one, or in any of a few blocks.
func somewhere(r *rand.Rand, n naive) uint32 {
	if r.IntN(3) > 0 {
		for m := range n {
			return min(m+uint32(r.IntN(2)), 1<<32-2)
		}
	}
	return []uint32{0, 1, 63, 65535}[r.IntN(4)]<<16 | uint32(r.IntN(65535))
}

// someValues are a few or many members in some order, some repeated.
func someValues(r *rand.Rand, n naive) (ms []uint32, vs []int64) {
	shape := shapes[r.IntN(len(shapes))]
	switch r.IntN(4) {
	case 0:
		for range r.IntN(300) {
			ms = append(ms, somewhere(r, n))
		}
	case 1: // ascending
		at := uint32(r.IntN(1 << 18))
		for range r.IntN(20_000) {
			ms = append(ms, at)
			at += uint32(r.IntN(5))
		}
	case 2:
		for range r.IntN(30_000) {
			ms = append(ms, uint32(r.IntN(1<<17)))
		}
	case 3: // those that are there
		for m := range n {
			if len(ms) == 20_000 {
				break
			}
			ms = append(ms, m)
		}
	}
	for _, m := range ms {
		v := shape(r)
		if old, ok := n[m]; ok && r.IntN(3) == 0 {
			v = old
		}
		vs = append(vs, v)
	}
	return ms, vs
}

// TestGrowthAndDecay walks a block through every layout, one member at a time, and
// back.
func TestGrowthAndDecay(t *testing.T) {
	if battery.Raced {
		t.Skip("slow, and of one goroutine")
	}
	r := rand.New(rand.NewPCG(5, 5))
	n := naive{}
	var c column.Column
	e := c.Edit()
	step := func(i int) {
		if i%5000 == 0 || i > 8185 && i < 8200 || i > 24570 && i < 24580 {
			c = e.Column()
			requireColumn(t, n, c)
		}
	}
	order := r.Perm(40_000)
	for i, k := range order {
		m, v := uint32(k), int64(i)
		if i%1000 == 999 {
			v = -int64(i) << 20
		}
		require.True(t, e.Set(m, v))
		n.set(m, v)
		step(i)
	}
	for i, k := range order {
		require.True(t, e.Unset(uint32(k)))
		n.unset(uint32(k))
		step(len(order) - i)
	}
	requireColumn(t, naive{}, e.Column())
}

// TestExtremesInOneChunk moves a chunk's frame to both ends of int64 and back.
func TestExtremesInOneChunk(t *testing.T) {
	if battery.Raced {
		t.Skip("slow, and of one goroutine")
	}
	for _, count := range []uint32{3, 9000, 65536} {
		n := naive{}
		for m := range count {
			n[m] = int64(m % 50)
		}
		c := n.column()
		for _, v := range []int64{math.MaxInt64, math.MinInt64, -1, 49, 0, 50, 255, 256, 65535, 65536, math.MaxUint32, math.MaxUint32 + 1, 1} {
			for _, m := range []uint32{1, 2} {
				e := c.Edit()
				require.Equal(t, n.set(m, v), e.Set(m, v))
				c = e.Column()
				requireColumn(t, n, c)
			}
		}
	}
}
