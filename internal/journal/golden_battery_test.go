//go:build battery

package journal_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
)

// TestBatteryGoldens is what point 11 of the battery asks of the log.
func TestBatteryGoldens(t *testing.T) {
	began := time.Now()
	TestGolden(t)
	files, err := filepath.Glob("testdata/golden*/*/*")
	require.NoError(t, err)
	n := int64(len(files))
	battery.Record(t, battery.Result{Point: 11, Name: "golden segments", Size: n, Of: n, Took: time.Since(began)})
}
