package bitmap_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// TestCountRange counts between bounds of every kind in blocks of every shape.
func TestCountRange(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for _, low := range shapesOf(3) {
		b := bitmap.FromSorted(lift(1, low)).Block(0)
		for range 50 {
			first, last := uint16(r.IntN(65536)), uint16(r.IntN(65536))
			switch r.IntN(4) {
			case 0:
				first = 0
			case 1:
				last = 65535
			case 2:
				last = first
			}
			want := 0
			for _, v := range low {
				if first <= v && v <= last {
					want++
				}
			}
			require.Equal(t, want, b.CountRange(first, last))
		}
	}
	require.Zero(t, bitmap.Block{}.CountRange(0, 65535))
}

// TestEditorBlock looks at blocks in the middle of edits.
func TestEditorBlock(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for _, low := range shapesOf(3) {
		m := modelOf(lift(1, low))
		e := bitmap.NewEditor(bitmap.FromSorted(lift(1, low)))
		for range 40 {
			v := 1<<16 | uint32(r.IntN(65536))
			if r.IntN(2) == 0 {
				v = 1<<16 | uint32(low[r.IntN(len(low))])
			}
			if m.has(v) {
				e.Remove(v)
				m.set(v, false)
			} else {
				e.Add(v)
				m.set(v, true)
			}
			b := e.Block(1)
			require.Equal(t, e.Len(), b.Len())
			require.Equal(t, m.has(v), b.Contains(uint16(v)))
		}
		require.Equal(t, m.sorted(), append([]uint32{}, e.Block(1).AppendTo(nil)...))
		require.True(t, e.Block(2).IsEmpty())
		e.RemoveSorted(m.sorted())
		require.True(t, e.Block(1).IsEmpty())
	}
}
