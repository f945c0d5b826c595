//go:build battery

package tagset_test

import (
	"testing"

	"github.com/tagroar/tagroar/internal/battery"
)

// TestBatteryHistories is point 9 of the battery.
func TestBatteryHistories(t *testing.T) {
	battery.Each(t, 9, "histories", func(seed uint64) int64 {
		runHistory(t, seed)
		return 1
	})
}
