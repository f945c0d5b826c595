package population_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/bench/population"
)

// classes counts tags by what performance.md asks of a population of n ≥ 1M members.
func TestClassesOfAMillion(t *testing.T) {
	const n = 1_000_000
	specs := population.Specs(n)
	require.Len(t, specs, population.Tags)
	var dense, middle, small, tiny, clustered, card int
	for _, s := range specs {
		density := float64(s.Members) / n
		switch {
		case density >= 0.20 && density <= 0.50:
			dense++
		case s.Index < population.Small && density >= 0.01 && density <= 0.10:
			middle++
		case s.Members >= 5_000 && s.Members <= 50_000:
			small++
		case s.Members < 5_000 && s.Members > 0:
			tiny++
		}
		if s.Clustered {
			clustered++
		}
		if s.Members == 5_000 {
			card++
		}
	}
	require.Equal(t, []int{10, 40, 100, 50}, []int{dense, middle, small, tiny})
	require.Equal(t, population.Tags/2, clustered)
	require.GreaterOrEqual(t, card, population.Card)
}

func TestBitmapsKeepTheirSpec(t *testing.T) {
	for _, n := range []int{1000, 100_000, 300_001} {
		words := make([]uint64, population.Words(n))
		for _, s := range population.Specs(n) {
			b := population.Bitmap(s, n, words)
			require.Equal(t, s.Members, int(b.GetCardinality()), "%+v", s)
			require.Less(t, int(b.Maximum()), n)
			require.NoError(t, b.Validate())
			require.True(t, population.Bitmap(s, n, words).Equals(b), "the same again")
		}
	}
}

func TestRandomIsSpreadAndClusteredIsRuns(t *testing.T) {
	const n = 200_000
	words := make([]uint64, population.Words(n))
	for _, s := range population.Specs(n)[:population.Small] {
		b := population.Bitmap(s, n, words)
		half := float64(b.Rank(n/2)) / float64(s.Members)
		runs := 0
		for r := b.Iterator(); r.HasNext(); {
			v := r.Next()
			if v == 0 || !b.Contains(v-1) {
				runs++
			}
		}
		mean := float64(s.Members) / float64(runs)
		if s.Clustered {
			require.Greater(t, mean, 10.0, "%+v", s)
			continue
		}
		require.InDelta(t, 0.5, half, 0.05, "%+v", s)
		require.InDelta(t, 1/(1-float64(s.Members)/n), mean, 0.1, "%+v", s)
	}
}

func TestValuesFillTheirRange(t *testing.T) {
	const n = 100_000
	values := population.Values(n)
	require.Len(t, values, n)
	require.Equal(t, values[:n/2], population.Values(n)[:n/2], "the same again")
	var tenths [10]int
	for _, v := range values {
		require.GreaterOrEqual(t, v, int32(0))
		require.Less(t, v, int32(1<<population.ValueBits))
		tenths[int(v)*10>>population.ValueBits]++
	}
	for _, k := range tenths {
		require.InDelta(t, n/10, k, n/100)
	}
}
