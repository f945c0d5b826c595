//go:build battery

package tagset_test

import (
	"testing"

	"github.com/tagroar/tagroar/internal/battery"
)

// TestBatteryImmutability is point 8 of the battery.
func TestBatteryImmutability(t *testing.T) {
	const each = 5000
	battery.Each(t, 8, "immutability", func(seed uint64) int64 {
		immutable(t, seed, each)
		return each
	})
}
