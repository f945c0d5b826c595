package tagset

import (
	"strconv"
	"time"

	"github.com/tagroar/tagroar/internal/journal"
)

// Sync is when a durable store makes a commit last: before Update returns, in
// intervals, or when the operating system does. At each level what is found after
// a failure is a prefix of the versions in their order.
//
//	level            killed process   power failure
//	SyncAlways       nothing is lost  nothing is lost, if the disk honours a flush
//	SyncInterval(d)  nothing is lost  what was committed in the last d and one sync
//	SyncOS           nothing is lost  what the system had not written
type Sync int64

const (
	// SyncAlways makes every commit last before its Update returns. Concurrent
	// Updates share the wait.
	SyncAlways Sync = 0
	// SyncOS leaves it to the operating system, but for Store.Sync and Close.
	SyncOS Sync = -1
)

// SyncInterval makes commits last every d, by a goroutine that Close ends. Updates
// go on meanwhile. Open refuses a d of 0 or less ([ErrType]).
func SyncInterval(d time.Duration) Sync {
	if d <= 0 {
		return badSync
	}
	return Sync(d)
}

const badSync Sync = -2

// String returns "always", "os" or "every 1s".
func (s Sync) String() string {
	switch {
	case s == SyncAlways:
		return "always"
	case s == SyncOS:
		return "os"
	case s > 0:
		return "every " + time.Duration(s).String()
	}
	return "sync level " + strconv.FormatInt(int64(s), 10)
}

// checkSync refuses what is no level.
func checkSync(op string, s Sync) error {
	if s < SyncOS {
		return &Error{Op: op, Err: ErrType, detail: "a sync interval of 0 or less"}
	}
	return nil
}

// interval is how often a goroutine syncs; ok is false if none does.
func (s Sync) interval() (d time.Duration, ok bool) { return time.Duration(s), s > 0 }

// Sync returns when every version that an Update, Apply or Promote has returned
// before is synced: a barrier for the levels at which these do not wait for it.
// Updates go on meanwhile. Like them it is [ErrPoisoned] after a failed sync, its own
// or another, and [ErrClosed] on a closed store. In a store in memory nothing lasts,
// and Sync does nothing.
func (s *Store) Sync() error {
	if s.disk == nil {
		return nil
	}
	if err := s.syncBeside(); err != nil {
		return fileError("sync", err)
	}
	return nil
}

// syncBeside is syncLog beside those who write to the log. If it fails they are
// told, unless the log is closed.
func (s *Store) syncBeside() error {
	err := s.syncLog()
	if err != nil {
		err = s.withLog(func(*journal.Log) error { return err })
	}
	return err
}

// syncLog syncs what is in the log; after a sync that failed no other is tried.
func (s *Store) syncLog() error {
	d := s.disk
	if err := d.readOnly(); err != nil {
		return err
	}
	last := s.root.Load().version
	if err := d.out.Sync(); err != nil {
		return poison(err)
	}
	d.syncedUpTo(last)
	return nil
}

// syncEvery is the goroutine of SyncInterval. A sync that fails makes the store
// read-only, which the next Update tells, and Close.
func (s *Store) syncEvery(every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-s.disk.stop:
			return
		case <-tick.C:
		}
		if s.syncBeside() != nil {
			return
		}
	}
}
