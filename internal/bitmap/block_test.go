package bitmap_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
)

func wordsOf(low []uint16) *bitmap.Words {
	w := new(bitmap.Words)
	for _, v := range low {
		w[v/64] |= 1 << (v % 64)
	}
	return w
}

func blockOf(low []uint16) bitmap.Block {
	if len(low) == 0 {
		return bitmap.Block{}
	}
	return bitmap.FromSorted(lift(3, low)).Block(0)
}

// blockForms are all the ways to hold low: canonical, and over scratch.
func blockForms(low []uint16) []bitmap.Block {
	return []bitmap.Block{
		blockOf(low),
		bitmap.ScratchArray(3, low),
		bitmap.ScratchWords(3, wordsOf(low), len(low)),
	}
}

// TestBlockPairs checks what the evaluator calls, for every pair of shapes and forms.
func TestBlockPairs(t *testing.T) {
	xs, ys := append(shapesOf(4), nil), append(shapesOf(5), nil)
	for i, x := range xs {
		in := wordsOf(x)
		for j, y := range ys {
			if (i+j)%battery.SerialOf(3) != 0 {
				continue
			}
			w := wordsOf(y)
			var both, left []uint16
			for _, v := range y {
				if in[v/64]>>(v%64)&1 != 0 {
					both = append(both, v)
				} else {
					left = append(left, v)
				}
			}
			for _, b := range blockForms(x) {
				for _, c := range blockForms(y) {
					require.Equal(t, len(both), bitmap.AndCount(b, c), "%v %v", b.Form(), c.Form())
				}
				into := func(f func(bitmap.Block, *bitmap.Words)) *bitmap.Words {
					d := *w
					f(b, &d)
					return &d
				}
				var want bitmap.Words
				bitmap.And(&want, w, in)
				require.True(t, want == *into(bitmap.Block.AndInto))
				bitmap.Or(&want, w, in)
				require.True(t, want == *into(bitmap.Block.OrInto))
				bitmap.AndNot(&want, w, in)
				require.True(t, want == *into(bitmap.Block.AndNotInto))
				bitmap.Xor(&want, w, in)
				require.True(t, want == *into(bitmap.Block.XorInto))
				require.True(t, *in == *into(bitmap.Block.CopyTo))
				require.True(t, slices.Equal(both, b.Filter(nil, y, true)))
				require.True(t, slices.Equal(left, b.Filter(nil, y, false)))
				require.True(t, slices.Equal(append([]uint16{7}, left...), b.Filter([]uint16{7}, y, false)))
				inPlace := slices.Clone(y)
				require.True(t, slices.Equal(both, b.Filter(inPlace[:0], inPlace, true)))
				inPlace = slices.Clone(y)
				require.True(t, slices.Equal(left, b.Filter(inPlace[:0], inPlace, false)))
			}
		}
	}
}

func TestBlockMembers(t *testing.T) {
	for _, low := range append(shapesOf(6), nil) {
		in := wordsOf(low)
		for _, b := range blockForms(low) {
			require.Equal(t, len(low), b.Len())
			require.Equal(t, len(low) == 0, b.IsEmpty())
			require.True(t, slices.Equal(append([]uint32{1}, lift(3, low)...), b.AppendTo([]uint32{1})))
			if len(low) > 0 {
				require.Equal(t, low[0], b.Min())
				require.Equal(t, low[len(low)-1], b.Max())
			}
			rank := 0
			for v := range 1 << 16 {
				has := in[v/64]>>(v%64)&1 != 0
				if has {
					if rank%37 == 0 && b.Select(rank) != uint16(v) {
						require.Equal(t, uint16(v), b.Select(rank))
					}
					rank++
				}
				if b.Contains(uint16(v)) != has {
					require.Equal(t, has, b.Contains(uint16(v)), v)
				}
				if v%61 == 0 && b.Rank(uint16(v)) != rank {
					require.Equal(t, rank, b.Rank(uint16(v)), v)
				}
			}
		}
	}
}

// TestAndCountLengths runs the array kernels over all short lengths, where their
// unrolled bodies and tails meet.
func TestAndCountLengths(t *testing.T) {
	for n := range 40 {
		for m := range 40 {
			var x, y []uint16
			for i := range n {
				x = append(x, uint16(i*3))
			}
			for i := range m {
				y = append(y, uint16(i*2+60))
			}
			want := 0
			for _, v := range x {
				if slices.Contains(y, v) {
					want++
				}
			}
			require.Equal(t, want, bitmap.AndCount(bitmap.ScratchArray(0, x), bitmap.ScratchArray(0, y)), "%d %d", n, m)
		}
	}
	long := span(0, 65535)
	for _, one := range []uint16{0, 1, 32767, 65535} {
		require.Equal(t, 1, bitmap.AndCount(bitmap.ScratchArray(0, []uint16{one}), bitmap.ScratchArray(0, long)))
	}
}
