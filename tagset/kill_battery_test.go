//go:build battery

package tagset_test

import (
	"testing"

	"github.com/tagroar/tagroar/internal/battery"
)

// TestBatteryKill is point 1 of the battery.
func TestBatteryKill(t *testing.T) {
	var k killer
	defer k.forget(t)
	battery.Each(t, 1, "kill", func(seed uint64) int64 {
		k.loop(t, seed)
		return 1
	})
	t.Logf("%d acknowledged versions", k.acks)
}
