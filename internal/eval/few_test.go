package eval_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/eval"
	"github.com/tagroar/tagroar/internal/expr"
)

// drawFew draws a set of few members in each of some blocks, and of more in some that
// all sets have them in. If it is thin, there are few on the whole all the same.
func drawFew(rng *rand.Rand, nums []uint32, thin bool) bitmap.Bitmap {
	var ids []uint32
	some := func(base uint32, n, limit int) {
		for range n {
			ids = append(ids, base|uint32(rng.IntN(limit)))
		}
	}
	for _, num := range nums {
		base := num << 16
		switch k := rng.IntN(16); {
		case num%29 == 7 && k < 6:
			some(base, 70+rng.IntN(800), 1<<16)
		case num%29 == 7 && k < 12, !thin && k == 13:
			for v := range uint32(20 + rng.IntN(2000)) {
				ids = append(ids, base|v)
			}
		case k < 5:
		case k < 12: // in a narrow range, so that sets meet
			some(base, 1+rng.IntN(9), 24)
		case thin || k == 12: // about the longest that is few
			some(base, 60+rng.IntN(10), 3000)
		case k == 14:
			some(base, 900, 1<<16)
		default:
			some(base, 20_000, 1<<16)
		}
	}
	return bitmap.FromUnsorted(ids)
}

// drawFewRuns draws a set of few runs in each of some blocks, which begin, end and
// touch at the same places often, also the block's ends; and in some blocks of another
// form, or of about as many runs as are few.
func drawFewRuns(rng *rand.Rand, nums []uint32) bitmap.Bitmap {
	place := func() int { return [...]int{0, 4000, 4001, 65_534, 65_535, rng.IntN(1 << 16)}[rng.IntN(6)] }
	var ids []uint32
	for _, num := range nums {
		base := num << 16
		put := func(x, y int) {
			for v := min(x, y); v <= max(x, y); v++ {
				ids = append(ids, base|uint32(v))
			}
		}
		switch k := rng.IntN(23); {
		case k < 4:
		case k < 9:
			put(place(), place())
		case k < 17:
			for range 1 + rng.IntN(6) {
				x := place()
				put(x, min(x+rng.IntN(300), 65_535))
			}
		case k < 19:
			every := 8 + rng.IntN(3)
			for i := range 28 + rng.IntN(8) {
				put(i*every, i*every+every/2)
			}
		case k == 19:
			put(0, 65_535)
		case k == 20:
			for range 20_000 {
				ids = append(ids, base|uint32(rng.IntN(1<<16)))
			}
		default:
			for range 1 + rng.IntN(80) {
				ids = append(ids, base|uint32(rng.IntN(1<<16)))
			}
		}
	}
	return bitmap.FromUnsorted(ids)
}

// drawFewTree draws an expression of leaves and operators that can be asked by words.
func drawFewTree(rng *rand.Rand, depth int) *expr.Node {
	if depth == 0 || rng.IntN(2) == 0 {
		if rng.IntN(20) == 0 {
			return &expr.Node{Op: expr.All}
		}
		return &expr.Node{Op: expr.Tag, ID: uint32(rng.IntN(7))}
	}
	n := &expr.Node{Op: []expr.Op{expr.And, expr.And, expr.Or, expr.Xor}[rng.IntN(4)]}
	for range 1 + rng.IntN(4) {
		n.Pos = append(n.Pos, drawFewTree(rng, depth-1))
	}
	if n.Op == expr.And {
		for range rng.IntN(3) {
			n.Neg = append(n.Neg, drawFewTree(rng, depth-1))
		}
	}
	return n
}

// drawNums draws the numbers of so many blocks: one after the other, or with gaps that
// leave pages out.
func drawNums(rng *rand.Rand, blocks int) (nums []uint32) {
	gap, num := []int{1, 3, 200}[rng.IntN(3)], uint32(0)
	for range blocks {
		nums = append(nums, num)
		num += 1 + uint32(rng.IntN(gap))
	}
	return nums
}

// TestFewMembersABlock: counts by words of answers are those of the materialised set,
// which is not made by them, and of the algebra of bitmaps.
func TestFewMembersABlock(t *testing.T) {
	fewAgainstAlgebra(t, 160, func(rng *rand.Rand, nums []uint32) bitmap.Bitmap {
		return drawFew(rng, nums, rng.IntN(4) > 0)
	})
}

// TestFewRunsABlock: so are counts by pieces of runs.
func TestFewRunsABlock(t *testing.T) { fewAgainstAlgebra(t, 60, drawFewRuns) }

func fewAgainstAlgebra(t *testing.T, most int, draw func(rng *rand.Rand, nums []uint32) bitmap.Bitmap) {
	ctx := context.Background()
	rng := rand.New(rand.NewPCG(64, 6))
	for range 12 {
		blocks := 1 + rng.IntN([]int{60, most}[rng.IntN(2)])
		nums := drawNums(rng, blocks)
		w := &world{}
		for range 7 {
			w.sets = append(w.sets, draw(rng, nums))
			w.all = w.all.Or(w.sets[len(w.sets)-1])
		}
		w.all = w.all.Or(bitmap.FromRange(0, uint64(rng.IntN(blocks))<<16))
		for range 150 {
			tree := drawFewTree(rng, 3)
			want := fewOracle(w, tree)
			for _, o := range []eval.Options{{}, {NoPair: true}, {NoPair: true, NoRewrite: true}, {NoSparse: true}, {NoPair: true, Workers: 3, AlwaysSplit: true}} {
				p, err := eval.Compile(tree, w, o)
				require.NoError(t, err)
				n, err := p.Count(ctx)
				require.NoError(t, err)
				require.Equal(t, want.Len(), n)
				n, err = p.Count(ctx) // with the scratch of the one before
				require.NoError(t, err)
				require.Equal(t, want.Len(), n)
				offset, limit := rng.IntN(40), rng.IntN(40)
				n, err = p.CountWindow(ctx, offset, limit)
				require.NoError(t, err)
				require.Equal(t, min(max(want.Len()-offset, 0), limit), n)
			}
		}
	}
}

func fewOracle(w *world, n *expr.Node) bitmap.Bitmap {
	switch n.Op {
	case expr.All:
		return w.all
	case expr.Tag:
		return w.sets[n.ID]
	}
	out := bitmap.Bitmap{}
	if n.Op == expr.And {
		out = w.all
	}
	for _, k := range n.Pos {
		switch x := fewOracle(w, k); n.Op {
		case expr.And:
			out = out.And(x)
		case expr.Or:
			out = out.Or(x)
		default:
			out = out.Xor(x)
		}
	}
	for _, k := range n.Neg {
		out = out.AndNot(fewOracle(w, k))
	}
	return out
}

// TestFewRunsAllocateNothing: pieces are on the stack.
func TestFewRunsAllocateNothing(t *testing.T) {
	if battery.Raced {
		t.Skip("the pool forgets")
	}
	w := &world{}
	for i := range uint32(5) {
		var ids []uint32
		for num := range uint32(10) {
			for v := range uint32(5000) {
				ids = append(ids, num<<16|(i*2000+v))
			}
		}
		w.sets = append(w.sets, bitmap.FromSorted(ids))
		w.all = w.all.Or(w.sets[i])
	}
	q3 := &expr.Node{Op: expr.And, Pos: append(leaves(0), &expr.Node{Op: expr.Or, Pos: leaves(1, 2, 3)}), Neg: leaves(4)}
	for want, n := range map[int]*expr.Node{30_000: q3, 130_000: {Op: expr.Or, Pos: leaves(0, 1, 2, 3, 4)}} {
		p, err := eval.Compile(n, w, eval.Options{})
		require.NoError(t, err)
		ctx := context.Background()
		require.Less(t, testing.AllocsPerRun(100, func() {
			got, err := p.Count(ctx)
			if err != nil || got != want {
				t.Errorf("%d, %v; not %d", got, err, want)
			}
		}), 1.0)
	}
}

// TestFewEndsWithItsContext: a count by words asks as often as any other.
func TestFewEndsWithItsContext(t *testing.T) {
	var ids []uint32
	for num := range uint32(3000) {
		ids = append(ids, num<<16, num<<16|num)
	}
	w := &world{}
	w.sets = []bitmap.Bitmap{bitmap.FromUnsorted(ids), bitmap.FromUnsorted(ids), bitmap.FromUnsorted(ids)}
	w.all = w.sets[0]
	for _, op := range []expr.Op{expr.And, expr.Or} {
		n := &expr.Node{Op: op, Pos: leaves(0, 1, 2)}
		p, err := eval.Compile(n, w, eval.Options{})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(context.Background())
		late := &lateContext{Context: ctx, cancel: cancel, after: 3}
		_, err = p.Count(late)
		require.ErrorIs(t, err, context.Canceled)
		require.Greater(t, late.asked, 3)
	}
}

// lateContext ends when it has been asked a few times.
type lateContext struct {
	context.Context
	cancel       func()
	after, asked int
}

func (c *lateContext) Err() error {
	if c.asked++; c.asked > c.after {
		c.cancel()
	}
	return c.Context.Err()
}

// TestOperatorsWithoutOperands: the empty intersection is everyone, and no other operator
// without operands has anybody, by itself and within another.
func TestOperatorsWithoutOperands(t *testing.T) {
	w := &world{all: bitmap.Of(1, 2, 3<<16)}
	w.sets = []bitmap.Bitmap{bitmap.Of(1), bitmap.Of(2, 3<<16)}
	for op, want := range map[expr.Op]int{expr.And: 3, expr.Or: 0, expr.Xor: 0} {
		for _, o := range variants {
			o.NoRewrite = true
			p, err := eval.Compile(&expr.Node{Op: op}, w, o)
			require.NoError(t, err)
			n, err := p.Count(context.Background())
			require.NoError(t, err)
			require.Equal(t, want, n)
			p, err = eval.Compile(&expr.Node{Op: expr.And, Pos: append(leaves(1), &expr.Node{Op: op})}, w, o)
			require.NoError(t, err)
			n, err = p.Count(context.Background())
			require.NoError(t, err)
			require.Equal(t, min(want, 2), n)
		}
	}
}
