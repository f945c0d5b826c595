package bitmap

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// FuzzKernels compares all kernels that this machine has with their twins in plain
// Go, on any content, wherever the operands lie and whichever of them the
// destination is.
func FuzzKernels(f *testing.F) {
	all, restore := levels()
	defer restore()
	f.Log(names(all))
	f.Add([]byte{}, uint64(0), uint8(0))
	f.Add([]byte{0xff}, uint64(1), uint8(3))
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 0x80, 1}, uint64(2), uint8(7))
	f.Add([]byte{0, 0xff, 0x10, 0, 0, 7, 1, 2, 3, 4, 5, 0x80}, uint64(3), uint8(12))
	for seed := range uint64(8) {
		f.Add([]byte{1, 2, 3, 4, 5, 6, 7, byte(seed)}, seed, uint8(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte, seed uint64, n uint8) {
		s := make([]*Words, 2+n%12)
		for i := range s {
			s[i] = placed(i, kernelContent(data, seed, i))
		}
		for _, l := range all {
			l.choose()
			comparePairs(t, s[0], s[1])
			compareMany(t, s, 1+int(seed%uint64(len(s))))
			compareAtLeast(t, s, int(seed))
			compareReach(t, s)
			compareStairs(t, s, seed)
			compareDecode(t, s[0], data)
			compareOrder(t, s[0], data)
			compareScatter(t, s, seed)
			compareLanes(t, s, int(seed%(wordsLen-laneLen+1)))
			compareCircuits(t, s, int(seed%(wordsLen-laneLen+1)), seed)
			compareSums(t, s, uint16(seed>>3))
			checkGuards(t, s)
		}
	})
}

// kernelContent is data over and over, a byte further on in every operand, and
// random bits of some density where the data has none.
func kernelContent(data []byte, seed uint64, i int) *Words {
	w := new(Words)
	r := rand.New(rand.NewPCG(seed, uint64(i)))
	full, some := ^uint64(0), seed>>8%4
	var b [8]byte
	for k := range w {
		for j := range b {
			if len(data) > 0 {
				b[j] = data[(8*k+j+i)%len(data)]
			}
		}
		w[k] = binary.LittleEndian.Uint64(b[:])
		if w[k] == 0 && some > 0 {
			w[k] = r.Uint64() & r.Uint64()
		}
		if r.IntN(64) == 0 && some > 1 {
			w[k] = full
		}
	}
	return w
}

// guard stands before and after the words of an operand.
const guard = 0xa5c3a5c3a5c3a5c3

// placed is a copy of w between guards, that begins 8 to 64 bytes after a multiple
// of 64.
func placed(i int, w *Words) *Words {
	at := 1 + i%8
	s := make([]uint64, wordsLen+2*9)
	for k := range s {
		s[k] = guard
	}
	copy(s[at:], w[:])
	return (*Words)(s[at:])
}

func checkGuards(t *testing.T, s []*Words) {
	for i, w := range s {
		require.EqualValues(t, uint64(guard), *(*uint64)(unsafe.Add(unsafe.Pointer(w), -8)), "before operand %d", i)
		require.EqualValues(t, uint64(guard), *(*uint64)(unsafe.Add(unsafe.Pointer(w), 8*wordsLen)), "after operand %d", i)
	}
}

func comparePairs(t *testing.T, a, b *Words) {
	for _, k := range []struct {
		name         string
		kernel, twin func(d, a, b *Words)
	}{
		{"And", And, andGeneric},
		{"Or", Or, orGeneric},
		{"AndNot", AndNot, andNotGeneric},
		{"Xor", Xor, xorGeneric},
	} {
		// d apart from both, one of them, and all three the same
		for _, alias := range []struct{ d, a, b int }{{2, 0, 1}, {0, 0, 1}, {1, 0, 1}, {2, 0, 0}, {0, 0, 0}} {
			got := []*Words{placed(0, a), placed(1, b), placed(2, a)}
			want := []*Words{placed(0, a), placed(1, b), placed(2, a)}
			k.kernel(got[alias.d], got[alias.a], got[alias.b])
			k.twin(want[alias.d], want[alias.a], want[alias.b])
			for i := range got {
				require.True(t, *want[i] == *got[i], "%s, alias %v, operand %d", k.name, alias, i)
			}
			checkGuards(t, got)
		}
	}
	require.Equal(t, andCountGeneric(a, b), WordsAndCount(a, b))
	require.Equal(t, andNotCountGeneric(a, b), WordsAndNotCount(a, b))
	require.Equal(t, countWordsGeneric(a[:]), Count(a))
	for _, s := range [][]uint64{a[:0], a[3:4], a[1:64], a[1:66], a[5:1000], a[7:]} {
		require.Equal(t, countWordsGeneric(s), countWords(s))
	}
	card, runs := countRunsGeneric(a)
	gotCard, gotRuns := CountRuns(a)
	require.Equal(t, [2]int{card, runs}, [2]int{gotCard, gotRuns})
}

// compareMany compares the kernels over all of s, and those that take the first
// cut of them without the others.
func compareMany(t *testing.T, s []*Words, cut int) {
	pos, neg := s[:cut], s[cut:]
	for _, k := range []struct {
		name         string
		kernel, twin func(d *Words, s []*Words)
	}{
		{"OrMany", OrMany, orManyGeneric},
		{"AndMany", AndMany, andManyGeneric},
		{"AndNotMany", func(d *Words, s []*Words) { AndNotMany(d, s[:cut], s[cut:]) },
			func(d *Words, s []*Words) { andNotManyGeneric(d, s[:cut], s[cut:]) }},
	} {
		want := placed(2, s[0])
		k.twin(want, s)
		got := placed(3, new(Words))
		k.kernel(got, s)
		require.True(t, *want == *got, "%s of %d", k.name, len(s))
		got = placed(1, s[0]) // d is the first operand
		k.kernel(got, append([]*Words{got}, s[1:]...))
		require.True(t, *want == *got, "%s of %d in place", k.name, len(s))
		checkGuards(t, []*Words{got})
	}
	for _, n := range []int{0, 1, len(s)} {
		require.Equal(t, orManyCountGeneric(s[:n]), OrManyCount(s[:n]))
		require.Equal(t, andManyCountGeneric(s[:n]), AndManyCount(s[:n]))
	}
	require.Equal(t, andNotManyCountGeneric(pos, neg), AndNotManyCount(pos, neg))
}

// compareAtLeast compares all t for a stretch that seed chooses.
func compareAtLeast(t *testing.T, s []*Words, seed int) {
	var five [5]*Words
	for i := range five {
		five[i] = s[i%len(s)]
	}
	three := (*[3]*Words)(five[:])
	at := int(uint(seed) % wordsLen)
	for _, n := range []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 31, wordsLen - at, wordsLen} {
		if at+n > wordsLen {
			at = 0
		}
		for level := 1; level <= 5; level++ {
			want, got := make([]uint64, n), placed(2, new(Words))
			atLeast5Generic(want, &five, at, level)
			AtLeast5(got[at:][:n], &five, at, level)
			require.Equal(t, want, got[at:][:n], "%d of 5, %d words from %d", level, n, at)
			require.Zero(t, countWordsGeneric(got[:at])+countWordsGeneric(got[at+n:]))
			if level > 3 {
				continue
			}
			atLeast3Generic(want, three, at, level)
			AtLeast3(got[at:][:n], three, at, level)
			require.Equal(t, want, got[at:][:n], "%d of 3, %d words from %d", level, n, at)
			require.Zero(t, countWordsGeneric(got[:at])+countWordsGeneric(got[at+n:]))
			checkGuards(t, []*Words{got})
		}
	}
}

// compareLanes compares the steps of counting in planes in the lane at word at, and
// at the last.
func compareLanes(t *testing.T, s []*Words, at int) {
	var seven [7]*Words
	for i := range seven {
		seven[i] = s[i%len(s)]
	}
	for _, at := range []int{at, wordsLen - laneLen} {
		lane := func(i int) *Lane { return laneOf(s[i%len(s)], at) }
		for _, k := range []struct {
			name         string
			kernel, twin func(p, q, r *Lane) bool
		}{
			{"SetSeven", func(p, q, r *Lane) bool { SetSeven(p, q, r, &seven, at); return false },
				func(p, q, r *Lane) bool { setSevenGeneric(p, q, r, &seven, at); return false }},
			{"SetFive", func(p, q, r *Lane) bool { SetFive(p, q, r, (*[5]*Words)(seven[:]), at); return false },
				func(p, q, r *Lane) bool { setFiveGeneric(p, q, r, (*[5]*Words)(seven[:]), at); return false }},
			{"AddFour", func(p, q, r *Lane) bool { AddFour(p, q, r, lane(0), lane(1), lane(2), lane(3)); return false },
				func(p, q, r *Lane) bool { addFourGeneric(p, q, r, lane(0), lane(1), lane(2), lane(3)); return false }},
			{"AddTwo", func(p, q, r *Lane) bool { AddTwo(p, q, r, lane(2), lane(3)); return false },
				func(p, q, r *Lane) bool { addTwoGeneric(p, q, r, lane(2), lane(3)); return false }},
			{"AddCarry", func(p, q, _ *Lane) bool { return AddCarry(p, q) },
				func(p, q, _ *Lane) bool { return addCarryGeneric(p, q) }},
			{"Compare with 0", func(p, q, r *Lane) bool { Compare(p, q, r, 0); return false },
				func(p, q, r *Lane) bool { compareGeneric(p, q, r, 0); return false }},
			{"Compare with 1", func(p, q, r *Lane) bool { Compare(p, q, r, ^uint64(0)); return false },
				func(p, q, r *Lane) bool { compareGeneric(p, q, r, ^uint64(0)); return false }},
		} {
			var got, want [3]*Words // planes with guards around, at three places
			for i := range got {
				got[i], want[i] = placed(i, s[(i+4)%len(s)]), placed(i, s[(i+4)%len(s)])
			}
			of := func(w [3]*Words) (p, q, r *Lane) { return laneOf(w[0], at), laneOf(w[1], at), laneOf(w[2], at) }
			require.Equal(t, k.twin(of(want)), k.kernel(of(got)), k.name)
			for i := range got {
				require.True(t, *want[i] == *got[i], "%s, lane at %d, plane %d", k.name, at, i)
			}
			checkGuards(t, got[:])
		}
		require.Equal(t, countWordsGeneric(lane(0)[:]), CountLane(lane(0)))
	}
}

// compareOrder compares the order and the runs of w's members, and of data as they
// are: hardly ever in order.
func compareOrder(t *testing.T, w *Words, data []byte) {
	a := make([]uint16, countWordsGeneric(w[:]))
	decodeLowGeneric(a, w[:], 0)
	p := make([]byte, 2*len(a))
	putArrayGeneric(p, a)
	if len(data) > 1 && len(p) > 0 {
		damaged := bytes.Clone(p)
		damaged[int(data[0])*int(data[1])%len(p)] ^= 1 + data[0]&0x7f
		requireTwins(t, damaged)
	}
	for _, p := range [][]byte{p, data[:len(data)&^1]} {
		if len(p) > 0 {
			requireTwins(t, p)
		}
	}
}

func requireTwins(t *testing.T, p []byte) {
	runs, ok := ascends(p)
	wantRuns, want := ascendsGeneric(p)
	require.Equal(t, want, ok)
	if ok {
		require.Equal(t, wantRuns, runs)
	}
}

// compareDecode decodes w, and what is left of it without some of its bits, to
// slices with no, some and much room to spare, beyond which nothing is written.
func compareDecode(t *testing.T, w *Words, data []byte) {
	thin := new(Words)
	for i, x := range w {
		thin[i] = x
		if len(data) > 0 {
			thin[i] = x & (x >> (data[i%len(data)] & 63))
		}
	}
	for _, w := range []*Words{w, thin} {
		card := countWordsGeneric(w[:])
		want, wantLow := make([]uint32, card), make([]uint16, card)
		require.Equal(t, card, decodeGeneric(want, w[:], 5<<16))
		require.Equal(t, card, decodeLowGeneric(wantLow, w[:], 0))
		for _, room := range []int{card, card + 1, card + 63, card + 64, card + 1000} {
			got, low := make([]uint32, room+64), make([]uint16, room+64)
			for i := range 64 {
				got[room+i], low[room+i] = 0xa5a5a5a5, 0xa5a5
			}
			require.Equal(t, card, Decode(got[:room:room], w, 5<<16))
			require.Equal(t, card, DecodeLow(low[:room:room], w))
			require.True(t, slices.Equal(want, got[:card]), "room %d", room)
			require.True(t, slices.Equal(wantLow, low[:card]), "room %d", room)
			for i := range 64 {
				require.Equal(t, uint32(0xa5a5a5a5), got[room+i])
				require.Equal(t, uint16(0xa5a5), low[room+i])
			}
		}
		compareDecodeSome(t, w, want, data)
	}
}

// compareDecodeSome decodes w piece by piece, from any word on, into rooms of any
// size beyond which nothing is written, and expects its twin's pieces.
func compareDecodeSome(t *testing.T, w *Words, want []uint32, data []byte) {
	at, all := 0, []uint32(nil)
	for i := 0; at < wordsLen; i++ {
		room, most := 64, wordsLen
		if len(data) > 0 {
			room = 1 + int(data[i%len(data)])*3
			most = min(wordsLen, at+int(data[(i+1)%len(data)])*5)
		}
		if i > 40 {
			room, most = 4096, wordsLen
		}
		got, twin := make([]uint32, room+64), make([]uint32, room+64)
		for k := range 64 {
			got[room+k] = 0xa5a5a5a5
		}
		n, done := wordsDecodeSome(got[:room:room], w[at:most], 5<<16|uint32(at)<<6)
		m, same := decodeSomeGeneric(twin[:room:room], w[at:most], 5<<16|uint32(at)<<6)
		require.Equal(t, [2]int{m, same}, [2]int{n, done}, "%d words in %d", most-at, room)
		require.True(t, slices.Equal(twin[:n], got[:n]))
		for k := range 64 {
			require.Equal(t, uint32(0xa5a5a5a5), got[room+k])
		}
		all, at = append(all, got[:n]...), at+done
	}
	require.True(t, slices.Equal(want, all))
}
