package bitmap_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
)

// TestAndLenAcrossPages meets directories of one block, of part of a page and of
// hundreds of pages, at every offset of one to the other.
func TestAndLenAcrossPages(t *testing.T) {
	rng := rand.New(rand.NewPCG(64, 1))
	sparse := func(blocks, gap int) bitmap.Bitmap {
		var ids []uint32
		for num, n := rng.IntN(4*gap), 0; num < bitmap.BlockSize && n < blocks; n++ {
			for range 1 + rng.IntN(20) {
				ids = append(ids, uint32(num)<<16|uint32(rng.IntN(24)))
			}
			num += 1 + rng.IntN(gap)
		}
		return bitmap.FromUnsorted(ids)
	}
	sizes := []struct{ blocks, gap int }{{0, 1}, {1, 60_000}, {3, 9_000}, {63, 900}, {64, 1}, {65, 700}, {130, 3}, {900, 70}, {9_000, 7}, {60_000, 1}}
	for i, x := range sizes {
		for j, y := range sizes {
			if (i+j)%battery.SerialOf(5) != 0 {
				continue
			}
			a, b := sparse(x.blocks, x.gap), sparse(y.blocks, y.gap)
			require.Equal(t, a.And(b).Len(), a.AndLen(b), "%v %v", x, y)
			require.Equal(t, a.Len()+b.Len()-a.Or(b).Len(), b.AndLen(a), "%v %v", x, y)
			require.Equal(t, a.Len(), a.AndLen(a))
		}
	}
}

// TestAndLenWhile: the walk ends with the error of whoever does not want to go on, is
// the same for who does, and asks a few times, not at every page.
func TestAndLenWhile(t *testing.T) {
	var ids []uint32
	for num := range uint32(5000) {
		ids = append(ids, num<<16, num<<16|num)
	}
	b := bitmap.FromUnsorted(ids)
	asked := 0
	n, err := b.AndLenWhile(b, func() error { asked++; return nil })
	require.NoError(t, err)
	require.Equal(t, b.Len(), n)
	require.True(t, 20 <= asked && asked <= 80, asked)
	_, err = b.AndLenWhile(b, func() error { return context.Canceled })
	require.ErrorIs(t, err, context.Canceled)
}
