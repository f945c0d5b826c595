//go:build battery

package query_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestModelBattery repeats TestModel with new seeds for TAGROAR_BATTERY, a duration of at most an hour (ten minutes
// unless set), and appends a line to the file TAGROAR_BATTERY_LOG. rapid prints the seed of a failure.
func TestModelBattery(t *testing.T) {
	long := 10 * time.Minute
	if text := os.Getenv("TAGROAR_BATTERY"); text != "" {
		d, err := time.ParseDuration(text)
		require.NoError(t, err)
		long = min(d, time.Hour)
	}
	end, rounds := time.Now().Add(long), 0
	for time.Now().Before(end) && !t.Failed() {
		rapid.Check(t, modelRun)
		rounds++
	}
	t.Logf("%d rounds", rounds)
	if name := os.Getenv("TAGROAR_BATTERY_LOG"); name != "" {
		f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
		require.NoError(t, err)
		_, err = fmt.Fprintf(f, "%s query.%s failed=%t rounds=%d\n", time.Now().UTC().Format(time.RFC3339), t.Name(), t.Failed(), rounds)
		require.NoError(t, err)
		require.NoError(t, f.Close())
	}
}
