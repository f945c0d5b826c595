//go:build battery

package tagset_test

import (
	"testing"

	"github.com/tagroar/tagroar/internal/battery"
)

// TestBatteryFaults is point 3 of the battery. A seed is a script of 200 steps for
// one kind of directory and one way to fail; as many seeds as there are
// combinations are all of them.
func TestBatteryFaults(t *testing.T) {
	battery.Each(t, 3, "faults", func(seed uint64) int64 {
		f := newFaultSweep(seed, 200)
		return int64(f.sweep(t).Failed)
	})
}
