//go:build battery

package seal_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
)

// TestBatteryGoldens is what point 11 of the battery asks of streams.
func TestBatteryGoldens(t *testing.T) {
	began := time.Now()
	TestGoldenStreams(t)
	files, err := filepath.Glob("testdata/*.bin")
	require.NoError(t, err)
	n := int64(len(files))
	battery.Record(t, battery.Result{Point: 11, Name: "golden streams", Size: n, Of: n, Took: time.Since(began)})
}
