package tagset

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestGrowth counts at random, and keeps what was counted before, which must
// not change.
func TestGrowth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type kept struct {
			g    growth
			want []dayGrowth
		}
		var g growth
		var want []dayGrowth
		var all []kept
		day := rapid.Int64Range(dayZero+1, 100_000).Draw(t, "first day")
		for range rapid.IntRange(0, 30).Draw(t, "changes") {
			day += rapid.SampledFrom([]int64{0, 0, 1, 1, 2, 31, 32, 33, 5000}).Draw(t, "days pass")
			count := rapid.SampledFrom([]int{0, 0, 1, 1, 2, 127, 128, 1 << 30})
			added, removed := count.Draw(t, "added"), count.Draw(t, "removed")
			all = append(all, kept{g, slices.Clone(want)})
			g = g.count(day, added, removed)
			switch n := len(want); {
			case added+removed == 0:
			case n > 0 && want[n-1].day == day:
				want[n-1].added += uint64(added)
				want[n-1].removed += uint64(removed)
			default:
				want = append(want, dayGrowth{day, uint64(added), uint64(removed)})
			}
		}
		for _, k := range append(all, kept{g, want}) {
			require.Equal(t, k.want, slices.Collect(k.g.days))
			var again growth
			again.before = dayZero
			for d := range k.g.days {
				again.push(d)
			}
			require.Equal(t, slices.Collect(k.g.days), slices.Collect(again.days))
			require.True(t, slices.Equal(k.g.past, again.past), "one history, one form")
		}
		sum := int64(0)
		for _, d := range want {
			sum += int64(d.added) - int64(d.removed)
		}
		require.NoError(t, g.check(day, uint64(max(0, sum))))
	})
}
