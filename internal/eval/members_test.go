package eval_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/eval"
	"github.com/tagroar/tagroar/internal/expr"
)

// walked is what a walk hands out; its error must come with one member, 0, and be the last.
func walked(w eval.Walk) (vs []uint32, err error) {
	for w.Next() {
		if err != nil {
			panic("a batch after the error")
		}
		if err = w.Err(); err != nil {
			if !slices.Equal(w.Members(), []uint32{0}) {
				panic("the error comes with members")
			}
			continue
		}
		vs = append(vs, w.Members()...)
	}
	if w.Next() || len(w.Members()) > 0 && err == nil { // the end stays the end
		panic("members after the end")
	}
	w.Stop()
	return vs, err
}

// TestWalkAgainstOrdered: every order, cursor and window, left early anywhere, gives a part of what Ordered gives.
func TestWalkAgainstOrdered(t *testing.T) {
	worlds, ctx := orderWorlds(), context.Background()
	rapid.Check(t, func(r *rapid.T) {
		w := worlds[rapid.IntRange(0, len(worlds)-1).Draw(r, "world")]
		node, set := drawResult(r, w)
		o := rapid.SampledFrom([]*eval.Order{
			nil,
			{},
			{Keys: []eval.Key{{Kind: eval.ByMember}}},
			{Keys: []eval.Key{{Kind: eval.ByMember, Desc: true}}},
			{Keys: []eval.Key{{Kind: eval.ByScore, Desc: true}}, Terms: []eval.Term{{Weight: 3, Set: w.sets[0]}, {Weight: -2, Set: w.sets[1]}}},
			{Keys: []eval.Key{{Kind: eval.ByColumn, Column: w.columns[0]}, {Kind: eval.ByMember, Desc: true}}},
		}).Draw(r, "order")
		p := compile(r, node, w, eval.Options{})
		whole := o
		if whole == nil {
			whole = &eval.Order{}
		}
		var want []eval.Item
		for x, err := range p.Ordered(ctx, whole, nil) {
			require.NoError(r, err)
			want = append(want, x)
		}
		require.Len(r, want, set.Len())
		var after *eval.Item
		if len(want) > 0 && rapid.Bool().Draw(r, "cursor") {
			at := rapid.IntRange(0, len(want)-1).Draw(r, "after")
			after, want = &want[at], want[at+1:]
		}
		offset := rapid.IntRange(0, len(want)+2).Draw(r, "offset") * rapid.IntRange(0, 1).Draw(r, "some")
		limit := rapid.IntRange(-1, len(want)+2).Draw(r, "limit")
		want = want[min(offset, len(want)):]
		if limit >= 0 {
			want = want[:min(limit, len(want))]
		}
		var ids []uint32
		for _, x := range want {
			ids = append(ids, x.Member)
		}
		got, err := walked(p.Walk(ctx, o, after, offset, limit))
		require.NoError(r, err)
		require.True(r, slices.Equal(ids, got), "%d members, want %d", len(got), len(ids))
		batches := rapid.IntRange(0, 3).Draw(r, "batches")
		early := p.Walk(ctx, o, after, offset, limit)
		for range batches {
			if !early.Next() {
				break
			}
			got, ids = early.Members(), ids[:]
			require.True(r, slices.Equal(ids[:len(got)], got))
			ids = ids[len(got):]
		}
		early.Stop()
		early.Stop()
		require.False(r, early.Next())
	})
}

func TestWalkAtTheEnds(t *testing.T) {
	w, ctx := orderWorlds()[0], context.Background()
	p := compile(t, &expr.Node{Op: expr.All}, w, eval.Options{})
	desc := &eval.Order{Keys: []eval.Key{{Kind: eval.ByMember, Desc: true}}}
	for about, walk := range map[string]eval.Walk{
		"zero":                        {},
		"after the last there can be": p.Walk(ctx, nil, &eval.Item{Member: math.MaxUint32}, 0, -1),
		"before the first":            p.Walk(ctx, desc, &eval.Item{}, 0, -1),
		"limit 0":                     p.Walk(ctx, nil, nil, 0, 0),
		"offset past the end":         p.Walk(ctx, desc, nil, math.MaxInt, -1),
		"offset and limit overflow":   p.Walk(ctx, desc, nil, math.MaxInt, math.MaxInt),
	} {
		got, err := walked(walk)
		require.NoError(t, err, about)
		require.Empty(t, got, about)
	}
	_, err := walked(eval.Broken(context.Canceled))
	require.ErrorIs(t, err, context.Canceled)
	for _, o := range []*eval.Order{nil, desc} {
		_, err = walked(p.Walk(&patient{ctx, 1}, o, nil, 0, -1)) // the walk begins, and then the context ends
		require.ErrorIs(t, err, context.Canceled)
	}
}
