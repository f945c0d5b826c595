package column_test

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	roaring "github.com/RoaringBitmap/roaring/v2/BitSliceIndexing"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
)

const tenMillion = 10_000_000

// distributions of the benchmarks' values, all of 24 bits.
var distributions = []struct {
	name string
	draw func(r *rand.Rand) int64
}{
	{"uniform", func(r *rand.Rand) int64 { return r.Int64N(1 << 24) }},
	{"lognormal", func(r *rand.Rand) int64 { return min(int64(math.Exp(r.NormFloat64()*1.5+8.5)), 1<<24-1) }},
}

// subject is a column of ten million members with a value each, its values as the
// rival has them, and a range that a tenth of them is in.
type subject struct {
	c      column.Column
	values []int32
	in     column.Interval
}

func newSubject(draw func(r *rand.Rand) int64) subject {
	r := rand.New(rand.NewPCG(1, 1))
	s := subject{values: make([]int32, tenMillion)}
	var c column.Builder
	for m := range s.values {
		v := draw(r)
		s.values[m] = int32(v)
		c.Append(uint32(m), v)
	}
	s.c = c.Column()
	sorted := slices.Sorted(slices.Values(s.values))
	s.in = column.Interval{Lo: int64(sorted[len(sorted)*45/100]), Hi: int64(sorted[len(sorted)*55/100])}
	return s
}

// scanInt32 is the rival of N1: one branch-free comparison a value, 64 to a word.
func scanInt32(out []uint64, values []int32, lo, hi int32) {
	span := uint64(uint32(hi - lo))
	for k := range len(values) / 64 {
		p := (*[64]int32)(values[k*64:])
		r := uint64(0)
		for i := 56; i >= 0; i -= 8 {
			q := (*[8]int32)(p[i:])
			r = r<<8 | (span-uint64(uint32(q[0]-lo)))>>63 | (span-uint64(uint32(q[1]-lo)))>>63<<1 |
				(span-uint64(uint32(q[2]-lo)))>>63<<2 | (span-uint64(uint32(q[3]-lo)))>>63<<3 |
				(span-uint64(uint32(q[4]-lo)))>>63<<4 | (span-uint64(uint32(q[5]-lo)))>>63<<5 |
				(span-uint64(uint32(q[6]-lo)))>>63<<6 | (span-uint64(uint32(q[7]-lo)))>>63<<7
		}
		out[k] = ^r
	}
	for i := len(values) / 64 * 64; i < len(values); i++ {
		if lo <= values[i] && values[i] <= hi {
			out[i/64] |= 1 << (i % 64)
		}
	}
}

// count walks the predicate's blocks as the evaluator does.
func count(p *column.Predicate, c column.Column, w *bitmap.Words) (n int) {
	for x := range c.Members().Blocks() {
		n += p.Block(x.Num(), w).Len()
	}
	return n
}

// BenchmarkRange is workload N1: rival and ours by turns, and the ratio of their
// medians: the column as it answers when asked again, and on the first and second
// question of its life; its rival is scanInt32.
func BenchmarkRange(b *testing.B) {
	for _, d := range distributions {
		s := newSubject(d.draw)
		out := make([]uint64, (len(s.values)+63)/64)
		var w bitmap.Words
		rival := func() (n int) {
			scanInt32(out, s.values, int32(s.in.Lo), int32(s.in.Hi))
			for _, x := range out {
				n += bits.OnesCount64(x)
			}
			return n
		}
		p := s.c.Where(s.in)
		above := s.c.Where(column.Interval{Lo: s.in.Lo, Hi: math.MaxInt64})
		equal := s.c.Where(column.Interval{Lo: s.in.Lo, Hi: s.in.Lo})
		few := s.c.Where(column.Interval{Lo: s.in.Lo, Hi: s.in.Lo}, column.Interval{Lo: s.in.Hi - 9, Hi: s.in.Hi},
			column.Interval{Lo: s.in.Hi + 20, Hi: s.in.Hi + 2000}, column.Interval{Lo: 1 << 23, Hi: 1<<23 + 1<<20})
		if n := count(p, s.c, &w); n != rival() {
			b.Fatalf("%d, not %d", n, rival())
		}
		count(p, s.c, &w)
		for _, x := range []struct {
			name string
			ours func() int
		}{
			{"range", func() int { return count(p, s.c, &w) }},
			{"above", func() int { return count(above, s.c, &w) }},
			{"equal", func() int { return count(equal, s.c, &w) }},
			{"four", func() int { return count(few, s.c, &w) }},
		} {
			b.Run(d.name+"/"+x.name, func(b *testing.B) { byTurns(b, func() { rival() }, func() { x.ours() }) })
		}
		fresh := again(s.c)
		b.Run(d.name+"/first", func(b *testing.B) {
			byTurnsAfter(b, func() { fresh = again(s.c) }, func() { rival() }, func() { count(fresh.Where(s.in), s.c, &w) })
		})
		b.Run(d.name+"/second", func(b *testing.B) {
			byTurnsAfter(b, func() { fresh = again(s.c); count(fresh.Where(s.in), s.c, &w) },
				func() { rival() }, func() { count(fresh.Where(s.in), s.c, &w) })
		})
	}
}

// byTurns measures rival and ours alternately and reports the ratio of their medians.
func byTurns(b *testing.B, rival, ours func()) { byTurnsAfter(b, func() {}, rival, ours) }

func byTurnsAfter(b *testing.B, before, rival, ours func()) {
	var theirs, mine []time.Duration
	for b.Loop() {
		before()
		t := time.Now()
		rival()
		u := time.Now()
		ours()
		theirs, mine = append(theirs, u.Sub(t)), append(mine, time.Since(u))
	}
	slices.Sort(theirs)
	slices.Sort(mine)
	b.ReportMetric(float64(mine[len(mine)/2].Microseconds()), "ours-µs")
	b.ReportMetric(float64(theirs[len(theirs)/2])/float64(mine[len(mine)/2]), "×rival")
	b.ReportMetric(float64(theirs[0])/float64(mine[0]), "×rival-best")
}

// again is the column as if it had never been asked: without bit-sliced copies.
func again(c column.Column) column.Column {
	var b column.Builder
	for in, vs := range c.Blocks() {
		b.AppendBlock(in, vs)
	}
	return b.Column()
}

// BenchmarkRangeRoaring is the other rival of N1, on a tenth of the members: making
// its index takes too long for more.
func BenchmarkRangeRoaring(b *testing.B) {
	s := newSubject(distributions[0].draw)
	x := roaring.NewBSI(1<<24-1, 0)
	for m, v := range s.values[:tenMillion/10] {
		x.SetValue(uint64(m), int64(v))
	}
	for b.Loop() {
		x.CompareValue(1, roaring.RANGE, s.in.Lo, s.in.Hi, nil)
	}
}

// BenchmarkUpdate is workload N2: one value changed and published.
func BenchmarkUpdate(b *testing.B) {
	s := newSubject(distributions[0].draw)
	r := rand.New(rand.NewPCG(3, 3))
	b.Run("ours", func(b *testing.B) {
		c := s.c
		b.ReportAllocs()
		for b.Loop() {
			e := c.Edit()
			e.Set(uint32(r.IntN(tenMillion)), r.Int64N(1<<24))
			c = e.Column()
		}
	})
	b.Run("unset", func(b *testing.B) {
		c := s.c
		b.ReportAllocs()
		for b.Loop() {
			e := c.Edit()
			m := uint32(r.IntN(tenMillion))
			if !e.Unset(m) {
				e.Set(m, 1)
			}
			c = e.Column()
		}
	})
	b.Run("copy", func(b *testing.B) {
		for b.Loop() {
			runtime.KeepAlive(slices.Clone(s.values))
		}
	})
}

// BenchmarkSetMany fills an empty column and changes a tenth of a full one.
func BenchmarkSetMany(b *testing.B) {
	s := newSubject(distributions[0].draw)
	r := rand.New(rand.NewPCG(3, 3))
	ms, vs := make([]uint32, tenMillion), make([]int64, tenMillion)
	for i := range ms {
		ms[i], vs[i] = uint32(i), int64(s.values[i])
	}
	b.Run("ascending", func(b *testing.B) {
		for b.Loop() {
			e := column.Column{}.Edit()
			e.SetMany(ms, vs)
			e.Column()
		}
	})
	r.Shuffle(len(ms), func(i, j int) { ms[i], ms[j] = ms[j], ms[i]; vs[i], vs[j] = vs[j], vs[i] })
	b.Run("shuffled", func(b *testing.B) {
		for b.Loop() {
			e := column.Column{}.Edit()
			e.SetMany(ms, vs)
			e.Column()
		}
	})
	for i := range vs {
		vs[i]++
	}
	for _, n := range []int{tenMillion / 10, 100_000} {
		b.Run("change", func(b *testing.B) {
			for b.Loop() {
				e := s.c.Edit()
				e.SetMany(ms[:n], vs[:n])
				e.Column()
			}
		})
	}
}

// BenchmarkMemory weighs columns on the heap.
func BenchmarkMemory(b *testing.B) {
	for _, x := range []struct {
		name  string
		every int
		draw  func(r *rand.Rand) int64
	}{
		{"24 bits, dense", 1, func(r *rand.Rand) int64 { return r.Int64N(1 << 24) }},
		{"days, of a tenth", 10, func(r *rand.Rand) int64 { return 19_000 + r.Int64N(730) }},
		{"days, of a thousandth", 1000, func(r *rand.Rand) int64 { return 19_000 + r.Int64N(730) }},
		{"24 bits, raw ids", 4096, func(r *rand.Rand) int64 { return r.Int64N(1 << 24) }},
	} {
		b.Run(x.name, func(b *testing.B) {
			var st column.Stats
			var heap uint64
			n := 0
			for b.Loop() {
				r := rand.New(rand.NewPCG(3, 3))
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				var c column.Builder
				n = min(tenMillion/x.every, 1_000_000)
				if x.every == 4096 {
					n = 1_000_000
				}
				for i := range n {
					c.Append(uint32(i*x.every+r.IntN(x.every)), x.draw(r))
				}
				out := c.Column()
				runtime.GC()
				runtime.ReadMemStats(&after)
				heap = after.HeapAlloc - before.HeapAlloc
				st = out.Stats()
				runtime.KeepAlive(out)
			}
			b.ReportMetric(float64(heap)/float64(n), "heapB/value")
			b.ReportMetric(float64(st.Bytes)/float64(n), "B/value")
			b.ReportMetric(float64(st.Members)/float64(n), "ofMembersB/value")
		})
	}
}

// BenchmarkAggregates asks ten million values, bit-sliced and not, over sets of
// several sizes.
func BenchmarkAggregates(b *testing.B) {
	for _, d := range distributions[1:] {
		s := newSubject(d.draw)
		for _, sliced := range []bool{false, true} {
			name := "plain"
			if sliced {
				name = "sliced"
				sliceAll(s.c)
			}
			for _, share := range []float64{1, .3, .01, .0005} {
				r := rand.New(rand.NewPCG(4, 4))
				var ms []uint32
				for m := range uint32(tenMillion) {
					if r.Float64() < share {
						ms = append(ms, m)
					}
				}
				set := bitmap.FromSorted(ms)
				for _, x := range []struct {
					name string
					f    func()
				}{
					{"max", func() { s.c.Max(set) }},
					{"sum", func() { s.c.Sum(set) }},
					{"median", func() { s.c.Quantile(set, .5) }},
					{"top100", func() { s.c.Top(set, 100, true) }},
				} {
					b.Run(fmt.Sprintf("%s/%v/%s", name, share, x.name), func(b *testing.B) {
						for b.Loop() {
							x.f()
						}
					})
				}
			}
		}
	}
}
