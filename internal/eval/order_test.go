package eval_test

import (
	"context"
	"fmt"
	"slices"
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

var orderMethods = []eval.OrderMethod{
	eval.AnyMethod, eval.ProbeMethod, eval.AddMethod, eval.SliceMethod, eval.CountMethod, eval.RadixMethod,
}

// drawResult draws an expression over the world, and its members.
func drawResult(r *rapid.T, w *orderWorld) (*expr.Node, bitmap.Bitmap) {
	a, b := rapid.IntRange(0, len(w.sets)-1).Draw(r, "a"), rapid.IntRange(0, len(w.sets)-1).Draw(r, "b")
	leaf := &expr.Node{Op: expr.Tag, ID: uint32(a)}
	two := leaves(uint32(a), uint32(b))
	switch rapid.IntRange(0, 5).Draw(r, "expression") {
	case 0:
		return &expr.Node{Op: expr.All}, w.all
	case 1:
		return leaf, w.sets[a]
	case 2:
		return &expr.Node{Op: expr.And, Pos: two[:1], Neg: two[1:]}, w.sets[a].AndNot(w.sets[b])
	case 3:
		return &expr.Node{Op: expr.And, Pos: two}, w.sets[a].And(w.sets[b])
	case 4:
		var some []uint32
		for m := range w.sets[a].All() {
			if w.Predicate(0).Contains(m) {
				some = append(some, m)
			}
		}
		return &expr.Node{Op: expr.And, Pos: []*expr.Node{leaf, {Op: expr.Where}}}, bitmap.FromSorted(some)
	}
	return &expr.Node{Op: expr.Or, Pos: two}, w.sets[a].Or(w.sets[b])
}

// collectOrder also checks that the members alone come in the same order.
func collectOrder(t require.TestingT, p *eval.Program, o *eval.Order, after *eval.Item, enough int) (out []eval.Item) {
	var alone []uint32
	for w := p.Walk(context.Background(), o, after, 0, -1); w.Next(); {
		require.NoError(t, w.Err())
		alone = append(alone, w.Members()...)
	}
	defer func() {
		if enough <= 0 || len(out) < enough {
			require.Equal(t, len(alone), len(out))
		}
		for i, x := range out {
			if alone[i] != x.Member {
				require.Equal(t, alone[i], x.Member, "member %d", i)
			}
		}
	}()
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

func TestOrderAgainstOracle(t *testing.T) { rapid.Check(t, orderIsRight) }

func FuzzOrder(f *testing.F) { f.Fuzz(rapid.MakeFuzz(orderIsRight)) }

// orderIsRight compares all methods with the oracle, from the start, after a member
// and after one that has changed since.
func orderIsRight(r *rapid.T) {
	ctx := context.Background()
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
	workers := rapid.SampledFrom([]int{1, 1, 1, 2, 3, 5}).Draw(r, "workers")
	for _, m := range orderMethods {
		p := compile(r, n, w, shared(eval.Options{Order: m}, workers))
		about := fmt.Sprintf("method %d, %d workers, k %d, after %v, of %d: %s", m, workers, k, after, len(want), p.ExplainOrder(o, k))
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
}

func TestOrderPages(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, func(r *rapid.T) {
		w := orderWorlds()[rapid.IntRange(0, len(orderWorlds())-1).Draw(r, "world")]
		n, members := drawResult(r, w)
		o := drawOrder(r, w)
		want := naiveOrder(members, o)
		p := compile(r, n, w, shared(eval.Options{Order: rapid.SampledFrom(orderMethods).Draw(r, "method")}, rapid.IntRange(1, 4).Draw(r, "workers")))
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

// Blocks by the dozen: thresholds that carry over, bounds that pass blocks over,
// circuits planned again, cursors far down.
func TestOrderOfManyBlocks(t *testing.T) {
	ctx := context.Background()
	size := 500_000
	if battery.Raced {
		size /= 3
	}
	w := newBenchOrder(size)
	for i := range w.terms { // every third one has but a stretch of the members
		if i%3 == 0 {
			w.terms[i] = w.terms[i].And(bitmap.FromRange(uint64(i*size/25), uint64((i+3)*size/25)))
		}
	}
	w.terms[7] = w.all
	orders := []*eval.Order{w.order(small), w.order(decimal), w.order(31)}
	signed := w.order(decimal)
	for i := range signed.Terms {
		signed.Terms[i].Weight *= int64(1 - i%4)
	}
	rising := w.order(small)
	rising.Keys[0].Desc = false
	backwards := w.order(small)
	backwards.Keys = append(backwards.Keys, eval.Key{Kind: eval.ByMember, Desc: true})
	for i, o := range append(orders, signed, rising, backwards) {
		for _, name := range []string{"5%", "clustered 30%"}[:1+i%2] {
			want := naiveOrder(w.results[name], o)
			for k, m := range orderMethods {
				p := compile(t, &expr.Node{Op: expr.Tag}, result{w, name}, shared(eval.Options{Order: m}, 1+(i+k)%4))
				for _, at := range []int{-1, 99, len(want) / 2, len(want) - 50} {
					var after *eval.Item
					if at >= 0 {
						after = &want[at]
					}
					rest := want[at+1:]
					got, err := p.Top(ctx, o, 100, after)
					require.NoError(t, err)
					sameItems(t, rest[:min(100, len(rest))], got, fmt.Sprintf("order %d of %s, method %d, after %d", i, name, m, at))
				}
			}
		}
	}
}

// Values that go with the members: the best blocks are the last ones.
func TestOrderByGrowingColumn(t *testing.T) {
	e := column.Column{}.Edit()
	for i := range 1500 {
		e.Set(uint32(i)<<14, int64(i*i))
	}
	c := e.Column()
	w := &orderWorld{sets: []bitmap.Bitmap{c.Members()}, all: c.Members()}
	p := compile(t, leaves(0)[0], w, eval.Options{})
	for _, desc := range []bool{false, true} {
		o := &eval.Order{Keys: []eval.Key{{Kind: eval.ByColumn, Desc: desc, Column: c}}}
		got, err := p.Top(context.Background(), o, 10, nil)
		require.NoError(t, err)
		sameItems(t, naiveOrder(c.Members(), o)[:10], got, fmt.Sprint(desc))
	}
}

func TestOrderLooksAtTheContext(t *testing.T) {
	w := newMany(5)
	e := column.Column{}.Edit()
	for m := range bitmap.FromRange(0, 40<<16).And(w.sets[0]).All() {
		e.Set(m, int64(m%7))
	}
	terms := []eval.Term{{Weight: 3, Set: w.sets[1]}, {Weight: 70_000, Set: w.sets[0]}}
	for _, o := range []*eval.Order{
		{},
		{Keys: []eval.Key{{Kind: eval.ByMember, Desc: true}}},
		{Keys: []eval.Key{{Kind: eval.ByScore, Desc: true}}, Terms: terms[:1]},
		{Keys: []eval.Key{{Kind: eval.ByScore, Desc: true}}, Terms: terms},
		{Keys: []eval.Key{{Kind: eval.ByColumn, Column: e.Column()}}, Terms: terms},
	} {
		for _, m := range orderMethods {
			p := compile(t, &expr.Node{Op: expr.Or, Pos: leaves(0, 1, 2, 3, 4)}, w, eval.Options{Order: m})
			for _, looks := range []int{0, 1, 5, 100} {
				_, err := p.Top(&patient{context.Background(), looks}, o, 8000, nil)
				require.ErrorIs(t, err, context.Canceled)
				n := 0
				for _, err = range p.Ordered(&patient{context.Background(), looks}, o, nil) {
					n++
				}
				require.ErrorIs(t, err, context.Canceled)
				require.LessOrEqual(t, n, 1+5*16*looks)
				_, err = walked(p.Walk(&patient{context.Background(), looks}, o, nil, 0, -1))
				require.ErrorIs(t, err, context.Canceled)
			}
		}
	}
}

func TestOrderRefusesWhatItCannotDo(t *testing.T) {
	w := orderWorlds()[0]
	p := compile(t, &expr.Node{Op: expr.All}, w, eval.Options{})
	for about, o := range map[string]*eval.Order{
		"eval: order has 5 keys, more than 4":                      {Keys: make([]eval.Key, 5)},
		"eval: key 1 of the order is of unknown kind 3":            {Keys: []eval.Key{{}, {Kind: 3}}},
		"eval: weight 2147483648 of \"高净值\" is not within 32 bits": {Terms: []eval.Term{{Weight: 1 << 31, Name: "高净值"}}},
		"eval: weight -2147483649 of \"流失\" is not within 32 bits": {Terms: []eval.Term{{Weight: -1<<31 - 1, Name: "流失"}}},
		"eval: order has 1048577 terms, more than 1048576":         {Terms: make([]eval.Term, 1<<20+1)},
	} {
		_, err := p.Top(context.Background(), o, 1, nil)
		require.EqualError(t, err, about)
		for _, err = range p.Ordered(context.Background(), o, nil) {
			require.EqualError(t, err, about)
		}
		_, err = walked(p.Walk(context.Background(), o, nil, 0, -1))
		require.EqualError(t, err, about)
	}
}

func TestConcurrentOrders(t *testing.T) {
	w := orderWorlds()[1]
	terms := []eval.Term{}
	for i, s := range w.sets {
		terms = append(terms, eval.Term{Weight: int64(i*37%11) - 3, Set: s})
	}
	terms[4].Where = w.columns[1].Where(column.Interval{Lo: 0, Hi: 900})
	orders := []*eval.Order{
		{Keys: []eval.Key{{Kind: eval.ByScore, Desc: true}}, Terms: terms},
		{Keys: []eval.Key{{Kind: eval.ByScore}, {Kind: eval.ByColumn, Column: w.columns[0]}}, Terms: terms[3:]},
		{Keys: []eval.Key{{Kind: eval.ByColumn, Desc: true, Column: w.columns[1]}}, Terms: terms[:9]},
	}
	for _, m := range orderMethods {
		p := compile(t, &expr.Node{Op: expr.Or, Pos: leaves(3, 4, 5)}, w, eval.Options{Order: m})
		var all sync.WaitGroup
		for g := range 6 {
			o := orders[g%len(orders)]
			want := naiveOrder(w.sets[3].Or(w.sets[4]).Or(w.sets[5]), o)
			all.Go(func() {
				for range 5 {
					got, err := p.Top(context.Background(), o, 20, nil)
					if err != nil || !slices.Equal(got, want[:20]) {
						t.Errorf("method %d: %v, %v", m, got, err)
					}
				}
			})
		}
		all.Wait()
	}
}

func TestExplainOrder(t *testing.T) {
	w := newBenchOrder(300_000)
	spending := eval.Key{Kind: eval.ByColumn, Desc: true, Name: "消费金额"}
	for _, x := range []struct {
		result string
		o      *eval.Order
		k      int
		want   string
	}{
		{"30%", w.order(decimal), 100, "order by weight desc · top 100 · bit-sliced, 3 of 11 bits · 20 terms"},
		{"30%", w.order(2), 100, "order by weight desc · top 100 · bit-sliced, 2 of 2 bits · 20 terms"},
		{"0.3%", w.order(decimal), 10, "order by weight desc · top 10 · member by member · 20 terms"},
		{"30%", w.order(decimal), -1, "order by weight desc · all · counting sort · 20 terms"},
		{"30%", w.order(31), 80_000, "order by weight desc · top 80,000 · radix sort · 20 terms"},
		{"30%", &eval.Order{Keys: []eval.Key{spending, {}}, Terms: w.order(small).Terms[:1]}, 5, "order by 消费金额 desc, weight · top 5 · blocks by their bounds · 1 term"},
		{"30%", &eval.Order{Keys: []eval.Key{{Kind: eval.ByMember, Desc: true}}}, 5, "order by member desc · top 5 · backwards"},
		{"30%", &eval.Order{}, -1, "order by member · all · as they come"},
	} {
		p := compile(t, &expr.Node{Op: expr.Tag}, result{w, x.result}, eval.Options{})
		require.Equal(t, x.want, p.ExplainOrder(x.o, x.k))
	}
}
