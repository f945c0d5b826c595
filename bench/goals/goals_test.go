package goals_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/bench/goals"
)

func TestPublished(t *testing.T) {
	table, err := goals.Published()
	require.NoError(t, err)
	require.Equal(t, goals.Goal{Floor: goals.Bound{Value: 2.6}, Kernels: goals.Bound{Value: 4}}, table.For("Q5", "10M"))
	require.Equal(t, 2.0, table.For("M4", "10M").Floor.Value)
	require.Equal(t, goals.Goal{}, table.For("Q1", "300k"), "no goal at other sizes")
	require.Equal(t, goals.Goal{}, table.For("P1", "1M"))
	h := table.For("H1", "10M").Floor
	require.Equal(t, "≤1.2", h.String())
	require.True(t, h.Met(1.1))
	require.False(t, h.Met(1.3))
	require.Equal(t, "≤8", table.For("T1/decimal", "10M").Floor.String())
	require.Equal(t, "–", goals.Bound{}.String())
	require.True(t, table.For("Q2", "1M").Floor.Met(0.15))
	require.False(t, table.For("Q2", "1M").Floor.Met(0.14))
	for row, sizes := range table {
		for size, g := range sizes {
			if g.Floor.AtMost {
				require.LessOrEqual(t, g.Kernels.Value, g.Floor.Value, "%s %s", row, size)
				continue
			}
			require.GreaterOrEqual(t, g.Kernels.Value, g.Floor.Value, "%s %s", row, size)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, bad := range []string{"Q1 1M 1", "Q1 1M a 1", "Q1 1M 1 b", "Q1 1M 0 1", "Q1 1M 1 1\nQ1 1M 1 1", "Q1 1M <=x 1"} {
		_, err := goals.Parse(bad)
		require.Error(t, err, bad)
	}
}
