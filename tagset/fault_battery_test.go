//go:build battery

package tagset_test

import (
	"testing"

	"github.com/tagroar/tagroar/internal/battery"
)

// TestBatteryFaults is point 3 of the battery. A seed is a script of 200 steps for
// one kind of directory and one way to fail, and a share of the N; 480 seeds are
// all kinds, ways and N.
func TestBatteryFaults(t *testing.T) {
	battery.Each(t, 3, "faults", func(seed uint64) int64 {
		const combinations, shares = 30, 16
		f := newFaultSweep(seed%combinations, 200)
		f.first, f.stride = 1+int(seed/combinations%shares), shares
		return int64(f.sweep(t).Failed)
	})
}
