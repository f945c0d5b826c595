package eval_test

import (
	"context"
	"math"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/eval"
	"github.com/tagroar/tagroar/internal/expr"
	"pgregory.net/rapid"
)

// shared is o with every call shared by n workers, block by block.
func shared(o eval.Options, n int) eval.Options {
	o.Workers, o.AlwaysSplit = n, true
	return o
}

// requireSame: the same members in the same blocks, form by form.
func requireSame(t require.TestingT, want, got bitmap.Bitmap, about ...any) {
	require.NoError(t, got.Check(), about...)
	require.Equal(t, want.Len(), got.Len(), about...)
	require.Equal(t, want.NumBlocks(), got.NumBlocks(), about...)
	for i := range want.NumBlocks() {
		x, y := want.Block(i), got.Block(i)
		require.True(t, x.Num() == y.Num() && x.Form() == y.Form() && x.RunCount() == y.RunCount(), about...)
	}
	require.True(t, got.Equal(want), about...)
}

// wide are worlds of six blocks: where workers meet.
var wide = sync.OnceValue(func() (out []*world) {
	for seed := range uint64(4) {
		out = append(out, newWorld(100+seed, 6, 12))
	}
	return out
})

// What several workers find is what one finds, which is held against the oracle
// elsewhere.
func TestSharedIsSerial(t *testing.T) {
	ctx := context.Background()
	var room bitmap.Buffer
	rapid.Check(t, func(r *rapid.T) {
		w := wide()[rapid.IntRange(0, 3).Draw(r, "world")]
		n := drawTree(r, 3, &[]*expr.Node{})
		o := rapid.SampledFrom(variants).Draw(r, "variant")
		width := rapid.IntRange(2, 5).Draw(r, "workers")
		alone, many := compile(r, n, w, o), compile(r, n, w, shared(o, width))
		want, err := alone.Set(ctx)
		require.NoError(r, err)
		got, err := many.Set(ctx)
		require.NoError(r, err)
		requireSame(r, want, got, n, many)
		count, err := many.Count(ctx)
		require.NoError(r, err)
		require.Equal(r, want.Len(), count)
		facets(r, w, many, want)
		offset := rapid.IntRange(0, want.Len()+1).Draw(r, "from")
		limit := rapid.SampledFrom([]int{-1, 0, 1, 900, want.Len() / 2, math.MaxInt}).Draw(r, "of")
		count, err = many.CountWindow(ctx, offset, limit)
		require.NoError(r, err)
		want, err = alone.SetWindow(ctx, nil, offset, limit)
		require.NoError(r, err)
		got, err = many.SetWindow(ctx, nil, offset, limit)
		require.NoError(r, err)
		requireSame(r, want, got)
		require.Equal(r, want.Len(), count)
		for _, p := range []*eval.Program{many, alone, many} {
			got, err = p.SetWindow(ctx, &room, offset, limit)
			require.NoError(r, err)
			require.True(r, got.Equal(want))
			requireSame(r, want, got.Owned())
		}
	})
}

// Counts that are shared allocate nothing either, once there is scratch for all who
// happen to take part.
func TestSharedCountAllocatesNothing(t *testing.T) {
	if battery.Raced {
		t.Skip("pools forget at random")
	}
	w := wide()[0]
	for _, n := range []*expr.Node{
		{Op: expr.And, Pos: leaves(1, 2, 3)}, {Op: expr.Or, Pos: leaves(1, 2)}, {Op: expr.Count, Lo: 2, Hi: 5, Pos: leaves(1, 2, 3, 4, 5)},
	} {
		p := compile(t, n, w, shared(eval.Options{}, 3))
		const calls = 500
		var before, after runtime.MemStats
		for range 2 { // the second time counts
			runtime.ReadMemStats(&before)
			for range calls {
				_, err := p.Count(context.Background())
				require.NoError(t, err)
			}
			runtime.ReadMemStats(&after)
		}
		require.Less(t, after.Mallocs-before.Mallocs, uint64(calls/2), "an allocation a call")
	}
}
