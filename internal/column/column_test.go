package column_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
)

// TestEveryLayout builds a block of each filling and each shape of values and asks
// it everything.
func TestEveryLayout(t *testing.T) {
	of := 6
	switch {
	case everything:
		of = 1
	case battery.Raced:
		of = 24
	}
	for filling := range fillings {
		for shape := range shapes {
			if (filling+shape)%of != 0 {
				continue
			}
			t.Run(fmt.Sprint(filling, shape), func(t *testing.T) {
				r := rand.New(rand.NewPCG(uint64(filling), uint64(shape)))
				n := naive{}
				num := []uint16{0, 70, 65535}[r.IntN(3)]
				n.fill(r, num, filling, shape)
				delete(n, 1<<32-1) // members end at 2^32−2
				c := n.column()
				requireColumn(t, n, c)
				requireAnswers(t, r, n, c, num)
				requirePredicates(t, r, n.pairs(), c, num)
				requireAggregates(t, r, n.pairs(), c, 2)
			})
		}
	}
}

// requireAnswers compares what a column says of a block with the oracle.
func requireAnswers(t *testing.T, r *rand.Rand, n naive, c column.Column, num uint16) {
	p := n.pairs()
	for _, k := range []uint16{num, num + 1} {
		wantLeast, wantMost, wantOK := p.bounds(k)
		least, most, ok := c.BlockBounds(k)
		require.Equal(t, []any{wantLeast, wantMost, wantOK}, []any{least, most, ok})
		for _, of := range []int{1, 7, 300, 60000} {
			var a []uint16
			for low := range 1 << 16 {
				if r.IntN(of) == 0 {
					a = append(a, uint16(low))
				}
			}
			dst, has := make([]int64, len(a)), make([]bool, len(a))
			c.Gather(k, a, dst, has)
			for i, low := range a {
				m := uint32(k)<<16 | uint32(low)
				want, ok := n[m]
				if dst[i] != want || has[i] != ok {
					t.Fatalf("gathered %d (%t) of %d, not %d (%t)", dst[i], has[i], m, want, ok)
				}
				if i%16 == 0 {
					got, is := c.Get(m)
					require.Equal(t, ok, is)
					require.Equal(t, want, got)
				}
			}
		}
	}
}

func TestEmptyColumn(t *testing.T) {
	var c column.Column
	requireColumn(t, naive{}, c)
	_, _, ok := c.Bounds()
	require.False(t, ok)
	_, ok = c.Get(5)
	require.False(t, ok)
	requirePredicates(t, rand.New(rand.NewPCG(1, 1)), pairs{}, c, 3)
	c = c.Edit().Column()
	requireColumn(t, naive{}, c)
	e := c.Edit()
	require.True(t, e.Set(1<<32-2, -1))
	require.True(t, e.Unset(1<<32-2))
	requireColumn(t, naive{}, e.Column())
}

// TestMixedChunks has chunks of all widths, equal values among them, in one block
// that is bit-sliced.
func TestMixedChunks(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	n := naive{}
	for low := range uint32(1 << 16) {
		v := []int64{5, -3, int64(low % 200), int64(low), 1 << 20, 0, -int64(low) << 4, 7}[low>>13]
		if low>>13 != 5 && (low>>13 != 7 || low%3 == 0) {
			n[1<<16|low] = v
		}
	}
	c := n.column()
	requireColumn(t, n, c)
	requirePredicates(t, r, n.pairs(), c, 1)
	require.NotZero(t, c.Stats().Sliced)
	requireAggregates(t, r, n.pairs(), c, 8)
}

// TestBlocksRebuild takes a column apart and puts it together again, as a snapshot
// does.
func TestBlocksRebuild(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 5 {
		n := draw(r, 3)
		c := n.column()
		d := again(c)
		requireColumn(t, n, d)
		require.True(t, d.Equal(c))
		p := d.Where(column.Interval{Lo: 1, Hi: 2})
		require.True(t, p.Column().Equal(c))
		require.True(t, p.Candidates().Equal(c.Members()))
		for in, vs := range c.Blocks() {
			require.Equal(t, in.Len(), len(vs))
			break
		}
		for m, v := range c.All() {
			require.Equal(t, n[m], v)
			break
		}
	}
	var b column.Builder
	b.AppendBlock(bitmap.Block{}, nil)
	require.True(t, b.Column().Equal(column.Column{}))
}
