package analytics

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// drawBlocks makes sets whose blocks have all forms.
func drawBlocks(t *rapid.T) bitmap.Bitmap {
	var vs []uint32
	for range rapid.IntRange(0, 4).Draw(t, "parts") {
		at := rapid.Uint32Range(0, 4<<16).Draw(t, "at")
		n, step := rapid.Uint32Range(1, 30_000).Draw(t, "n"), rapid.SampledFrom([]uint32{1, 2, 3, 64, 4096, 65_537}).Draw(t, "step")
		for i := range min(n, 1<<20/step) {
			vs = append(vs, at+i*step)
		}
	}
	return bitmap.FromUnsorted(vs)
}

// What tells sets apart must never tell apart those that differ by as much as allowed.
func TestSketchesBoundTheDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawBlocks(t)
		b := a.Xor(bitmap.FromUnsorted(rapid.SliceOfN(rapid.Uint32Range(0, 5<<16), 0, 40).Draw(t, "differ")))
		if rapid.Bool().Draw(t, "unrelated") {
			b = drawBlocks(t)
		}
		apart := a.XorLen(b)
		var w bitmap.Words
		s := newParities(3)
		for i, set := range []bitmap.Bitmap{a, b, a} {
			p := parityOf(set, &w)
			s.set(i, &p)
		}
		x, y := countsOf(a), countsOf(b)
		require.False(t, s.farther(0, 1, apart))
		require.False(t, x.farther(&y, apart))
		require.False(t, s.farther(0, 2, 0), "equal sets have equal sketches")
		require.False(t, x.farther(&x, 0))
		both, ok := andLenUnlessApart(a, b, apart)
		require.True(t, ok)
		require.Equal(t, a.AndLen(b), both)
		if apart > 0 {
			_, ok = andLenUnlessApart(a, b, apart-1)
			require.False(t, ok)
		}
	})
}

// The cells do not depend on the form of a block: member by member they are the same.
func TestSketchesOfAllForms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := drawBlocks(t)
		var c counts
		var p parity
		for v := range set.All() {
			by := shift(uint16(v >> 16))
			c[(int(uint16(v)>>windowBits)+int(by>>26))%cells]++
			p[(int(uint16(v)>>6)+int(by>>24))%parityWords] ^= 1 << ((v + by>>18) & 63)
		}
		var w bitmap.Words
		require.Equal(t, c, countsOf(set))
		require.Equal(t, p, parityOf(set, &w))
	})
	forms := map[bitmap.Form]bool{}
	for _, set := range []bitmap.Bitmap{bitmap.Of(1, 5), bitmap.FromRange(0, 9000), bitmap.FromSorted(odd(9000))} {
		for b := range set.Blocks() {
			forms[b.Form()] = true
		}
	}
	require.Len(t, forms, 3)
}

func odd(n uint32) []uint32 {
	return slices.Collect(func(yield func(uint32) bool) {
		for v := uint32(1); v < n && yield(v); v += 2 {
		}
	})
}
