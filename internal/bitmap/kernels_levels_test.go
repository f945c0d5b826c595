package bitmap

import (
	"fmt"
	"slices"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// atEachLevel runs f with each set of kernels that this machine has, one after the
// other, as a subtest by its name.
func atEachLevel(t *testing.T, f func(t *testing.T)) {
	all, restore := levels()
	defer restore()
	for _, l := range all {
		t.Run(l.name, func(t *testing.T) {
			l.choose()
			f(t)
		})
	}
}

// names of levels, for the log.
func names(all []level) string {
	s := "kernels compared:"
	for _, l := range all {
		s += " " + l.name
	}
	return s
}

// mostTried words are more than a vector of any kind, and more than a step of some.
const mostTried = 70

// TestKernelsAtEachLength has every length up to more than a vector, and every place in
// a vector, of the kernels that take any.
func TestKernelsAtEachLength(t *testing.T) {
	s := make([]*Words, 5)
	for i := range s {
		s[i] = placed(i, kernelContent([]byte{1, 0x80, 0, 0xff, 7, 3}, 700, i))
	}
	atEachLevel(t, func(t *testing.T) {
		for at := range 9 {
			for n := range mostTried {
				eachStretch(t, s, at, n)
			}
			for n := 120; n <= 136; n++ {
				require.Equal(t, countWordsGeneric(s[0][at:at+n]), countWords(s[0][at:at+n]), "%d words at %d", n, at)
			}
			compareLanes(t, s, at)
			compareCircuits(t, s, at, uint64(at))
		}
		checkGuards(t, s)
	})
}

// eachStretch compares what n words from at on are counted to be and decoded to.
func eachStretch(t *testing.T, s []*Words, at, n int) {
	require.Equal(t, countWordsGeneric(s[0][at:at+n]), countWords(s[0][at:at+n]), "%d words at %d", n, at)
	five := (*[5]*Words)(s)
	for level := 1; level <= 5 && n > 0; level++ {
		want, got := make([]uint64, n), placed(2, new(Words))
		atLeast5Generic(want, five, at, level)
		AtLeast5(got[at:][:n], five, at, level)
		require.True(t, slices.Equal(want, got[at:][:n]), "%d of 5, %d words at %d", level, n, at)
		require.Zero(t, countWordsGeneric(got[:at])+countWordsGeneric(got[at+n:]))
		if level <= 3 {
			atLeast3Generic(want, (*[3]*Words)(s), at, level)
			AtLeast3(got[at:][:n], (*[3]*Words)(s), at, level)
			require.True(t, slices.Equal(want, got[at:][:n]), "%d of 3, %d words at %d", level, n, at)
			require.Zero(t, countWordsGeneric(got[:at])+countWordsGeneric(got[at+n:]))
		}
	}
}

// edges are values around which vectors, words and the block begin and end.
var edges = func() (a []uint16) {
	for _, v := range []int{0, 8, 16, 32, 64, 128, 256, 512, 1 << 12, 1 << 15, 1<<16 - 64, 1 << 16} {
		for d := -2; d <= 2; d++ {
			if x := v + d; x >= 0 && x < BlockSize {
				a = append(a, uint16(x))
			}
		}
	}
	slices.Sort(a)
	return slices.Compact(a)
}()

// TestArrayKernelsAtTheEdges has arrays of all lengths that begin at any value, which
// lie at any address, among them the values at the ends of words and of the block.
func TestArrayKernelsAtTheEdges(t *testing.T) {
	atEachLevel(t, func(t *testing.T) {
		for n := range len(edges) + 1 {
			for from := 0; from+n <= len(edges); from += 1 + n/4 {
				a := at(edges[from:from+n], from%32)
				every := at(edges, n%32)
				compareArrays(t, a, every)
				compareArrays(t, every, a)
				compareArrays(t, a, at(edges[max(0, from-3):min(len(edges), from+n/2+1)], (n+7)%32))
			}
		}
	})
}

// at is a copy of a that begins places values after a multiple of 64 bytes.
func at(a []uint16, places int) []uint16 {
	room := make([]uint16, len(a)+96)
	skip := 0
	for uintptr(unsafe.Pointer(&room[skip]))%64 != 0 {
		skip++
	}
	room = room[skip+places:][:len(a):len(a)]
	copy(room, a)
	return room
}

func compareArrays(t *testing.T, a, c []uint16) {
	about := func() string { return fmt.Sprintf("%d with %d", a, c) }
	if n, ok := countCommon(a, c); ok && n != countMerge(a, c) {
		require.Equal(t, countMerge(a, c), n, about())
	}
	var got, want Words
	setArray(&got, c)
	setArrayGeneric(&want, c)
	require.True(t, want == got, about())
	out := make([]uint16, len(a))
	for _, keep := range []bool{true, false} {
		twin := make([]uint16, len(a))
		n := filterBitsGeneric(twin, a, &want, keep)
		if m := filterBits(out, a, &got, keep); m != n || !slices.Equal(twin[:n], out[:m]) {
			require.Equal(t, twin[:n], out[:m], about())
		}
	}
	dropArray(&got, a)
	dropArrayGeneric(&want, a)
	require.True(t, want == got, about())
	if len(a) > 0 {
		p := make([]byte, 2*len(a)+1)[1:] // no address of a value
		putArrayGeneric(p, a)
		requireTwins(t, p)
	}
}

// TestDecodeAtTheEdges decodes blocks of every number of members in a word and of few
// and many in all, with every number of places to spare.
func TestDecodeAtTheEdges(t *testing.T) {
	atEachLevel(t, func(t *testing.T) {
		for k := range 65 {
			w := new(Words)
			for i := range 4 + 1024/(k+1) {
				w[i%wordsLen] = ^uint64(0) >> (64 - k) << (i * 7 % (65 - k))
			}
			w[wordsLen-1] |= 1 << 63
			card := countWordsGeneric(w[:])
			want := make([]uint32, card)
			decodeGeneric(want, w[:], 1<<31+7)
			for spare := range 70 {
				decodesTo(t, want, w, spare)
			}
		}
	})
}

// decodesTo decodes w with some places to spare, at addresses that are no multiples of
// the values' size for the low halves as bytes.
func decodesTo(t *testing.T, want []uint32, w *Words, spare int) {
	const filled = 0xa5a5a5a5
	room := len(want) + spare
	got := make([]uint32, room+8)
	for i := range 8 {
		got[room+i] = filled
	}
	require.Equal(t, len(want), Decode(got[:room], w, 1<<31+7))
	require.True(t, slices.Equal(want, got[:len(want)]), "%d to spare", spare)
	low := make([]uint16, room+8)
	for i := range 8 {
		require.Equal(t, uint32(filled), got[room+i])
		low[room+i] = filled & 0xffff
	}
	require.Equal(t, len(want), DecodeLow(low[:room], w))
	for i, v := range want {
		if low[i] != uint16(v-7) {
			require.Equal(t, uint16(v-7), low[i], "%d to spare", spare)
		}
	}
	for _, v := range low[room:] {
		require.Equal(t, uint16(filled&0xffff), v)
	}
	if !lowKernel() {
		return
	}
	p := make([]byte, 2*room+17)
	p[2*room+1] = 0xa5
	n, words := wordsPutLow(p[1:][:2*room], w)
	require.Equal(t, countWordsGeneric(w[:words]), n)
	for i, v := range want[:n] {
		if x := uint16(p[1+2*i]) | uint16(p[2+2*i])<<8; x != uint16(v-7) {
			require.Equal(t, uint16(v-7), x, "%d to spare", spare)
		}
	}
	require.EqualValues(t, 0xa5, p[2*room+1])
}
