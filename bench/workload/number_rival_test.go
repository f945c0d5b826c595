package workload

import (
	"math/rand/v2"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	bsi "github.com/RoaringBitmap/roaring/v2/BitSliceIndexing"
	"github.com/stretchr/testify/require"
)

// The rivals are judged by a loop with a branch before they judge us.
func TestNumberRivals(t *testing.T) {
	const width = 11
	r := rand.New(rand.NewPCG(17, 0))
	for _, n := range []int{1, 63, 64, 65, 1000, 70_003} {
		column := make([]int32, n)
		for i := range column {
			column[i] = r.Int32N(1 << width)
		}
		s := newSliced(column, width)
		index, err := s.index()
		require.NoError(t, err)
		top := int32(1<<width - 1)
		intervals := []interval{{0, 0}, {0, top}, {top, top}, {column[0], column[0]}, {300, 900}, {0, 511}, {512, top}, {513, 512 + 512}}
		for _, in := range intervals {
			want := roaring.New()
			for i, v := range column {
				if in.lo <= v && v <= in.hi {
					want.Add(uint32(i))
				}
			}
			require.Equal(t, int(want.GetCardinality()), in.count(column), "%d values, %+v", n, in)
			if in.lo == 0 {
				require.Equal(t, int(want.GetCardinality()), countBelow(column, in.hi), "%d values, %+v", n, in)
			}
			require.True(t, want.Equals(roaring.FromDense(in.words(column), false)), "%d values, %+v", n, in)
			require.True(t, want.Equals(s.between(in)), "%d values, %+v", n, in)
			require.True(t, want.Equals(index.CompareValue(1, bsi.RANGE, int64(in.lo), int64(in.hi), nil)), "%d values, %+v", n, in)
		}
	}
}
