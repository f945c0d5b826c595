//go:build unix

package bitmap

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// Every kernel between bits and values, as kernels_fence_test.go has those of words.

func TestKernelsOfValuesStayInside(t *testing.T) {
	eachFence(t, func(t *testing.T, e *fence) {
		for _, w := range wordsOfEach() {
			fencedDecode(t, e, w)
		}
		lengths := []int{100, 127, 128, 500, 1000, MaxArray, portableArray}
		for n := range mostTried {
			lengths = append(lengths, n)
		}
		for _, n := range lengths {
			fencedArrays(t, e, n)
			fencedRuns(t, e, min(n, MaxRuns))
		}
		fencedAnyRuns(t, e)
		fencedBits(t, e, kernelContent([]byte{1, 0x80, 0, 0xff, 7}, 700, 0))
	})
}

// wordsOfEach are blocks of no, few and all members in a word, of four and of eight in
// each half of one, and of any number.
func wordsOfEach() []*Words {
	mixed, r := new(Words), rand.New(rand.NewPCG(3, 4))
	for i := range mixed {
		mixed[i] = r.Uint64() & r.Uint64() >> r.IntN(64)
	}
	s := []*Words{new(Words), mixed, new(Words), new(Words)}
	for i := range mixed {
		s[2][i], s[3][i] = 0x0000000f0000000f, 0x000000ff000000ff
	}
	for _, k := range []int{1, 2, 4, 5, 8, 16, 17, 31, 32, 33, 63, 64} {
		w := new(Words)
		for i := range w {
			w[i] = ^uint64(0) >> (64 - k) << (i % (65 - k))
		}
		s = append(s, w)
	}
	return s
}

// fencedDecode decodes w to just as much room as there must be and to a little more, and
// its first and last words to any.
func fencedDecode(t *testing.T, e *fence, w *Words) {
	card := countWordsGeneric(w[:])
	want, low := make([]uint32, card), make([]uint16, card)
	decodeGeneric(want, w[:], 1<<16)
	decodeLowGeneric(low, w[:], 0)
	for _, spare := range []int{0, 1, 2, 3, 4, 5, 8, 15, 16, 17, 32, 63, 64, 65} {
		e.try(func() {
			dst := fencedAs(e, make([]uint32, card+spare))
			require.Equal(t, card, Decode(dst, e.words(w), 1<<16))
			require.True(t, slices.Equal(want, dst[:card]))
		}, "Decode of %d, %d to spare", card, spare)
		e.try(func() {
			dst := fencedAs(e, make([]uint16, card+spare))
			require.Equal(t, card, DecodeLow(dst, e.words(w)))
			require.True(t, slices.Equal(low, dst[:card]))
		}, "DecodeLow of %d, %d to spare", card, spare)
	}
	fencedPutLow(t, e, w, low)
	for n := range mostTried {
		for _, part := range [][]uint64{w[:n], w[wordsLen-n:]} {
			for _, room := range []int{0, 1, 63, 64, 65, 127, 128, 300, 64 * n} {
				e.try(func() {
					dst := fencedAs(e, make([]uint32, room))
					got, done := wordsDecodeSome(dst, fencedAs(e, part), 0)
					require.Equal(t, countWordsGeneric(part[:done]), got)
				}, "%d words to a room of %d", n, room)
			}
		}
	}
}

// fencedPutLow writes the first of low, the members of w, to any room, which need not be
// for all of them, and begin at any address.
func fencedPutLow(t *testing.T, e *fence, w *Words, low []uint16) {
	if !lowKernel() {
		return
	}
	for room := range 5 * mostTried {
		for odd := range 2 {
			e.try(func() {
				p := e.bytes(2*room + odd)
				if e.atEnd {
					p = p[odd:]
				}
				n, words := wordsPutLow(p[:2*room], e.words(w))
				require.Equal(t, countWordsGeneric(w[:words]), n)
				require.LessOrEqual(t, n, room)
				for i, v := range low[:n] {
					if x := binary.LittleEndian.Uint16(p[2*i:]); x != v {
						require.Equal(t, v, x)
					}
				}
			}, "wordsPutLow of %d to a room of %d", len(low), room)
		}
	}
}

// fencedArrays has arrays of n values from the first and up to the last of a block.
func fencedArrays(t *testing.T, e *fence, n int) {
	first, last := make([]uint16, n), make([]uint16, n)
	for i := range n {
		first[i], last[i] = uint16(2*i), uint16(BlockSize-n+i)
	}
	w := kernelContent([]byte{1, 0x80, 0, 0xff, 7}, 700, 1)
	for _, a := range [][]uint16{first, last} {
		for name, k := range map[string][2]func(w *Words, a []uint16){
			"setArray": {setArray, setArrayGeneric}, "dropArray": {dropArray, dropArrayGeneric},
		} {
			want := *w
			k[1](&want, a)
			e.try(func() {
				d := e.words(w)
				k[0](d, fencedAs(e, a))
				require.True(t, want == *d)
			}, "%s of %d", name, n)
		}
		for _, keep := range []bool{true, false} {
			want := make([]uint16, n)
			want = want[:filterBitsGeneric(want, a, w, keep)]
			e.try(func() {
				in, out, bits := fencedAs(e, a), fencedAs(e, a), e.words(w)
				require.Equal(t, want, out[:filterBits(out, in, bits, keep)])
				require.Equal(t, want, in[:filterBits(in, in, bits, keep)])
			}, "filterBits of %d", n)
		}
		sums := make([]int64, n)
		addWhereGeneric(sums, a, w, 3)
		e.try(func() {
			got := fencedAs(e, make([]int64, n))
			AddWhere(got, fencedAs(e, a), e.words(w), 3)
			require.Equal(t, sums, got)
		}, "AddWhere of %d", n)
		for _, m := range []int{1, 7, 8, 9, 15, 16, 17, n} {
			for _, c := range [][]uint16{first[:min(m, n)], last[n-min(m, n):]} {
				e.try(func() {
					if both, ok := countCommon(fencedAs(e, a), fencedAs(e, c)); ok {
						require.Equal(t, countMerge(a, c), both)
					}
				}, "countCommon of %d and %d", n, len(c))
			}
		}
		if n == 0 {
			continue
		}
		p := make([]byte, 2*n)
		putArrayGeneric(p, a)
		runs, order := ascendsGeneric(p)
		e.try(func() {
			gotRuns, got := ascends(fencedAs(e, p))
			require.Equal(t, [2]any{runs, order}, [2]any{gotRuns, got})
		}, "ascends of %d", n)
	}
}

// fencedRuns has n runs, the first and the last member of a block among them, of which
// some end in the vector that they begin in, some in the next, some further on.
func fencedRuns(t *testing.T, e *fence, n int) {
	rs, w := make([]Run, n), kernelContent([]byte{1, 0x80, 0, 0xff, 7}, 700, 2)
	for i := range rs {
		each := BlockSize / n
		rs[i] = Run{uint16(i * each), uint16(i*each + each - 2 - i%max(1, each-1))}
	}
	if n > 0 {
		rs[n-1].Last = BlockSize - 1
	}
	for name, k := range map[string][2]func(w *Words, rs []Run){
		"setRuns": {setRuns, setRunsGeneric}, "dropRuns": {dropRuns, dropRunsGeneric},
	} {
		want := *w
		k[1](&want, rs)
		e.try(func() {
			d := e.words(w)
			k[0](d, fencedAs(e, rs))
			require.True(t, want == *d)
		}, "%s of %d", name, n)
	}
	for steps := 2; steps <= MaxStairs; steps++ {
		want := stairsOf(w, steps)
		climbRunsGeneric(want, rs)
		e.try(func() {
			p := e.all(stairsOf(w, steps))
			ClimbRuns(p, fencedAs(e, rs))
			for k := range p {
				require.True(t, *want[k] == *p[k], "step %d of %d", k, steps)
			}
		}, "%d runs on %d steps", n, steps)
	}
	p := make([]byte, 4*n)
	putRuns(p, rs)
	e.try(func() {
		got := fencedAs(e, make([]Run, n))
		require.Equal(t, runsLen(rs), loadRuns(got, fencedAs(e, p)))
		require.True(t, slices.Equal(rs, got))
	}, "loadRuns of %d", n)
	if littleEndian {
		e.try(func() {
			got := fencedAs(e, make([]Run, n))
			in := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(got))), len(p))
			copy(in, p)
			require.Equal(t, runsLen(rs), loadRuns(got, in))
			require.True(t, slices.Equal(rs, got))
		}, "loadRuns of %d in place", n)
	}
}

// fencedAnyRuns has runs that are none: a block that they are set in may become anything,
// but nothing else may. (The plain ones panic on them.)
func fencedAnyRuns(t *testing.T, e *fence) {
	if !Vectors() {
		return
	}
	r := rand.New(rand.NewPCG(9, 9))
	for range 200 {
		rs := make([]Run, 1+r.IntN(20))
		for i := range rs {
			rs[i] = Run{uint16(r.Uint32()), uint16(r.Uint32())}
		}
		e.try(func() {
			own := fencedAs(e, rs)
			d := e.words(new(Words))
			setRuns(d, own)
			dropRuns(d, own)
			for steps := 2; steps <= MaxStairs; steps++ {
				ClimbRuns(e.all(stairsOf(d, steps)), own)
			}
		}, "runs in no order")
	}
}

// fencedBits reads a block from odd addresses, too.
func fencedBits(t *testing.T, e *fence, w *Words) {
	card, runs := countRunsGeneric(w)
	for odd := range 40 {
		e.try(func() {
			p := e.bytes(portableBits + odd)
			if e.atEnd {
				p = p[odd:]
			}
			putWordsGeneric(p, w)
			d := e.words(new(Words))
			gotCard, gotRuns := wordsLoad(d, p[:portableBits])
			wordsStreamed()
			require.Equal(t, [2]int{card, runs}, [2]int{gotCard, gotRuns})
			require.True(t, *w == *d)
		}, "wordsLoad")
	}
}
