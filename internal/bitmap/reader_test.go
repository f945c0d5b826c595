package bitmap_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
)

// read is what a Reader hands out, and in how many parts.
func read(r bitmap.Reader) (vs []uint32, parts int) {
	for r.More() {
		vs = append(vs, r.Members()...)
		parts++
	}
	if r.More() || len(r.Members()) > 0 { // the end stays the end
		parts = -1
	}
	return vs, parts
}

// TestReaderBeginsAnywhere: of every shape, and from every kind of place.
func TestReaderBeginsAnywhere(t *testing.T) {
	for i, low := range shapesOf(21) {
		vs := slices.Concat(lift(2, low), lift(3, low), lift(700, low))
		b := bitmap.FromSorted(vs)
		from := []uint32{0, 1, 2 << 16, 2<<16 | 1, 2<<16 | 65535, 3 << 16, 3<<16 | 63, 3<<16 | 64, 3<<16 | 65, 4 << 16, 700 << 16, 701 << 16, 1<<32 - 1}
		for k := 0; k < len(vs); k += 1 + len(vs)/40*battery.SerialOf(4) {
			from = append(from, vs[k], vs[k]+1, vs[k]-1)
		}
		for _, v := range from {
			k, _ := slices.BinarySearch(vs, v)
			got, parts := read(b.Reader(v))
			require.True(t, slices.Equal(vs[k:], got), "%s from %d", shapeNames[i], v)
			require.LessOrEqual(t, parts, 5+len(got)/64)
			x := b.Find(3)
			k, _ = slices.BinarySearch(low, uint16(v))
			got, _ = read(x.Reader(uint16(v)))
			require.True(t, slices.Equal(lift(3, low[k:]), got), "%s from %d", shapeNames[i], uint16(v))
		}
	}
}

func TestReaderAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vs := genMembers(3).Draw(t, "members")
		v := rapid.Uint32Range(0, 3<<16).Draw(t, "from")
		b := bitmap.FromSorted(vs)
		k, _ := slices.BinarySearch(vs, v)
		got, _ := read(b.Reader(v))
		require.True(t, slices.Equal(vs[k:], got))
		n := rapid.IntRange(0, 300).Draw(t, "few")
		var few []uint32
		for v := range b.From(v) {
			if len(few) == n {
				break
			}
			few = append(few, v)
		}
		require.True(t, slices.Equal(vs[k:][:min(n, len(vs)-k)], few))
	})
}
