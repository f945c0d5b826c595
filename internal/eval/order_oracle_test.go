package eval_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/eval"
	"github.com/tagroar/tagroar/internal/expr"
	"pgregory.net/rapid"
)

// naiveOrder is the oracle: it scores every member by itself and sorts.
func naiveOrder(members bitmap.Bitmap, o *eval.Order) []eval.Item {
	var out []eval.Item
	for m := range members.All() {
		x := eval.Item{Member: m}
		for _, t := range o.Terms {
			if t.Where != nil && t.Where.Contains(m) || t.Where == nil && t.Set.Contains(m) {
				x.Score += t.Weight
			}
		}
		for i, k := range o.Keys {
			if k.Kind == eval.ByMember {
				break
			}
			if k.Kind != eval.ByColumn {
				continue
			}
			if v, ok := k.Column.Get(m); ok {
				x.Values[i], x.Has = v, x.Has|1<<i
			}
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b eval.Item) int { return naiveCompare(o, a, b) })
	return out
}

// naiveCompare leaves the ascending member to the stable sort, but for cursors.
func naiveCompare(o *eval.Order, a, b eval.Item) int {
	for i, k := range o.Keys {
		x, y := [3]int64{}, [3]int64{}
		switch k.Kind {
		case eval.ByScore:
			x[1], y[1] = a.Score, b.Score
		case eval.ByMember:
			x[1], y[1] = int64(a.Member), int64(b.Member)
		case eval.ByColumn:
			x[0], y[0] = int64(1-a.Has>>i&1), int64(1-b.Has>>i&1)
			x[1], y[1] = a.Values[i], b.Values[i]
		}
		if c := cmp.Compare(x[0], y[0]); c != 0 {
			return c
		}
		if c := cmp.Compare(x[1], y[1]); c != 0 {
			if k.Desc {
				return -c
			}
			return c
		}
		if k.Kind == eval.ByMember {
			return 0
		}
	}
	return cmp.Compare(a.Member, b.Member)
}

// naiveAfter are the items strictly after x.
func naiveAfter(o *eval.Order, all []eval.Item, x eval.Item) []eval.Item {
	return slices.DeleteFunc(slices.Clone(all), func(y eval.Item) bool { return naiveCompare(o, y, x) <= 0 })
}

// orderWorld is sets of some thousand members and columns over them.
type orderWorld struct {
	sets    []bitmap.Bitmap
	columns []column.Column
	all     bitmap.Bitmap
}

func (w *orderWorld) Leaf(_ expr.Op, id uint32) bitmap.Bitmap { return w.sets[int(id)%len(w.sets)] }
func (w *orderWorld) Universe() bitmap.Bitmap                 { return w.all }
func (w *orderWorld) Name(_ expr.Op, id uint32) string        { return fmt.Sprint("s", id) }

// orderWorlds are dense ids, raw ids, and both.
var orderWorlds = sync.OnceValue(func() (out []*orderWorld) {
	for seed, blocks := range [][]uint32{{0}, {0, 1, 2}, {7, 300, 40_000, 65_535}, {0, 1, 2, 5, 9000}} {
		rng := rand.New(rand.NewPCG(uint64(seed), 4))
		var ids []uint32
		for i, num := range blocks {
			switch (i + seed) % 3 {
			case 0:
				at := rng.Uint32N(60_000)
				for v := range uint32(3000) {
					ids = append(ids, num<<16|at+v)
				}
			case 1:
				for range 2000 {
					ids = append(ids, num<<16|rng.Uint32N(1<<16-1))
				}
			default:
				for range 5 {
					ids = append(ids, num<<16|rng.Uint32N(1<<16-1))
				}
			}
		}
		w := &orderWorld{all: bitmap.FromUnsorted(ids)}
		ids = w.all.AppendTo(nil)
		part := func() (some []uint32) {
			switch p := rng.Float64(); rng.IntN(4) {
			case 0: // everyone in some places, and nobody in others
				for i := 0; i < len(ids); i += 1 + rng.IntN(900) {
					for n := rng.IntN(700); n > 0 && i < len(ids); n, i = n-1, i+1 {
						some = append(some, ids[i])
					}
				}
			case 1:
				p /= 50
				fallthrough
			default:
				for _, m := range ids {
					if rng.Float64() < p {
						some = append(some, m)
					}
				}
			}
			return some
		}
		w.sets = append(w.sets, w.all, bitmap.Bitmap{}, bitmap.Of(ids[0], ids[len(ids)-1]))
		for range 13 {
			w.sets = append(w.sets, bitmap.FromSorted(part()))
		}
		for _, span := range []int64{3, 5000, math.MaxInt64} {
			e := column.Column{}.Edit()
			for i, m := range part() {
				v := rng.Int64N(span) - span/3
				if i%2 == 0 {
					v = v/2 + int64(m)%span/2 // values that grow with the members
				}
				e.Set(m, v)
			}
			if span == math.MaxInt64 {
				e.Set(ids[0], math.MinInt64)
				e.Set(ids[1], math.MaxInt64)
			}
			w.columns = append(w.columns, e.Column())
		}
		w.columns = append(w.columns, column.Column{})
		out = append(out, w)
	}
	return out
})

// drawOrder draws keys and terms over the world's sets and columns.
func drawOrder(r *rapid.T, w *orderWorld) *eval.Order {
	o := &eval.Order{}
	for range rapid.IntRange(0, eval.MaxKeys).Draw(r, "keys") {
		k := eval.Key{
			Kind: rapid.SampledFrom([]eval.KeyKind{eval.ByScore, eval.ByScore, eval.ByScore, eval.ByColumn, eval.ByColumn, eval.ByMember}).Draw(r, "kind"),
			Desc: rapid.Bool().Draw(r, "desc"),
		}
		if k.Kind == eval.ByColumn {
			k.Column = rapid.SampledFrom(w.columns).Draw(r, "column")
		}
		o.Keys = append(o.Keys, k)
		if rapid.IntRange(0, 2).Draw(r, "enough") > 0 {
			break
		}
	}
	weight := rapid.SampledFrom([]*rapid.Generator[int64]{
		rapid.Int64Range(0, 5), rapid.Int64Range(-3, 9), rapid.Int64Range(0, 2000), rapid.Int64Range(-2000, 2000),
		rapid.Int64Range(-60_000, 60_000), rapid.Int64Range(math.MinInt32, math.MaxInt32),
		rapid.SampledFrom([]int64{math.MinInt32, math.MaxInt32, -1, 0, 1}), rapid.Int64Range(-7, 0),
	}).Draw(r, "weights")
	for range rapid.SampledFrom([]int{0, 1, 2, 3, 5, 8, 20, 40}).Draw(r, "terms") {
		t := eval.Term{Weight: weight.Draw(r, "weight"), Set: rapid.SampledFrom(w.sets).Draw(r, "set")}
		if rapid.IntRange(0, 9).Draw(r, "where") == 0 {
			lo := rapid.Int64Range(-2000, 3000).Draw(r, "lo")
			t.Where = rapid.SampledFrom(w.columns).Draw(r, "of").Where(column.Interval{Lo: lo, Hi: lo + rapid.Int64Range(-1, 2000).Draw(r, "span")})
		}
		o.Terms = append(o.Terms, t)
	}
	return o
}
