package eval

import (
	"fmt"
	"math"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Several goroutines share work that is cut into parts: every worker, the caller
// among them, takes the next part that nobody has taken, until none is left. This
// balances the work whichever parts hold it, as long as parts are small (P. Tang, P.-C.
// Yew, "Processor Self-Scheduling for Multiple-Nested Parallel Loops", ICPP 1986; on
// queries V. Leis et al., "Morsel-Driven Parallelism", SIGMOD 2014).
//
// Parts are taken in ascending order, and who has taken one finishes it: what has
// been done in the end is always a beginning of all parts.
//
// Where other goroutines want the processors, a worker may begin late. So none is
// started as long as another has been started and not begun: the caller never waits
// for more than one that comes too late to do anything.

// crew is the workers of one call, and what is left to do.
type crew struct {
	task  task
	width int // workers at most
	parts int

	todo  atomic.Int64 // the first part that nobody has taken
	hired atomic.Int64 // workers so far, the caller being the first
	begun atomic.Int64 // those of them that run already
	help  func()       // c.assist; kept, as making it allocates
	decoy func()       // see hire
	wait  sync.WaitGroup

	mu    sync.Mutex
	err   error
	crash *crash
}

// task is what a crew does.
type task interface {
	// work takes parts until there are no more. Every worker calls it once.
	work() error
}

func newCrew() *crew {
	c := new(crew)
	c.help, c.decoy = c.assist, c.wait.Done
	return c
}

// do does t, from part number first on. It returns the first error of a worker, and
// panics if one of them did; no worker is left then.
func (c *crew) do(t task, first int) error {
	c.task, c.err, c.crash = t, nil, nil
	c.todo.Store(int64(first))
	c.hired.Store(1)
	c.begun.Store(1)
	c.share()
	c.task = nil
	if c.crash != nil {
		panic(c.crash)
	}
	return c.err
}

// share is the caller's share.
func (c *crew) share() {
	defer c.wait.Wait()
	defer c.halt() // in a panic, too
	c.work()
}

// assist is the share of a worker that was hired.
func (c *crew) assist() {
	done := false
	defer func() {
		if !done { // recover gives nothing if the goroutine was ended from inside
			c.crashed(recover())
		}
		c.wait.Done()
	}()
	c.begun.Add(1)
	c.work()
	done = true
}

func (c *crew) work() {
	if !c.left() {
		return
	}
	c.hire()
	if err := c.task.work(); err != nil {
		c.halt()
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.err == nil {
			c.err = err
		}
	}
}

// take is the next part; false: there is none.
func (c *crew) take() (int, bool) {
	i := c.todo.Add(1) - 1
	if i >= int64(c.parts) {
		return 0, false
	}
	c.hire()
	return int(i), true
}

// left tells whether there are parts to be taken.
func (c *crew) left() bool { return c.todo.Load() < int64(c.parts) }

// halt ends the taking.
func (c *crew) halt() { c.todo.Store(math.MaxInt64 / 2) }

// hire starts a worker, if one is wanted and none is on its way. A goroutine that
// was started last waits for the processor that started it, and others may take it
// from there only after a pause, of 50 µs mostly. So one with nothing to do is started
// after it.
func (c *crew) hire() {
	n := c.hired.Load()
	if n < int64(c.width) && c.begun.Load() == n && c.left() && c.hired.CompareAndSwap(n, n+1) {
		c.wait.Add(2) // by the caller before it waits, or by somebody whom it waits for
		go c.help()
		go c.decoy()
	}
}

func (c *crew) crashed(value any) {
	c.halt()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.crash == nil {
		c.crash = &crash{value, debug.Stack()}
	}
}

// crash is a worker's panic on its way to the caller.
type crash struct {
	value any // nil: the goroutine was ended
	stack []byte
}

// Error shows where it happened.
func (c *crash) Error() string {
	if c.value == nil {
		return "eval: a worker's goroutine was ended"
	}
	return fmt.Sprintf("eval: panic in a worker: %v\n\n%s", c.value, c.stack)
}

// Unwrap is what the worker panicked with, if that was an error.
func (c *crash) Unwrap() error {
	err, _ := c.value.(error)
	return err
}
