package bitmap_test

import (
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Slow twins of the kernels: one word at a time.

func fold(s []*bitmap.Words, start uint64, f func(x, y uint64) uint64) *bitmap.Words {
	d := new(bitmap.Words)
	for i := range d {
		x := start
		for _, w := range s {
			x = f(x, w[i])
		}
		d[i] = x
	}
	return d
}

func slowCount(w *bitmap.Words) (card, runs int) {
	before := false
	for v := range 65536 {
		in := w[v/64]>>(v%64)&1 != 0
		if in {
			card++
			if !before {
				runs++
			}
		}
		before = in
	}
	return card, runs
}

// kernelInputs are Words of all densities, with runs across word borders.
func kernelInputs() []*bitmap.Words {
	r := rand.New(rand.NewPCG(8, 8))
	var out []*bitmap.Words
	for _, low := range append(shapesOf(7), nil) {
		out = append(out, wordsOf(low))
	}
	for range 6 {
		w := new(bitmap.Words)
		for i := range w {
			switch r.IntN(4) {
			case 0:
				w[i] = r.Uint64()
			case 1:
				w[i] = ^uint64(0)
			case 2:
				w[i] = 1<<63 | 1
			}
		}
		out = append(out, w)
	}
	return out
}

func TestKernelsAgainstSlowTwins(t *testing.T) {
	in := kernelInputs()
	count := func(w *bitmap.Words) int { card, _ := slowCount(w); return card }
	for i, a := range in {
		card, runs := slowCount(a)
		gotCard, gotRuns := bitmap.CountRuns(a)
		require.Equal(t, [2]int{card, runs}, [2]int{gotCard, gotRuns})
		require.Equal(t, card, bitmap.Count(a))
		b := in[(i*7+3)%len(in)]
		for _, k := range []struct {
			kernel func(d, a, b *bitmap.Words)
			count  func(a, b *bitmap.Words) int
			twin   func(x, y uint64) uint64
		}{
			{bitmap.And, bitmap.WordsAndCount, func(x, y uint64) uint64 { return x & y }},
			{bitmap.Or, nil, func(x, y uint64) uint64 { return x | y }},
			{bitmap.AndNot, bitmap.WordsAndNotCount, func(x, y uint64) uint64 { return x &^ y }},
			{bitmap.Xor, nil, func(x, y uint64) uint64 { return x ^ y }},
		} {
			want := new(bitmap.Words)
			for j := range want {
				want[j] = k.twin(a[j], b[j])
			}
			got := new(bitmap.Words)
			k.kernel(got, a, b)
			require.True(t, *want == *got)
			*got = *a
			k.kernel(got, got, b) // in place
			require.True(t, *want == *got)
			if k.count != nil {
				require.Equal(t, count(want), k.count(a, b))
			}
		}
	}
}

func TestManyKernelsAgainstSlowTwins(t *testing.T) {
	in := kernelInputs()
	for n := range 13 {
		var s []*bitmap.Words
		for i := range n {
			s = append(s, in[(i*5+n)%len(in)])
		}
		union := fold(s, 0, func(x, y uint64) uint64 { return x | y })
		both := fold(s, ^uint64(0), func(x, y uint64) uint64 { return x & y })
		d := in[1] // garbage to be overwritten
		got := *d
		bitmap.OrMany(&got, s)
		require.True(t, *union == got)
		got = *d
		bitmap.AndMany(&got, s)
		require.True(t, *both == got)
		require.Equal(t, bitmap.Count(union), bitmap.OrManyCount(s))
		require.Equal(t, bitmap.Count(both), bitmap.AndManyCount(s))
		if n > 0 { // in place
			first := *s[0]
			bitmap.OrMany(&first, append([]*bitmap.Words{&first}, s[1:]...))
			require.True(t, *union == first)
			first = *s[0]
			bitmap.AndMany(&first, append([]*bitmap.Words{&first}, s[1:]...))
			require.True(t, *both == first)
		}
	}
}

func TestDecode(t *testing.T) {
	for _, w := range kernelInputs() {
		var want []uint32
		for i, x := range w {
			for ; x != 0; x &= x - 1 {
				want = append(want, 5<<16+uint32(i*64+bits.TrailingZeros64(x)))
			}
		}
		got := make([]uint32, len(want)) // exactly enough
		require.Equal(t, len(want), bitmap.Decode(got, w, 5<<16))
		low := make([]uint16, len(want))
		require.Equal(t, len(want), bitmap.DecodeLow(low, w))
		for i, v := range want {
			if got[i] != v || low[i] != uint16(v) {
				require.Equal(t, v, got[i])
				require.Equal(t, uint16(v), low[i])
			}
		}
	}
}
