//go:build battery

package journal

import (
	"testing"
	"time"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/seal"
)

func TestBatteryDamage(t *testing.T) { recordDamage(t, "segment", nil) }

func TestBatterySealedDamage(t *testing.T) { recordDamage(t, "sealed segment", ring(3)) }

func recordDamage(t *testing.T, name string, keys seal.Keys) {
	began := time.Now()
	n := damageSealed(t, keys, 1) + damageCurrent(t, keys, 1)
	battery.Record(t, battery.Result{Point: 4, Name: name, Size: n, Of: n, Took: time.Since(began)})
}

// TestBatteryCrashes is the log's part of point 2; what counts there is the whole
// store on such disks.
func TestBatteryCrashes(t *testing.T) {
	end := time.Now().Add(battery.Time(t))
	states, seed := int64(0), uint64(2)
	for ; time.Now().Before(end); seed++ {
		var keys seal.Keys
		if seed%2 == 0 {
			keys = ring(3)
		}
		states += run(t, seed, keys, 60).crash(t, []int{0, 10, 50, 90, 100}, 4)
	}
	t.Logf("%d crash states of %d scripts", states, seed-2)
}
