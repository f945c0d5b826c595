//go:build battery

package query_test

import (
	"flag"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/battery"
)

// TestBatteryModel is what point 10 of the battery asks of queries: stores, and what is asked of them, drawn at random.
// rapid prints the seed of a failure.
func TestBatteryModel(t *testing.T) {
	const each = 10
	require.NoError(t, flag.Set("rapid.checks", strconv.Itoa(each)))
	battery.Each(t, 10, "queries", func(seed uint64) int64 {
		require.NoError(t, flag.Set("rapid.seed", strconv.FormatUint(seed*1000, 10))) // the checks take the seeds behind it
		rapid.Check(t, modelRun)
		return each
	})
}
