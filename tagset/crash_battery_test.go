//go:build battery

package tagset_test

import (
	"testing"

	"github.com/tagroar/tagroar/internal/battery"
)

// TestBatteryCrash is point 2 of the battery. A seed is a script of 500 steps for
// each kind of directory, and what crashes leave of it.
func TestBatteryCrash(t *testing.T) {
	battery.Each(t, 2, "crash", func(seed uint64) (states int64) {
		for _, kind := range crashKinds() {
			c := crashRun{kind: kind, seed: seed, steps: 500, kept: []int{0, 10, 50, 90, 100}, thorough: 32}
			states += c.run(t)
		}
		return states
	})
}
