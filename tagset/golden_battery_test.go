//go:build battery

package tagset_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
)

// TestBatteryGoldens is point 11 of the battery. What it runs is part of the default tests as well; here it is counted.
func TestBatteryGoldens(t *testing.T) {
	began := time.Now()
	for name, test := range map[string]func(*testing.T){
		"v1": TestGoldenSnapshotV1, "v2": TestGoldenSnapshotV2, "v3": TestGoldenSnapshotV3, "v4": TestGoldenSnapshot,
		"v4 sealed": TestGoldenSealedSnapshot, "changes": TestGoldenChanges, "stores": TestGoldenStores,
	} {
		t.Run(name, test)
	}
	n := int64(0)
	for _, pattern := range []string{"testdata/*.bin", goldenStoreRoot + "/*/*"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		n += int64(len(files))
	}
	battery.Record(t, battery.Result{Point: 11, Name: "goldens", Size: n, Of: n, Took: time.Since(began)})
}
