package eval_test

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/eval"
	"github.com/tagroar/tagroar/internal/expr"
)

// The ratios that performance.md asks for: run
//
//	go test -run '^$' -bench Order ./internal/eval
//
// and divide. "counts" is the rival's unit, the sum of the cardinalities of the
// result with every term.

// benchOrder is a population: twenty terms, dense to rare, every other one in
// clusters, and results of some sizes.
type benchOrder struct {
	n       int
	terms   []bitmap.Bitmap
	rivals  []*roaring.Bitmap
	results map[string]bitmap.Bitmap
	all     bitmap.Bitmap
}

func (w *benchOrder) Leaf(expr.Op, uint32) bitmap.Bitmap { return w.all }
func (w *benchOrder) Universe() bitmap.Bitmap            { return w.all }
func (w *benchOrder) Name(expr.Op, uint32) string        { return "result" }

// result is a world in which the only leaf is one of the results.
type result struct {
	*benchOrder
	name string
}

func (w result) Leaf(expr.Op, uint32) bitmap.Bitmap { return w.results[w.name] }

var benchOrders = map[int]func() *benchOrder{
	1_000_000:  sync.OnceValue(func() *benchOrder { return newBenchOrder(1_000_000) }),
	10_000_000: sync.OnceValue(func() *benchOrder { return newBenchOrder(10_000_000) }),
}

func newBenchOrder(n int) *benchOrder {
	rng := rand.New(rand.NewPCG(uint64(n), 5))
	w := &benchOrder{n: n, results: map[string]bitmap.Bitmap{}, all: bitmap.FromRange(0, uint64(n))}
	for i := range 20 {
		// 0.2 % to 50 %, in equal steps of the logarithm, and in no order.
		p := math.Exp(math.Log(0.002) + (math.Log(0.5)-math.Log(0.002))*float64(i*7%20)/19)
		var ids []uint32
		if i%2 == 0 {
			ids = scatter(rng, n, p)
		} else {
			ids = cluster(rng, n, p, 20*math.Pow(100, rng.Float64()))
		}
		w.terms = append(w.terms, bitmap.FromSorted(ids))
		rb := roaring.BitmapOf(ids...)
		rb.RunOptimize()
		w.rivals = append(w.rivals, rb)
	}
	w.results["30%"] = bitmap.FromSorted(scatter(rng, n, 0.3))
	w.results["5%"] = bitmap.FromSorted(scatter(rng, n, 0.05))
	w.results["1%"] = bitmap.FromSorted(scatter(rng, n, 0.01))
	w.results["0.3%"] = bitmap.FromSorted(scatter(rng, n, 0.003))
	w.results["5000"] = bitmap.FromSorted(scatter(rng, n, 5000/float64(n)))
	w.results["clustered 30%"] = bitmap.FromSorted(cluster(rng, n, 0.3, 500))
	return w
}

// scatter draws every id with probability p.
func scatter(rng *rand.Rand, n int, p float64) (ids []uint32) {
	for m := int(rng.ExpFloat64() / p); m < n; m += 1 + int(rng.ExpFloat64()/p) {
		ids = append(ids, uint32(m))
	}
	return ids
}

// cluster draws runs of exponential lengths that cover p of all.
func cluster(rng *rand.Rand, n int, p, mean float64) (ids []uint32) {
	gap := mean * (1 - p) / p
	for m := int(rng.ExpFloat64() * gap); m < n; m += 1 + int(rng.ExpFloat64()*gap) {
		for k := int(rng.ExpFloat64()*mean) + 1; k > 0 && m < n; k, m = k-1, m+1 {
			ids = append(ids, uint32(m))
		}
	}
	return ids
}

// order is by score, descending, with weights of so many bits.
func (w *benchOrder) order(width int) *eval.Order {
	rng := rand.New(rand.NewPCG(uint64(width), 6))
	o := &eval.Order{Keys: []eval.Key{{Kind: eval.ByScore, Desc: true}}}
	for _, b := range w.terms {
		o.Terms = append(o.Terms, eval.Term{Weight: 1 + rng.Int64N(1<<width-1), Set: b})
	}
	return o
}

const (
	small   = 3  // bits of weights from 1 to 7
	decimal = 11 // of those with a decimal or two
)

func BenchmarkOrder(b *testing.B) {
	for _, n := range []int{1_000_000, 10_000_000} {
		w := benchOrders[n]()
		for _, name := range []string{"30%", "clustered 30%", "5%", "1%", "0.3%", "5000"} {
			b.Run(fmt.Sprintf("%d/%s", n, name), func(b *testing.B) { w.compare(b, name) })
		}
	}
}

func (w *benchOrder) compare(b *testing.B, name string) {
	rival := roaring.BitmapOf(w.results[name].AppendTo(nil)...)
	rival.RunOptimize()
	b.Run("counts", func(b *testing.B) {
		for b.Loop() {
			for _, t := range w.rivals {
				rival.AndCardinality(t)
			}
		}
	})
	for _, width := range []int{small, decimal} {
		o := w.order(width)
		for _, m := range []struct {
			name   string
			method eval.OrderMethod
		}{{"chosen", eval.AnyMethod}, {"probe", eval.ProbeMethod}, {"add", eval.AddMethod}, {"slice", eval.SliceMethod}} {
			p, err := eval.Compile(&expr.Node{Op: expr.Tag}, result{w, name}, eval.Options{Order: m.method})
			if err != nil {
				b.Fatal(err)
			}
			b.Run(fmt.Sprintf("top100/%d bits/%s", width, m.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := p.Top(context.Background(), o, 100, nil); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkOrderNaive is what someone would write by hand.
func BenchmarkOrderNaive(b *testing.B) {
	w := benchOrders[1_000_000]()
	rival := roaring.BitmapOf(w.results["30%"].AppendTo(nil)...)
	o := w.order(small)
	for b.Loop() {
		var heap []uint64
		least := uint64(0)
		for it := rival.Iterator(); it.HasNext(); {
			m := it.Next()
			sum := uint64(0)
			for i, t := range w.rivals {
				if t.Contains(m) {
					sum += uint64(o.Terms[i].Weight)
				}
			}
			if x := sum<<32 | uint64(^m); x > least {
				if heap = append(heap, x); len(heap) == 10_000 {
					slices.SortFunc(heap, func(a, b uint64) int { return cmp.Compare(b, a) })
					heap = heap[:100]
					least = heap[99]
				}
			}
		}
	}
}

func BenchmarkOrderWhole(b *testing.B) {
	w := benchOrders[10_000_000]()
	for _, width := range []int{small, decimal, 31} {
		o := w.order(width)
		for _, m := range []struct {
			name   string
			method eval.OrderMethod
		}{{"chosen", eval.AnyMethod}, {"radix", eval.RadixMethod}} {
			p, err := eval.Compile(&expr.Node{Op: expr.Tag}, result{w, "30%"}, eval.Options{Order: m.method})
			if err != nil {
				b.Fatal(err)
			}
			b.Run(fmt.Sprintf("%d bits/%s", width, m.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					n := 0
					for _, err := range p.Ordered(context.Background(), o, nil) {
						if err != nil {
							b.Fatal(err)
						}
						n++
					}
				}
			})
		}
		b.Run(fmt.Sprintf("%d bits/SortFunc", width), func(b *testing.B) {
			type pair struct {
				score int64
				id    uint32
			}
			var all []pair
			p, _ := eval.Compile(&expr.Node{Op: expr.Tag}, result{w, "30%"}, eval.Options{})
			byMember := &eval.Order{Terms: o.Terms}
			for x := range p.Ordered(context.Background(), byMember, nil) {
				all = append(all, pair{x.Score, x.Member})
			}
			room := make([]pair, len(all))
			for b.Loop() {
				copy(room, all)
				slices.SortFunc(room, func(a, b pair) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.id, b.id)) })
			}
		})
	}
}

// BenchmarkOrderByColumn is the first 100 by a value of 24 bits that everyone has,
// and all of them.
func BenchmarkOrderByColumn(b *testing.B) {
	w := benchOrders[10_000_000]()
	for _, values := range []struct {
		name string
		of   func(rng *rand.Rand, m int) int64
	}{
		{"random", func(rng *rand.Rand, _ int) int64 { return rng.Int64N(1 << 24) }},
		{"growing", func(rng *rand.Rand, m int) int64 { return int64(m) + rng.Int64N(100_000) }},
	} {
		rng := rand.New(rand.NewPCG(7, 7))
		e := column.Column{}.Edit()
		for from := 0; from < w.n; from += 1 << 16 {
			var ms []uint32
			var vs []int64
			for m := from; m < min(from+1<<16, w.n); m++ {
				ms, vs = append(ms, uint32(m)), append(vs, values.of(rng, m))
			}
			e.SetMany(ms, vs)
		}
		o := &eval.Order{Keys: []eval.Key{{Kind: eval.ByColumn, Desc: true, Column: e.Column()}}}
		for _, name := range []string{"30%", "1%", "5000"} {
			p, err := eval.Compile(&expr.Node{Op: expr.Tag}, result{w, name}, eval.Options{})
			if err != nil {
				b.Fatal(err)
			}
			b.Run(fmt.Sprintf("%s/%s/top100", values.name, name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := p.Top(context.Background(), o, 100, nil); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run(fmt.Sprintf("%s/%s/all", values.name, name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					for _, err := range p.Ordered(context.Background(), o, nil) {
						if err != nil {
							b.Fatal(err)
						}
					}
				}
			})
		}
	}
}
