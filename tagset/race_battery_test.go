//go:build battery

package tagset_test

import (
	"testing"
	"time"

	"github.com/tagroar/tagroar/internal/battery"
)

// TestBatteryRace is point 7 of the battery; the race detector judges.
func TestBatteryRace(t *testing.T) {
	if !battery.Raced {
		t.Fatal("this is for go test -race")
	}
	const each = 10 * time.Second
	battery.Each(t, 7, "race", func(seed uint64) int64 {
		newArena(t, seed).stress(t, seed, each)
		return int64(each / time.Second)
	})
}
