package tagset

import "time"

// Sync is when a durable store makes a commit last: before Update returns, in
// intervals, or when the operating system does.
type Sync int64

const (
	// SyncAlways makes every commit last before its Update returns. Concurrent
	// Updates share the wait.
	SyncAlways Sync = 0
	// SyncOS leaves it to the operating system: a killed process loses nothing,
	// a power failure what the system had not written.
	SyncOS Sync = -1
)

// SyncInterval makes commits last every d, by a goroutine that Close ends: a
// killed process loses nothing, a power failure at most d and the time that a sync
// takes.
func SyncInterval(d time.Duration) Sync {
	if d <= 0 {
		return badSync
	}
	return Sync(d)
}

const badSync Sync = -2
