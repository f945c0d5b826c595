package workload_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/bench/population"
	"github.com/tagroar/tagroar/bench/workload"
)

// Our answer to each question, by its text, is that of every way of the rival.
func TestQuestionsAreTheRows(t *testing.T) {
	p, err := population.Table(20_000, nil)
	require.NoError(t, err)
	ids := workload.PopulationIDs()
	for _, q := range workload.Questions() {
		require.Contains(t, ids, q.ID)
		plan, err := workload.Compile(p.Store.View(), q.Text(p.Tags))
		require.NoError(t, err, q.ID)
		if !q.Ranks() {
			n, err := plan.Count(context.Background())
			require.NoError(t, err)
			for _, w := range q.CountWays(p.Bitmaps) {
				require.Equal(t, n, w.Count(), "%s, %s", q.ID, w.Name)
			}
			continue
		}
		top, err := plan.Top(context.Background(), q.Limit)
		require.NoError(t, err)
		var want []workload.Ranked
		for _, r := range top {
			want = append(want, workload.Ranked{Member: uint32(r.Member), Score: r.Score})
		}
		for _, w := range q.RankWays(p.Bitmaps) {
			require.Equal(t, want, w.Rank(), "%s, %s", q.ID, w.Name)
		}
	}
}
