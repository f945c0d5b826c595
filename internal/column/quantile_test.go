package column_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
)

// TestQuantileOfMany asks columns large enough for a sample, of which some mislead
// it: what it looks at is unlike the rest.
func TestQuantileOfMany(t *testing.T) {
	if battery.Raced {
		t.Skip("slow, and of one goroutine")
	}
	const n = 4 << 16
	r := rand.New(rand.NewPCG(6, 6))
	for i, draw := range []func(m int) int64{
		func(m int) int64 { return shapes[7](r) },
		func(m int) int64 { return shapes[2](r) },
		func(m int) int64 { return int64(r.Uint64()) },
		func(m int) int64 { return int64(m) },
		func(m int) int64 { // every 256th, in the middle, is sampled
			if m%256 == 128 {
				return math.MaxInt64
			}
			return int64(m)
		},
		func(m int) int64 {
			if m%256 == 128 {
				return math.MinInt64
			}
			return int64(m)
		},
		func(m int) int64 { return int64(m) >> 16 },
	} {
		var b column.Builder
		values := make([]int64, n)
		for m := range values {
			values[m] = draw(m)
			b.Append(uint32(m), values[m])
		}
		c := b.Column()
		odd := bitmap.FromSorted(oddOnes(n))
		for _, x := range []struct {
			set    bitmap.Bitmap
			values []int64
		}{
			{bitmap.FromRange(0, n), values},
			{odd, pick(values, oddOnes(n))},
		} {
			sorted := slices.Sorted(slices.Values(x.values))
			for _, q := range []float64{0, .001, .25, .5, .75, .999, 1, r.Float64()} {
				v, ok := c.Quantile(x.set, q)
				require.True(t, ok)
				require.Equal(t, sorted[max(int(math.Ceil(q*float64(len(sorted))))-1, 0)], v, fmt.Sprint(i, " ", q))
			}
		}
	}
}

func oddOnes(n uint32) (ms []uint32) {
	for m := uint32(1); m < n; m += 2 {
		ms = append(ms, m)
	}
	return ms
}

func pick(values []int64, ms []uint32) (out []int64) {
	for _, m := range ms {
		out = append(out, values[m])
	}
	return out
}
