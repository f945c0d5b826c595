//go:build battery

package tagset_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// batteryFor is how long each long test runs: TAGROAR_BATTERY, a duration. A slice of at most an hour is what a machine
// is sure to finish; slices add up, each with a seed of its own.
func batteryFor(t *testing.T, def time.Duration) time.Duration {
	text := os.Getenv("TAGROAR_BATTERY")
	if text == "" {
		return def
	}
	d, err := time.ParseDuration(text)
	require.NoError(t, err)
	return min(d, time.Hour)
}

// record appends a line to the file TAGROAR_BATTERY_LOG.
func record(t *testing.T, format string, args ...any) {
	t.Logf(format, args...)
	name := os.Getenv("TAGROAR_BATTERY_LOG")
	if name == "" {
		return
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	require.NoError(t, err)
	_, err = fmt.Fprintf(f, "%s %s failed=%t %s\n", time.Now().UTC().Format(time.RFC3339), t.Name(), t.Failed(), fmt.Sprintf(format, args...))
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

func stressFor(t *testing.T) time.Duration { return batteryFor(t, 30*time.Minute) }

// crossOneOf lets TestModelCross make all of its runs.
const crossOneOf = 1

// TestModelCrossBattery repeats TestModelCross as TestModelBattery does TestModel.
func TestModelCrossBattery(t *testing.T) {
	end, rounds := time.Now().Add(batteryFor(t, 10*time.Minute)), 0
	for time.Now().Before(end) && !t.Failed() {
		rapid.Check(t, crossRun)
		rounds++
	}
	record(t, "rounds=%d", rounds)
}

// TestModelBattery repeats TestModel with new seeds until its time is over. rapid prints the seed of a failure.
func TestModelBattery(t *testing.T) {
	end, rounds := time.Now().Add(batteryFor(t, 10*time.Minute)), 0
	for time.Now().Before(end) && !t.Failed() {
		rapid.Check(t, modelRun)
		rounds++
	}
	record(t, "rounds=%d", rounds)
}
