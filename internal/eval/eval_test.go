package eval_test

import (
	"context"
	"fmt"
	"math"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/eval"
	"github.com/tagroar/tagroar/internal/expr"
	"pgregory.net/rapid"
)

// every path that can be forced must give the same.
var variants = []eval.Options{
	{},
	{NoRewrite: true},
	{NoPair: true},
	{NoSparse: true},
	{NoMerge: true},
	{NoFill: true},
	{NoFlat: true},
	{NoReach: true},
	{NoReach: true, NoSegment: true},
	{AllProbe: true},
	{NoRewrite: true, NoShare: true},
	{NoRewrite: true, NoPair: true, NoSparse: true, NoMerge: true},
	{NoRewrite: true, NoShare: true, AllProbe: true, NoPair: true},
	{Workers: 2, AlwaysSplit: true},
	{NoPair: true, Workers: 3, AlwaysSplit: true},
}

func compile(t require.TestingT, n *expr.Node, w eval.Source, o eval.Options) *eval.Program {
	p, err := eval.Compile(n, w, o)
	require.NoError(t, err)
	return p
}

// worlds are built once: drawing one costs more than evaluating over it.
var worlds = sync.OnceValue(func() (out []*world) {
	for seed := range uint64(12) {
		out = append(out, newWorld(seed, 1+int(seed)%3, 12))
	}
	return out
})

func TestAgainstOracle(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, battery.Serial(battery.Half(func(r *rapid.T) {
		w := worlds()[rapid.IntRange(0, 11).Draw(r, "world")]
		n := drawTree(r, 3, &[]*expr.Node{})
		want := w.members(n).bitmap()
		for _, o := range variants {
			p := compile(r, n, w, o)
			about := fmt.Sprintf("%+v\n%s\n%s", o, n, p)
			got, err := p.Set(ctx)
			require.NoError(r, err)
			require.NoError(r, got.Check(), about)
			if !got.Equal(want) {
				require.Equal(r, want.Len(), got.Len(), about)
				require.Fail(r, "other members", about)
			}
			count, err := p.Count(ctx)
			require.NoError(r, err)
			require.Equal(r, want.Len(), count, about)
			trace, err := p.Analyze(ctx)
			require.NoError(r, err)
			require.Equal(r, want.Len(), trace.Members, about)
		}
		p := compile(r, n, w, variants[rapid.IntRange(0, len(variants)-1).Draw(r, "variant")])
		windows(r, p, want)
		for range 20 {
			v := rapid.SampledFrom([]uint32{0, 1, 63, 64, 65535, 65536, 70<<16 + 5, 1<<32 - 1, 1<<32 - 2}).Draw(r, "v") +
				uint32(rapid.IntRange(0, 3000).Draw(r, "plus"))
			require.Equal(r, want.Contains(v), p.Contains(v), v)
		}
		facets(r, w, p, want)
	})))
}

// windows compares offsets and limits with slices of all members.
func windows(r *rapid.T, p *eval.Program, want bitmap.Bitmap) {
	ctx := context.Background()
	all := want.AppendTo(nil)
	offset := rapid.IntRange(0, len(all)+2).Draw(r, "offset")
	limit := rapid.SampledFrom([]int{-1, 0, 1, 100, 5000, 70_000, math.MaxInt}).Draw(r, "limit")
	slice := all[min(offset, len(all)):]
	if limit >= 0 {
		slice = slice[:min(limit, len(slice))]
	}
	var got []uint32
	for b, err := range p.Window(ctx, offset, limit) {
		require.NoError(r, err)
		require.NotZero(r, b.Len())
		got = b.AppendTo(got)
	}
	require.True(r, len(got) == len(slice) && (len(got) == 0 || fmt.Sprint(got) == fmt.Sprint(slice)))
	count, err := p.CountWindow(ctx, offset, limit)
	require.NoError(r, err)
	require.Equal(r, len(slice), count)
	set, err := p.SetWindow(ctx, nil, offset, limit)
	require.NoError(r, err)
	require.True(r, set.Equal(bitmap.FromSorted(slice)))
	require.NoError(r, set.Check())
}

func facets(r *rapid.T, w *world, p *eval.Program, want bitmap.Bitmap) {
	got, err := p.Facets(context.Background(), 0, -1, w.sets)
	require.NoError(r, err)
	for i, s := range w.sets {
		require.Equal(r, want.AndLen(s), got[i])
	}
}

func TestConcurrentRuns(t *testing.T) {
	w := worlds()[2]
	tag := func(id uint32) *expr.Node { return &expr.Node{Op: expr.Tag, ID: id} }
	or := &expr.Node{Op: expr.Or, Pos: []*expr.Node{tag(1), tag(2), tag(3)}}
	n := &expr.Node{Op: expr.Or, Pos: []*expr.Node{
		{Op: expr.And, Pos: []*expr.Node{or, tag(4)}}, {Op: expr.And, Pos: []*expr.Node{or, tag(5)}, Neg: []*expr.Node{tag(6)}},
		{Op: expr.Count, Lo: 2, Hi: 4, Pos: []*expr.Node{or, tag(7), tag(8), tag(9)}},
	}}
	want := w.members(n).bitmap()
	p := compile(t, n, w, eval.Options{})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				count, err := p.Count(context.Background())
				if err != nil || count != want.Len() {
					t.Errorf("count %d, %v", count, err)
				}
				set, err := p.Set(context.Background())
				if err != nil || !set.Equal(want) {
					t.Errorf("set %v", err)
				}
			}
		})
	}
	all.Wait()
}

// many is a source whose sets have one member in each of two thousand blocks.
type many struct{ sets []bitmap.Bitmap }

func newMany(sets int) *many {
	m := &many{}
	for s := range uint32(sets) {
		var ids []uint32
		for b := range uint32(2000) {
			ids = append(ids, b<<16|s%7)
		}
		m.sets = append(m.sets, bitmap.FromSorted(ids))
	}
	return m
}

func (m *many) Leaf(_ expr.Op, id uint32) bitmap.Bitmap { return m.sets[id] }
func (m *many) Predicate(uint32) *column.Predicate      { return nil }
func (m *many) Universe() bitmap.Bitmap                 { return bitmap.FromRange(0, 2000<<16) }
func (m *many) Name(_ expr.Op, id uint32) string        { return fmt.Sprint("m", id) }

func leaves(ids ...uint32) (out []*expr.Node) {
	for _, id := range ids {
		out = append(out, &expr.Node{Op: expr.Tag, ID: id})
	}
	return out
}

// patient is a context that is cancelled after it has been looked at n times.
type patient struct {
	context.Context
	left int
}

func (p *patient) Err() error {
	if p.left--; p.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestContextIsLookedAt(t *testing.T) {
	w := newMany(3)
	for _, n := range []*expr.Node{
		{Op: expr.And, Pos: leaves(0, 1)},
		{Op: expr.Or, Pos: leaves(0, 1, 2)},
	} {
		p := compile(t, n, w, eval.Options{})
		for _, looks := range []int{0, 1, 5} {
			ctx := func() context.Context { return &patient{context.Background(), looks} }
			_, err := p.Count(ctx())
			require.ErrorIs(t, err, context.Canceled)
			_, err = p.Set(ctx())
			require.ErrorIs(t, err, context.Canceled)
			_, err = p.Facets(ctx(), 0, -1, w.sets)
			require.ErrorIs(t, err, context.Canceled)
			_, err = p.CountWindow(ctx(), 900, 1)
			require.ErrorIs(t, err, context.Canceled)
			_, err = p.SetWindow(ctx(), nil, 900, 1)
			require.ErrorIs(t, err, context.Canceled)
			_, err = p.Analyze(ctx())
			require.ErrorIs(t, err, context.Canceled)
			blocks := 0
			for _, e := range p.Blocks(ctx()) {
				if err = e; e == nil {
					blocks++
				}
			}
			require.ErrorIs(t, err, context.Canceled)
			require.LessOrEqual(t, blocks, 16*looks)
		}
	}
}

func TestCountDoesNotAllocate(t *testing.T) {
	if battery.Raced {
		t.Skip("the race detector makes pools forget")
	}
	w := worlds()[11]
	for _, n := range []*expr.Node{
		{Op: expr.Tag, ID: 3},
		{Op: expr.And, Pos: leaves(0, 1)},
		{Op: expr.And, Pos: leaves(0, 1, 2), Neg: leaves(3)},
		{Op: expr.Or, Pos: leaves(0, 1, 2, 3, 4, 5, 6, 7)},
		{Op: expr.Xor, Pos: leaves(0, 1, 2, 3, 4, 5)},
		{Op: expr.Count, Lo: 3, Hi: 12, Pos: leaves(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)},
		{Op: expr.Count, Lo: 3, Hi: 6, Pos: leaves(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)},
		{Op: expr.And, Pos: []*expr.Node{{Op: expr.Or, Pos: leaves(0, 1, 2)}, {Op: expr.Or, Pos: leaves(3, 4, 5)}},
			Neg: []*expr.Node{{Op: expr.Xor, Pos: leaves(6, 7, 8)}}},
	} {
		for _, o := range variants {
			if o.Workers > 1 {
				continue // TestSharedCountAllocatesNothing: how many goroutines take part is chance
			}
			p := compile(t, n, w, o)
			ctx := context.Background()
			allocs := testing.AllocsPerRun(20, func() {
				if _, err := p.Count(ctx); err != nil {
					t.Error(err)
				}
			})
			require.Zero(t, allocs, "%+v\n%s", o, p)
		}
	}
}

func TestStoredBlocksAreShared(t *testing.T) {
	w := newMany(2)
	// m0 in the first hundred blocks only; the rest passes through.
	part := bitmap.FromRange(0, 100<<16).And(w.sets[0])
	w.sets = append(w.sets, part)
	p := compile(t, &expr.Node{Op: expr.Or, Pos: leaves(1, 2)}, w, eval.Options{})
	set, err := p.Set(context.Background())
	require.NoError(t, err)
	require.Same(t, &w.sets[1].Find(500).Array()[0], &set.Find(500).Array()[0])
}

func TestStopEarly(t *testing.T) {
	w := newMany(3)
	p := compile(t, &expr.Node{Op: expr.Or, Pos: leaves(0, 1, 2)}, w, eval.Options{})
	ctx := &patient{context.Background(), 1} // a second look would fail
	blocks := 0
	for _, err := range p.Window(ctx, 6, 6) {
		require.NoError(t, err)
		blocks++
	}
	require.Equal(t, 2, blocks)
	for range p.Blocks(context.Background()) {
		break
	}
}
