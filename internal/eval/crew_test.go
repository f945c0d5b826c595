package eval

import (
	"errors"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// job is a task that calls f for each part.
type job struct {
	c *crew
	f func(part int) error
}

func (j *job) work() error {
	for {
		part, ok := j.c.take()
		if !ok {
			return nil
		}
		if err := j.f(part); err != nil {
			return err
		}
	}
}

func together(width, parts, first int, f func(part int) error) error {
	c := newCrew()
	c.width, c.parts = width, parts
	return c.do(&job{c, f}, first)
}

// settled waits until no more goroutines run than before: one that is done with its
// work may take a moment to go.
func settled(t *testing.T, before int) {
	t.Helper()
	for start := time.Now(); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		require.Less(t, time.Since(start), 10*time.Second, "%d goroutines too many", runtime.NumGoroutine()-before)
	}
}

func TestCrewDoesEveryPartOnce(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, width := range []int{1, 2, 3, 16} {
		for _, parts := range []int{0, 1, 2, 100} {
			for _, first := range []int{0, 1, 60} {
				done := make([]atomic.Int32, parts)
				var at, most atomic.Int32
				require.NoError(t, together(width, parts, first, func(part int) error {
					if n := at.Add(1); n > most.Load() {
						most.Store(n)
					}
					done[part].Add(1)
					runtime.Gosched()
					at.Add(-1)
					return nil
				}))
				require.Zero(t, at.Load())
				require.LessOrEqual(t, int(most.Load()), width)
				for i := range done {
					want := 1
					if i < first {
						want = 0
					}
					require.Equal(t, want, int(done[i].Load()), "part %d of %d by %d", i, parts, width)
				}
			}
		}
	}
	settled(t, before)
}

// Whoever meets an error, all others stop, and it is returned when they have.
func TestCrewStopsAtAnError(t *testing.T) {
	before, failed := runtime.NumGoroutine(), errors.New("failed")
	for range 200 {
		var at, parts atomic.Int32
		err := together(4, 1<<20, 0, func(part int) error {
			at.Add(1)
			defer at.Add(-1)
			parts.Add(1)
			if runtime.Gosched(); part == 40 {
				return failed
			}
			return nil
		})
		require.ErrorIs(t, err, failed)
		require.Zero(t, at.Load())
		require.Less(t, int(parts.Load()), 1<<19)
	}
	settled(t, before)
}

// A panic reaches the caller, be it its own or that of a worker, and so does the end
// of a worker's goroutine; nobody is left then.
func TestCrewPanics(t *testing.T) {
	before, broken := runtime.NumGoroutine(), errors.New("broken")
	var at atomic.Int32
	var callers, others int
	for i := range 200 {
		own := i%2 == 0
		id := goroutine()
		failed := func() (v any) {
			defer func() { v = recover() }()
			_ = together(3, 1<<20, 0, func(part int) error {
				at.Add(1)
				defer at.Add(-1)
				if runtime.Gosched(); (goroutine() == id) == own && part > 20 {
					panic(broken)
				}
				return nil
			})
			return nil
		}()
		require.Zero(t, at.Load())
		if failed == nil {
			continue // the others were never needed
		}
		require.ErrorIs(t, failed.(error), broken)
		if own {
			callers++
			continue
		}
		others++
		require.ErrorContains(t, failed.(error), "crew_test.go", "it shows where")
	}
	require.Positive(t, callers)
	require.Positive(t, others)

	ended := func() (v any) {
		defer func() { v = recover() }()
		id := goroutine()
		_ = together(2, 1<<20, 0, func(int) error {
			if runtime.Gosched(); goroutine() != id {
				runtime.Goexit()
			}
			return nil
		})
		return nil
	}()
	require.ErrorContains(t, ended.(error), "ended")
	settled(t, before)
}

// goroutine tells goroutines apart.
func goroutine() string {
	var b [32]byte
	return string(b[:runtime.Stack(b[:], false)])
}
