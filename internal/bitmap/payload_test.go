package bitmap

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestPayloadTwins holds the copies of payloads as they lie against those made
// value by value, at even and odd addresses.
func TestPayloadTwins(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	buf := make([]byte, portableBits+8)
	for shift := range 8 {
		p := buf[shift:][:portableBits]
		for i := range p {
			p[i] = byte(r.Uint32())
		}
		w := newWordsGeneric(p)
		require.Equal(t, w, newWords(p))
		q := make([]byte, portableBits+shift)[shift:]
		putWords(q, w)
		require.Equal(t, p, q)
		clear(q)
		putWordsGeneric(q, w)
		require.Equal(t, p, q)

		for _, n := range []int{1, 2, 3, 1000, portableArray} {
			a, b := make([]uint16, n), make([]uint16, n)
			loadArray(a, p[:2*n])
			loadArrayGeneric(b, p[:2*n])
			require.Equal(t, b, a)
			clear(q)
			putArray(q, a)
			require.Equal(t, p[:2*n], q[:2*n])
			clear(q)
			putArrayGeneric(q, a)
			require.Equal(t, p[:2*n], q[:2*n])
		}
	}
}

// ascendsSlowly is ascends with nothing clever in it.
func ascendsSlowly(a []uint16) (runs int, ok bool) {
	runs = 1
	for i := 1; i < len(a); i++ {
		if a[i] <= a[i-1] {
			return 0, false
		}
		if a[i] != a[i-1]+1 {
			runs++
		}
	}
	return runs, true
}

func requireAscends(t require.TestingT, a []uint16) {
	p := make([]byte, 1+2*len(a))[1:]
	putArray(p, a)
	wantRuns, want := ascendsSlowly(a)
	for _, f := range []func([]byte) (int, bool){ascends, ascendsGeneric} {
		runs, ok := f(p)
		require.Equal(t, want, ok, a)
		if ok {
			require.Equal(t, wantRuns, runs, a)
		}
	}
}

// TestAscends: arrays in order, the same with a value or two changed, above all to
// values at which lanes borrow, and wholly random ones.
func TestAscends(t *testing.T) {
	edge := rapid.SampledFrom([]uint16{0, 1, 2, 0x7ffe, 0x7fff, 0x8000, 0x8001, 0xfffe, 0xffff})
	value := rapid.OneOf(rapid.Uint16(), edge)
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SliceOfN(value, 1, 80).Draw(t, "a")
		requireAscends(t, a)
		if rapid.Bool().Draw(t, "dense") {
			for i := range a {
				a[i] &= 63
			}
		}
		slices.Sort(a)
		requireAscends(t, a)
		a = slices.Compact(a)
		requireAscends(t, a)
		for range 2 {
			i := rapid.IntRange(0, len(a)-1).Draw(t, "i")
			a[i] = rapid.OneOf(value, rapid.SampledFrom([]uint16{a[max(i-1, 0)], a[min(i+1, len(a)-1)]})).Draw(t, "v")
			requireAscends(t, a)
		}
	})
	for n := 1; n <= 36; n++ { // every pair of neighbours wrong in every way
		for i := 1; i < n; i++ {
			for _, x := range []uint16{0, 1, 100, 0x7fff, 0x8000, 0xffff} {
				for _, y := range []uint16{0, 1, 100, 0x7fff, 0x8000, 0xffff} {
					a := make([]uint16, n)
					for k := range a {
						a[k] = uint16(100 + 3*k)
					}
					a[i-1], a[i] = x, y
					requireAscends(t, a)
				}
			}
		}
	}
	whole := make([]uint16, BlockSize)
	for i := range whole {
		whole[i] = uint16(i)
	}
	requireAscends(t, whole)
	sparse := make([]uint16, BlockSize/2)
	for i := range sparse {
		sparse[i] = uint16(2 * i)
	}
	requireAscends(t, sparse)
}

// TestDecodeLowTo compares with the plain loop at every density, and with members
// crowded into few words.
func TestDecodeLowTo(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var buf lowBuf
	for card := 1; card <= portableArray; card += 1 + card/16 {
		for _, span := range []int{card, min(2*card, BlockSize), BlockSize} {
			w := new(Words)
			for n, low := 0, r.IntN(BlockSize-span+1); n < card; {
				v := low + r.IntN(span)
				if w[v>>6]>>(v&63)&1 == 0 {
					w[v>>6] |= 1 << (v & 63)
					n++
				}
			}
			want := make([]uint16, card)
			DecodeLow(want, w)
			require.Equal(t, want, decodeLowTo(&buf, w, card))
			p := make([]byte, 2*card)
			putArray(p, want)
			require.Equal(t, want[card-1], binary.LittleEndian.Uint16(p[2*card-2:]))
			for _, room := range []int{0, 1, 64, 130, 3000} { // bytes to spare, at an odd place
				got := bytes.Repeat([]byte{0xa5}, 1+2*card+room+64)
				getScratch().putLow(got[1:][:2*card+room], w, card)
				require.Equal(t, p, got[1:][:2*card])
				require.Equal(t, bytes.Repeat([]byte{0xa5}, 64), got[1+2*card+room:])
				require.Equal(t, byte(0xa5), got[0])
			}
			for _, like := range []int{1, 2000, portableArray} { // every step, whatever the density
				decodeLowTo(&buf, w, like)
				require.Equal(t, want, buf[:card])
			}
		}
	}
	full := ^uint64(0)
	w := new(Words)
	for i := range portableArray / 64 {
		w[wordsLen-1-i] = full
	}
	want := make([]uint16, portableArray)
	DecodeLow(want, w)
	require.Equal(t, want, decodeLowTo(&buf, w, portableArray))
	for i := range w {
		w[i] = full // too many: wrong, but nowhere else in memory
	}
	decodeLowTo(&buf, w, portableArray)
}

// TestPutWordRuns compares with jumping from run to run, for few and many runs that
// begin and end anywhere.
func TestPutWordRuns(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, longest := range []int{1, 3, 20, 200} {
		for _, gap := range []int{2, 30, 150} {
			w := new(Words)
			for at := r.IntN(2); at < BlockSize; at += 1 + r.IntN(gap) {
				last := min(at+r.IntN(longest), BlockSize-1)
				setRange(w, uint16(at), uint16(last))
				at = last + 1
			}
			for _, v := range []uint16{0, 63, 64, BlockSize - 1} {
				if _, n := CountRuns(w); n <= maxPutRuns {
					want := make([]byte, 4*n)
					putRuns(want, appendWordRuns(nil, w))
					got := bytes.Repeat([]byte{0xa5}, 4*n+9)
					getScratch().putWordRuns(got[1:], w, n)
					require.Equal(t, want, got[1:][:4*n])
					require.Equal(t, bytes.Repeat([]byte{0xa5}, 8), got[1+4*n:])
				}
				w[v>>6] ^= 1 << (v & 63)
			}
		}
	}
}

// TestSubsetOf compares blocks of every pair of forms with what counting says.
func TestSubsetOf(t *testing.T) {
	var all []Bitmap
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{1, 40, 900, 3000, 30000} {
		vs := make([]uint32, n)
		for i := range vs {
			vs[i] = r.Uint32N(1 << 17)
		}
		all = append(all, FromUnsorted(vs))
	}
	all = append(all, Bitmap{}, FromRange(0, 1<<17), FromRange(3, 70000), FromRange(1<<16, 1<<17), FromRange(5, 9).Or(FromRange(20, 90000)))
	for _, a := range all {
		for _, b := range all {
			require.Equal(t, a.AndNotLen(b) == 0, a.SubsetOf(b))
			require.True(t, a.And(b).SubsetOf(a))
			require.True(t, a.SubsetOf(a.Or(b)))
		}
	}
}
