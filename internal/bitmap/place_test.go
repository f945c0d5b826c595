package bitmap_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// A place goes where a cursor goes, whatever is skipped, and a copy goes on by itself.
func TestPlaceIsACursor(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var ids []uint32
		num := uint32(0)
		for range rapid.IntRange(0, 300).Draw(r, "blocks") {
			num += rapid.SampledFrom([]uint32{1, 1, 1, 1, 2, 70}).Draw(r, "gap")
			ids = append(ids, num<<16|7)
		}
		b := bitmap.FromSorted(ids)
		var p bitmap.Place
		var rest bitmap.Cursor
		b.Forward(&p, &rest)
		c := b.Cursor()
		same := func(p bitmap.Place, c *bitmap.Cursor, num uint32) {
			want := c.Find(num)
			require.Equal(r, want, p.Block)
			if want == nil {
				require.EqualValues(r, bitmap.BlockSize, p.Num)
				return
			}
			require.Same(r, want, p.Block)
			require.EqualValues(r, want.Num(), p.Num)
		}
		same(p, &c, 0)
		for p.Num < bitmap.BlockSize {
			to := p.Num + rapid.SampledFrom([]uint32{1, 1, 1, 2, 64, 65, 200, 30_000, bitmap.BlockSize}).Draw(r, "step")
			far, farRest, farCursor := p, rest, c
			far.Move(&farRest, to)
			same(far, &farCursor, to)
			if to > bitmap.BlockSize || rapid.Bool().Draw(r, "only look") {
				to = p.Num + 1
			}
			p.Move(&rest, to)
			same(p, &c, to)
		}
	})
}
