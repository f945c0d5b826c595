package tagset_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/internal/disk"
)

// TestCrash runs short scripts and crashes after each call that changed the disk:
// point 2 of the acceptance battery, small.
func TestCrash(t *testing.T) {
	if battery.Raced {
		t.Skip("no concurrency: run without the race detector")
	}
	for i, kind := range crashKinds() {
		t.Run(kind.name, func(t *testing.T) {
			c := crashRun{kind: kind, seed: uint64(i), steps: 60, kept: []int{0, 50, 100}, thorough: 16}
			states := c.run(t)
			t.Logf("%d crash states after %v", states, c.script.done)
		})
	}
}

// A crashRun crashes a script everywhere.
type crashRun struct {
	kind     crashKind
	seed     uint64
	steps    int
	kept     []int                   // per cent, of what was not synced
	thorough int                     // one in so many states is looked at more closely
	under    func(disk.Dir) disk.Dir // between store and disk
	script   *crashScript
}

// run returns how many states were recovered from.
func (c *crashRun) run(t *testing.T) int64 {
	states, err := c.crash()
	require.NoError(t, err, "%s, seed %d", c.kind.name, c.seed)
	return states
}

func (c *crashRun) crash() (states int64, err error) {
	c.script = newCrashScript(c.kind, c.seed)
	c.script.under = c.under
	if err := c.script.run(c.steps); err != nil {
		return 0, fmt.Errorf("script: %w", err)
	}
	// Each goroutine goes through all of the log and crashes at its share of it.
	const workers = 2
	var sum atomic.Int64
	var wg sync.WaitGroup
	var errs [workers]error
	for w := range workers {
		wg.Go(func() {
			r := c.script.dir.Replay()
			for k, call := range r.All() {
				if k%workers != w {
					continue
				}
				for _, kept := range c.kept {
					l := crashfs.Loss{Kept: kept, Seed: c.seed}
					if err := c.state(r, k, l); err != nil {
						errs[w] = fmt.Errorf("crash after call %d, %v, %+v: %w", k, call, l, err)
						return
					}
					sum.Add(1)
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return sum.Load(), err
		}
	}
	return sum.Load(), nil
}

// state recovers from one state.
func (c *crashRun) state(r *crashfs.Replay, k int, l crashfs.Loss) error {
	draw := rand.New(rand.NewPCG(l.Seed, uint64(k)))
	if draw.IntN(c.thorough) > 0 {
		return c.script.recover(r.Crash(l), k)
	}
	return c.script.recoverThoroughly(r.Crash(l), k, draw)
}
