package analytics_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/tagset"
	"github.com/tagroar/tagroar/tagset/analytics"
)

func TestOverlapAgainstPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bound := rapid.SampledFrom([]uint32{50, 300_000}).Draw(t, "bound")
		sets := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) tagset.Set { return drawSet(t, "set", bound) }), 1, 6).Draw(t, "sets")
		names, everyone := make([]string, len(sets)), tagset.Set{}
		for i := range sets {
			names[i], everyone = fmt.Sprint("标签", i), everyone.Or(sets[i])
		}
		m, err := analytics.Overlaps(context.Background(), storeOf(t, names, sets, everyone), names...)
		require.NoError(t, err)
		require.Equal(t, names, m.Tags)
		for i, a := range sets {
			for k, b := range sets {
				require.Equal(t, a.AndLen(b), m.Both[i][k])
				require.Equal(t, a.OrLen(b), m.Either(i, k))
				if a.OrLen(b) > 0 {
					require.Equal(t, float64(a.AndLen(b))/float64(a.OrLen(b)), m.Similarity(i, k))
				} else {
					require.Zero(t, m.Similarity(i, k))
				}
			}
		}
	})
}

func TestOverlapErrors(t *testing.T) {
	v := storeOf(t, []string{"a"}, []tagset.Set{tagset.SetOf(1)}, tagset.SetOf(1))
	_, err := analytics.Overlaps(context.Background(), v, "a", "b")
	require.EqualError(t, err, `tagset: overlap tag "b": no such tag`)
	done, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = analytics.Overlaps(done, v, "a")
	require.ErrorIs(t, err, context.Canceled)
}
