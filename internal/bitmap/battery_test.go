//go:build battery

package bitmap_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// TestEveryBitFlipOfEveryShape is TestEveryBitFlip for encodings of all sizes.
func TestEveryBitFlipOfEveryShape(t *testing.T) {
	for i, low := range shapesOf(14) {
		p := bitmap.FromSorted(append(lift(1, low), 2<<16)).AppendPortable(nil)
		before, err := bitmap.ParsePortable(p)
		require.NoError(t, err)
		for bit := range len(p) * 8 {
			p[bit/8] ^= 1 << (bit % 8)
			b, err := bitmap.ParsePortable(p)
			if err != nil {
				require.ErrorIs(t, err, bitmap.ErrFormat)
			} else {
				require.NoError(t, b.Check())
				require.False(t, b.Equal(before), "%s: bit %d", shapeNames[i], bit)
			}
			p[bit/8] ^= 1 << (bit % 8)
		}
	}
}
