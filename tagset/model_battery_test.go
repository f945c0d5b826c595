//go:build battery

package tagset_test

import (
	"flag"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/battery"
)

// Point 10 of the battery. rapid prints the seed of a failure.

func TestBatteryModel(t *testing.T) { sequences(t, "model", modelRun) }

func TestBatteryModelCross(t *testing.T) { sequences(t, "crossing", crossRun) }

// sequences runs a property of 100 steps on average, ten times for each seed.
func sequences(t *testing.T, name string, property func(*rapid.T)) {
	const each = 10
	require.NoError(t, flag.Set("rapid.steps", "100"))
	require.NoError(t, flag.Set("rapid.checks", strconv.Itoa(each)))
	battery.Each(t, 10, name, func(seed uint64) int64 {
		require.NoError(t, flag.Set("rapid.seed", strconv.FormatUint(seed*1000, 10))) // the checks take the seeds behind it
		rapid.Check(t, property)
		return each
	})
}

func TestBatteryModelDurable(t *testing.T) { sequences(t, "durable", lossRun) }
