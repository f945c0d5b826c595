package bitmap_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
)

// TestAllocations: questions allocate nothing, a single-member edit a block, a page
// and the page table.
func TestAllocations(t *testing.T) {
	if battery.Raced {
		t.Skip("the race detector empties pools")
	}
	for i, x := range shapesOf(11) {
		for j, y := range shapesOf(12) {
			a, b := bitmap.FromSorted(lift(1, x)), bitmap.FromSorted(lift(1, y))
			n := testing.AllocsPerRun(3, func() {
				a.AndLen(b)
				a.OrLen(b)
				a.Intersects(b)
				a.SubsetOf(b)
				a.Equal(b)
				a.Contains(65536 + 77)
				a.Rank(65536 + 7700)
				a.Select(len(x) / 2)
				bitmap.AndCount(a.Block(0), b.Block(0))
			})
			require.LessOrEqual(t, n, 0.5, "%s %s", shapeNames[i], shapeNames[j]) // a collection may empty the pool
		}
	}
	b := bitmap.FromSorted(lift(1, shapesOf(11)[len(shapeNames)-1]))
	buf := make([]byte, 0, b.PortableLen())
	out := make([]uint32, 0, b.Len())
	require.LessOrEqual(t, testing.AllocsPerRun(3, func() {
		b.AppendPortable(buf)
		b.AppendTo(out)
		for range b.From(70000) {
			break
		}
	}), 0.5)
	for i, low := range shapesOf(11) {
		b := bitmap.FromSorted(lift(1, low))
		v := uint32(65536 + 30011)
		require.LessOrEqual(t, testing.AllocsPerRun(3, func() { b.With(v) }), 6.0, shapeNames[i])
	}
}
