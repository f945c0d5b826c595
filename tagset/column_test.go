package tagset_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/tagset"
)

// TestColumnWhere asks a column in the units of Int, also where it keeps steps.
func TestColumnWhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(1969, 12, 31, 20, 0, 0, 0, time.UTC)
		s, err := tagset.New(tagset.Config{Clock: func() time.Time { return now }})
		require.NoError(t, err)
		step := rapid.SampledFrom([]time.Duration{0, time.Second, time.Hour, 90 * time.Minute}).Draw(t, "step")
		for m := range tagset.Member(12) {
			_, err := s.Update(func(tx *tagset.Tx) error {
				_, _ = tx.CreateTag(tagset.Tag{Name: "k", KeepTimes: true, TimeStep: step})
				_ = tx.CreateAttribute("t", tagset.Time)
				_, err := tx.Add("k", m)
				require.NoError(t, err)
				return tx.SetTime("t", m, now)
			})
			require.NoError(t, err)
			now = now.Add(time.Duration(rapid.IntRange(0, 200_000).Draw(t, "seconds")) * time.Second)
		}
		times, _ := s.View().Times("k")
		instants, _ := s.View().Column("t")
		end := rapid.OneOf(rapid.Int64Range(-100_000, 1_500_000), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64, -86400, 0, 86399, 86400}))
		in := []column.Interval{{Lo: end.Draw(t, "lo"), Hi: end.Draw(t, "hi")}, {Lo: end.Draw(t, "lo"), Hi: end.Draw(t, "hi")}}
		for _, c := range []tagset.Column{times, instants, {}} {
			p := c.Where(in...)
			for m := range tagset.Member(13) {
				v, ok := c.Int(m)
				want := ok && (in[0].Lo <= v && v <= in[0].Hi || in[1].Lo <= v && v <= in[1].Hi)
				require.Equal(t, want, p.Contains(uint32(m)), "%d in %v", v, in)
			}
		}
	})
}
