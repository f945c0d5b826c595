package eval_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/eval"
	"github.com/tagroar/tagroar/internal/expr"
	"pgregory.net/rapid"
)

var orderMethods = []eval.OrderMethod{
	eval.AnyMethod, eval.ProbeMethod, eval.AddMethod, eval.SliceMethod, eval.CountMethod, eval.RadixMethod,
}

// drawResult draws an expression over the world, and its members.
func drawResult(r *rapid.T, w *orderWorld) (*expr.Node, bitmap.Bitmap) {
	a, b := rapid.IntRange(0, len(w.sets)-1).Draw(r, "a"), rapid.IntRange(0, len(w.sets)-1).Draw(r, "b")
	leaf := &expr.Node{Op: expr.Tag, ID: uint32(a)}
	two := leaves(uint32(a), uint32(b))
	switch rapid.IntRange(0, 4).Draw(r, "expression") {
	case 0:
		return &expr.Node{Op: expr.All}, w.all
	case 1:
		return leaf, w.sets[a]
	case 2:
		return &expr.Node{Op: expr.And, Pos: two[:1], Neg: two[1:]}, w.sets[a].AndNot(w.sets[b])
	case 3:
		return &expr.Node{Op: expr.And, Pos: two}, w.sets[a].And(w.sets[b])
	}
	return &expr.Node{Op: expr.Or, Pos: two}, w.sets[a].Or(w.sets[b])
}

func collectOrder(t require.TestingT, p *eval.Program, o *eval.Order, after *eval.Item, enough int) (out []eval.Item) {
	for x, err := range p.Ordered(context.Background(), o, after) {
		require.NoError(t, err)
		if out = append(out, x); len(out) == enough {
			break
		}
	}
	return out
}

func sameItems(t require.TestingT, want, got []eval.Item, about string) {
	require.Equal(t, len(want), len(got), about)
	for i := range want {
		if want[i] != got[i] {
			require.Equal(t, want[i], got[i], "item %d, %s", i, about)
		}
	}
}

func TestOrderAgainstOracle(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, func(r *rapid.T) {
		w := orderWorlds()[rapid.IntRange(0, len(orderWorlds())-1).Draw(r, "world")]
		n, members := drawResult(r, w)
		o := drawOrder(r, w)
		want := naiveOrder(members, o)
		k := rapid.SampledFrom([]int{0, 1, 2, 10, 100, 1000, len(want), len(want) + 1}).Draw(r, "k")
		var after *eval.Item
		rest := want
		switch cursor := rapid.IntRange(0, 3).Draw(r, "cursor"); {
		case cursor == 0 && len(want) > 0: // a member
			at := rapid.IntRange(0, len(want)-1).Draw(r, "at")
			after, rest = &want[at], want[at+1:]
		case cursor == 1 && len(want) > 0: // one that has changed since
			x := want[rapid.IntRange(0, len(want)-1).Draw(r, "at")]
			x.Member += uint32(rapid.IntRange(-1, 1).Draw(r, "move"))
			x.Score += rapid.Int64Range(-2, 2).Draw(r, "score")
			x.Values[0] += rapid.Int64Range(-2, 2).Draw(r, "value")
			after, rest = &x, naiveAfter(o, want, x)
		}
		for _, m := range orderMethods {
			p := compile(r, n, w, eval.Options{Order: m})
			about := fmt.Sprintf("method %d, k %d, after %v, of %d: %s", m, k, after, len(want), p.ExplainOrder(o, k))
			got, err := p.Top(ctx, o, k, after)
			require.NoError(r, err)
			sameItems(r, rest[:min(k, len(rest))], got, about)
			enough := 0
			if k > 0 {
				enough = rapid.SampledFrom([]int{0, k}).Draw(r, "enough")
			}
			got = collectOrder(r, p, o, after, enough)
			if enough == 0 {
				enough = len(rest)
			}
			sameItems(r, rest[:min(enough, len(rest))], got, about)
		}
	})
}

func TestOrderPages(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, func(r *rapid.T) {
		w := orderWorlds()[rapid.IntRange(0, len(orderWorlds())-1).Draw(r, "world")]
		n, members := drawResult(r, w)
		o := drawOrder(r, w)
		want := naiveOrder(members, o)
		p := compile(r, n, w, eval.Options{Order: rapid.SampledFrom(orderMethods).Draw(r, "method")})
		size := max(len(want)/rapid.IntRange(1, 9).Draw(r, "pages"), 1)
		var got []eval.Item
		var after *eval.Item
		for {
			page, err := p.Top(ctx, o, size, after)
			require.NoError(r, err)
			if got = append(got, page...); len(page) < size {
				break
			}
			after = &page[len(page)-1]
		}
		sameItems(r, want, got, "pages")
	})
}
