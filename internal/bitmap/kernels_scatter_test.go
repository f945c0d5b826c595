package bitmap

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// compareScatter compares what arrays and runs do to a block, and what arrays have
// in common: the members of the operands, a stretch of them, and the odd ones.
func compareScatter(t *testing.T, s []*Words, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 5))
	var arrays [][]uint16
	var runs [][]Run
	for i, w := range s[:2] {
		a := make([]uint16, countWordsGeneric(w[:]))
		decodeLowGeneric(a, w[:], 0)
		from := r.IntN(len(a) + 1)
		part := a[from:min(len(a), from+r.IntN(60))]
		odd := make([]uint16, 0, len(a))
		for _, v := range a {
			if r.IntN(40) == i {
				odd = append(odd, v)
			}
		}
		arrays = append(arrays, nil, a, part, odd, odd[:len(odd)/2])
		rs := appendWordRuns(nil, w)
		from = r.IntN(len(rs) + 1)
		runs = append(runs, nil, rs, rs[from:min(len(rs), from+r.IntN(60))])
	}
	for _, start := range []*Words{s[0], s[len(s)-1]} {
		for _, a := range arrays {
			compareInto(t, start, "setArray", func(w *Words) { setArray(w, a) }, func(w *Words) { setArrayGeneric(w, a) })
			compareInto(t, start, "dropArray", func(w *Words) { dropArray(w, a) }, func(w *Words) { dropArrayGeneric(w, a) })
		}
		for _, rs := range runs {
			compareInto(t, start, "setRuns", func(w *Words) { setRuns(w, rs) }, func(w *Words) { setRunsGeneric(w, rs) })
			compareInto(t, start, "dropRuns", func(w *Words) { dropRuns(w, rs) }, func(w *Words) { dropRunsGeneric(w, rs) })
		}
	}
	table := new(Words)
	for _, a := range arrays {
		for _, w := range s[1:] {
			for _, keep := range []bool{true, false} {
				want, got, in := make([]uint16, len(a)), make([]uint16, len(a)), slices.Clone(a)
				n := filterBitsGeneric(want, a, w, keep)
				require.Equal(t, n, filterBits(got, a, w, keep))
				require.Equal(t, n, filterBits(in, in, w, keep))
				require.True(t, slices.Equal(want[:n], got[:n]) && slices.Equal(want[:n], in[:n]), "keep %v", keep)
			}
		}
		for _, c := range arrays {
			want := countMerge(a, c)
			if n, ok := countCommon(a, c); ok {
				require.Equal(t, want, n, "%d values with %d", len(a), len(c))
			}
			require.Equal(t, want, countByTable(table, a, c), "%d values with %d", len(a), len(c))
			require.Zero(t, countWordsGeneric(table[:]))
		}
	}
}

func compareInto(t *testing.T, start *Words, name string, kernel, twin func(w *Words)) {
	got, want := placed(1, start), placed(2, start)
	kernel(got)
	twin(want)
	require.True(t, *want == *got, name)
	checkGuards(t, []*Words{got})
}

// BenchmarkScatter measures the kernels of arrays and runs (/here) against their
// twins in plain Go (/twin). There are many operands, for the processor learns the
// branches of one by heart.
func BenchmarkScatter(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 7))
	d, i := new(Words), 0
	for _, n := range []int{33, 330, 1000, 4000} {
		var arrays [64][]uint16
		for k := range arrays {
			w := new(Words)
			for Count(w) < n {
				v := r.IntN(BlockSize)
				w[v>>6] |= 1 << (v & 63)
			}
			arrays[k] = make([]uint16, n)
			DecodeLow(arrays[k], w)
		}
		next := func() []uint16 { i++; return arrays[i%len(arrays)] }
		compare(b, fmt.Sprintf("SetArray/%d", n), func() { setArray(d, next()) }, func() { setArrayGeneric(d, next()) })
		compare(b, fmt.Sprintf("DropArray/%d", n), func() { dropArray(d, next()) }, func() { dropArrayGeneric(d, next()) })
		out, w := make([]uint16, n), new(Words)
		for k := range w {
			w[k] = r.Uint64()
		}
		compare(b, fmt.Sprintf("FilterBits/%d", n), func() { filterBits(out, next(), w, true) },
			func() { filterBitsGeneric(out, next(), w, true) })
		if n <= MaxArray {
			*d = Words{}
			for _, m := range []int{10, n} {
				compare(b, fmt.Sprintf("AndCount/%dx%d", m, n), func() { countArrays(next()[:m], next()) },
					func() { countByTable(d, next()[:m], next()) })
			}
		}
	}
	for _, mean := range []int{20, 100, 500, 2000} {
		var runs [64][]Run
		for k := range runs {
			for v := r.IntN(4 * mean); v < BlockSize-2*mean; v += 1 + r.IntN(4*mean) {
				last := v + r.IntN(2*mean)
				runs[k] = append(runs[k], Run{uint16(v), uint16(last)})
				v = last + 1
			}
			runs[k] = runs[k][:min(len(runs[k]), MaxRuns)]
		}
		next := func() []Run { i++; return runs[i%len(runs)] }
		compare(b, fmt.Sprintf("SetRuns/of%d", mean), func() { setRuns(d, next()) }, func() { setRunsGeneric(d, next()) })
		compare(b, fmt.Sprintf("DropRuns/of%d", mean), func() { dropRuns(d, next()) }, func() { dropRunsGeneric(d, next()) })
	}
}

// countMerge is what the ways of counting common values are compared with.
func countMerge(a, c []uint16) int {
	n, i, j := 0, 0, 0
	for i < len(a) && j < len(c) {
		x, y := a[i], c[j]
		n += b2i(x == y)
		i += b2i(x <= y)
		j += b2i(y <= x)
	}
	return n
}
