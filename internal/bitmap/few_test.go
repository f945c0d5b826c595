package bitmap

import (
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// drawValues is up to n ascending values below limit, and now and then the ends.
func drawValues(rng *rand.Rand, n, limit int) []uint16 {
	var a []uint16
	for range n {
		a = append(a, uint16(rng.IntN(limit)))
	}
	if n > 2 && rng.IntN(3) == 0 {
		a = append(a[:n-2], 0, BlockSize-1)
	}
	slices.Sort(a)
	return slices.Compact(a)
}

func drawRuns(rng *rand.Rand, n, limit int) []Run {
	ends := drawValues(rng, 2*n, limit)
	var rs []Run
	for i := 0; i+1 < len(ends); i += 2 {
		if len(rs) > 0 && int(rs[len(rs)-1].Last)+1 >= int(ends[i]) {
			continue
		}
		rs = append(rs, Run{ends[i], ends[i+1]})
	}
	return rs
}

// TestFewAgainstPlain compares the loops over very few values, and those between runs
// and others of any number, with looking at one value after the other.
func TestFewAgainstPlain(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	sizes := []int{1, 2, 3, 4, 5, 8, 9, 12, 16, 33, 63, 64, 255, 1000}
	table := new(Words)
	for _, m := range sizes {
		for _, n := range sizes {
			for _, limit := range []int{40, 3000, BlockSize} {
				a, c, rs := drawValues(rng, m, limit), drawValues(rng, n, limit), drawRuns(rng, min(n, MaxRuns), limit)
				more := drawRuns(rng, min(m, MaxRuns), limit)
				w := new(Words)
				setArray(w, c)
				inC := func(v uint16) bool { return slices.Contains(c, v) }
				inRuns := func(v uint16) bool {
					return slices.ContainsFunc(rs, func(r Run) bool { return r.Start <= v && v <= r.Last })
				}
				common := countIf(a, inC)
				require.Equal(t, common, countFew(a, c))
				require.Equal(t, common, countSearch(a, c))
				require.Equal(t, common, countArrays(a, c))
				require.Equal(t, countIf(a, inRuns), countArrayRuns(a, rs))
				var all []uint16
				for _, r := range more {
					for v := int(r.Start); v <= int(r.Last); v++ {
						all = append(all, uint16(v))
					}
				}
				require.Equal(t, countArrayRuns(all, rs), countRunsRuns(more, rs))
				require.Equal(t, countArrayRuns(all, rs), countRunsRuns(rs, more))

				a = a[:min(len(a), MaxWhich)]
				array, runs, bits := ScratchArray(0, c), runsOf(rs), ScratchWords(0, w, len(c))
				wantC, wantRuns := uint64(0), uint64(0)
				for i, v := range a {
					wantC |= uint64(b2i(inC(v))) << i
					wantRuns |= uint64(b2i(inRuns(v))) << i
				}
				require.Equal(t, wantC, array.Which(a, table))
				require.Equal(t, wantC, bits.Which(a, table))
				require.Equal(t, wantRuns, runs.Which(a, table))
				require.True(t, Words{} == *table)

				c = c[:min(len(c), MaxWhich)]
				first, second := ScratchArray(0, a), ScratchArray(0, c)
				union := slices.Concat(a, c)
				slices.Sort(union)
				require.Equal(t, len(slices.Compact(union)), CountUnion([]*Block{&first, &second, &first}, table))
			}
		}
	}
	full := runsOf([]Run{{0, BlockSize - 1}})
	require.Equal(t, uint64(7), full.Which([]uint16{0, 5, BlockSize - 1}, table))
	require.Zero(t, new(Block).Which([]uint16{0, 5}, table))
}

func countIf(a []uint16, f func(uint16) bool) (n int) {
	for _, v := range a {
		n += b2i(f(v))
	}
	return n
}

// runsOf is a block over rs.
func runsOf(rs []Run) Block {
	if len(rs) == 0 {
		return Block{}
	}
	card := 0
	for _, r := range rs {
		card += int(r.Last-r.Start) + 1
	}
	return Block{p: unsafe.Pointer(unsafe.SliceData(rs)), card: uint16(card - 1), runs: uint16(len(rs)), form: Runs}
}

// TestCutsAgainstPlain: places where membership changes are found in every form, in
// ranges that begin and end anywhere, and no more are appended than there is room for.
func TestCutsAgainstPlain(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	for range 3000 {
		b := runsOf(drawRuns(rng, rng.IntN(8), 60))
		if rng.IntN(2) == 0 {
			b = ScratchArray(0, drawValues(rng, rng.IntN(20), 40))
		}
		first, last := uint16(rng.IntN(70)), uint16(rng.IntN(70))
		if rng.IntN(4) == 0 {
			first, last = 0, BlockSize-1
		}
		if first > last {
			first, last = last, first
		}
		var want []uint16
		for v := int(first) + 1; v <= int(last); v++ {
			if b.Contains(uint16(v)) != b.Contains(uint16(v-1)) {
				want = append(want, uint16(v))
			}
		}
		got, ok := b.Cuts(make([]uint16, 0, 64), first, last)
		require.True(t, ok)
		// Neighbours in an array are places too, where nothing changes.
		got = slices.DeleteFunc(slices.Compact(got), func(v uint16) bool { return b.Contains(v) == b.Contains(v-1) })
		require.True(t, slices.Equal(want, got), "%v, not %v", got, want)

		room := make([]uint16, 0, rng.IntN(8))
		if got, ok = b.Cuts(room, first, last); !ok {
			require.LessOrEqual(t, len(got), cap(room))
			require.Greater(t, 2*b.RunCount()+2*b.Len()+2, cap(room))
		}
	}
	full := ScratchWords(0, new(Words), BlockSize)
	_, ok := full.Cuts(nil, 0, 1)
	require.False(t, ok)
}
