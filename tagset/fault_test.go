package tagset_test

import (
	"errors"
	"fmt"
	"runtime/debug"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/tagset"
)

// TestFaults makes calls of short scripts fail, in all ways: point 3 of the
// acceptance battery, small.
func TestFaults(t *testing.T) {
	if battery.Raced {
		t.Skip("no concurrency: run without the race detector")
	}
	var done faultsDone
	kinds := uint64(len(crashKinds()))
	for i := range 2 * kinds { // each kind twice, and all failures
		seed := i%kinds + kinds*((i+i/kinds)%uint64(failures))
		f := newFaultSweep(seed, 40)
		f.first, f.stride = 1+int(seed), 211
		done.add(f.sweep(t))
	}
	t.Logf("%+v", done)
	require.Greater(t, done.Failed, 100)
	require.Greater(t, done.Poisoned, 20)
}

// failures is how many ways to fail there are.
const failures = int(crashfs.Reverted) + 1

// A faultSweep runs a script again and again, each time with another call failing,
// and with each Nth.
type faultSweep struct {
	kind   crashKind
	as     crashfs.Failure
	seed   uint64
	steps  int
	first  int // N
	stride int // from one N to the next
}

// newFaultSweep makes all combinations of kinds and failures, one a seed.
func newFaultSweep(seed uint64, steps int) faultSweep {
	kinds := crashKinds()
	n := uint64(len(kinds))
	return faultSweep{kind: kinds[seed%n], as: crashfs.Failure(seed / n % uint64(failures)), seed: seed, steps: steps, first: 1, stride: 1}
}

// faultsDone counts.
type faultsDone struct{ Runs, Failed, Poisoned, Errors int }

func (d *faultsDone) add(e faultsDone) {
	d.Runs, d.Failed, d.Poisoned, d.Errors = d.Runs+e.Runs, d.Failed+e.Failed, d.Poisoned+e.Poisoned, d.Errors+e.Errors
}

// sweep goes through all N up to the number of calls of the script.
func (f *faultSweep) sweep(t *testing.T) (done faultsDone) {
	sound := newCrashScript(f.kind, f.seed)
	require.NoError(t, sound.run(f.steps))
	const everything = ^crashfs.Kind(0)
	for _, calls := range []crashfs.Kind{crashfs.Changes, everything} {
		if f.as == crashfs.NoSpace || f.as == crashfs.Short {
			calls &^= crashfs.SyncDir // space runs out where names are changed
		}
		for first := f.first; first <= sound.dir.Calls(); first += f.stride {
			for _, every := range []int{0, first} {
				r := faultRun{
					crashScript: newCrashScript(f.kind, f.seed),
					fault:       crashfs.Fault{Calls: calls, First: first, Every: every, As: f.as},
				}
				err := r.run(f.steps)
				require.NoError(t, err, "%s, seed %d, %+v", f.kind.name, f.seed, r.fault)
				done.add(r.counts)
			}
		}
	}
	return done
}

// A faultRun is a script on a disk with faults.
type faultRun struct {
	*crashScript
	fault  crashfs.Fault
	disk   *crashfs.Replay // behind the last step
	counts faultsDone
}

// run does so many steps, and returns what must not be: a promise that was not
// kept, an error that is about something else than the fault, a panic.
func (f *faultRun) run(steps int) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	f.counts.Runs++
	f.disk = f.dir.Replay()
	f.dir.Inject(f.fault)
	if err := f.opened(f.open()); err != nil {
		return err
	}
	for n := range steps {
		if err := f.faultyStep(n); err != nil {
			return fmt.Errorf("step %d: %w", n, err)
		}
	}
	f.dir.Inject()
	if err := f.kill(); err != nil {
		return fmt.Errorf("at the end: %w", err)
	}
	if err := f.store.Check(); err != nil {
		return err
	}
	return f.goesOn(f.store, f.dir)
}

// faultyStep does one step, and whatever it takes to go on after it.
func (f *faultRun) faultyStep(n int) error {
	store := f.store
	err := f.step()
	lost := f.behind()
	if !tolerable(err) {
		return err
	}
	if err != nil {
		f.counts.Errors++
	}
	if err != nil || lost || n%8 == 0 {
		if err := f.crashes(); err != nil {
			return err
		}
	}
	if f.store == nil {
		return f.opened(err)
	}
	if f.store != store {
		return nil // opened again
	}
	if !lost && !errors.Is(err, tagset.ErrPoisoned) {
		return nil
	}
	return f.poisoned(n)
}

// behind looks at the calls of a step, and reports whether a sync among them failed.
func (f *faultRun) behind() (lost bool) {
	for _, c := range f.disk.All() {
		if !c.Failed {
			continue
		}
		f.counts.Failed++
		if c.Kind == crashfs.Sync || c.Kind == crashfs.SyncDir {
			lost = true
			f.reverted = f.reverted || f.fault.As == crashfs.Reverted
		}
	}
	return lost
}

// tolerable reports whether an error is of the disk.
func tolerable(err error) bool {
	return err == nil || !errors.Is(err, errBroken) && !errors.Is(err, tagset.ErrCorrupt) &&
		(errors.Is(err, syscall.EIO) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, tagset.ErrPoisoned))
}

// crashes crashes the disk where it is.
func (f *faultRun) crashes() error {
	for i, kept := range []int{0, 50, 50, 100} {
		l := crashfs.Loss{Kept: kept, Seed: f.seed + uint64(i)}
		if err := f.recover(f.disk.Crash(l), f.dir.Calls()); err != nil {
			return fmt.Errorf("crash after call %d, %+v: %w", f.dir.Calls(), l, err)
		}
	}
	return nil
}

// opened goes on after an attempt to open; if that went wrong it tries again,
// without faults in the end.
func (f *faultRun) opened(err error) error {
	for try := 0; err != nil; try++ {
		f.behind()
		if !tolerable(err) {
			return err
		}
		f.counts.Errors++
		if e := f.crashes(); e != nil {
			return e
		}
		if try == 3 {
			f.dir.Inject()
		}
		if try%2 == 1 { // mostly the same process tries again
			f.dir = f.dir.Kill()
		}
		if err = f.open(); err == nil && try >= 3 {
			f.dir.Inject(f.fault)
		}
	}
	f.behind()
	return nil
}

// poisoned: a sync has failed, so nothing is written any more until the directory
// is opened again; reading goes on.
func (f *faultRun) poisoned(n int) error {
	f.counts.Poisoned++
	if p := f.store.Durability().Poisoned; !errors.Is(p, tagset.ErrPoisoned) {
		return fmt.Errorf("%w: not poisoned after a failed sync: %v", errBroken, p)
	}
	calls := f.dir.Calls()
	for range 2 {
		_, err := f.store.Update(func(tx *tagset.Tx) error { return tx.Enroll(1_000_000) })
		if !errors.Is(err, tagset.ErrPoisoned) {
			return fmt.Errorf("%w: an update of a poisoned store: %v", errBroken, err)
		}
	}
	if f.dir.Calls() != calls {
		return fmt.Errorf("%w: a poisoned store writes", errBroken)
	}
	if v := f.store.View(); v.Version() != f.seen || v.Digest() != f.digests[f.seen] {
		return fmt.Errorf("%w: a poisoned store shows version %d, not %d", errBroken, v.Version(), f.seen)
	}
	var err error
	if n%2 == 0 {
		err = f.kill()
	} else if err = f.reopen(); f.store != nil {
		err = nil // of closing
	}
	return f.opened(err)
}
