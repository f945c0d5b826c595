package crashfs

import (
	"io/fs"
	"syscall"
)

// A Fault makes calls fail.
type Fault struct {
	Calls Kind // which calls count; 0: Changes
	First int  // which of them fails first, from 1
	Every int  // 0: only that one; otherwise also each Every-th after it
	As    Failure
}

// A Failure is how a call fails. A Sync that fails never makes anything last,
// unless it is Late.
type Failure int

const (
	// IO is EIO, without effect.
	IO Failure = iota
	// NoSpace is ENOSPC, without effect.
	NoSpace
	// Short is ENOSPC after half of a Write; otherwise NoSpace.
	Short
	// Late is EIO, with all of the effect.
	Late
	// Reverted is EIO; after a Sync of a file the process reads what was synced
	// before.
	Reverted
)

// A trap is a Fault with what it has counted.
type trap struct {
	Fault
	seen int
}

// hit counts a call of kind k and reports whether it is to fail.
func (t *trap) hit(k Kind) bool {
	calls := t.Calls
	if calls == 0 {
		calls = Changes
	}
	if calls&k == 0 {
		return false
	}
	t.seen++
	past := t.seen - t.First
	return past == 0 || past > 0 && t.Every > 0 && past%t.Every == 0
}

// A fate is how a call ends; the zero fate is well.
type fate struct {
	failed bool
	as     Failure
}

// acts reports whether the call has its effect.
func (f fate) acts() bool { return !f.failed || f.as == Late }

// err is the error of a call about a file.
func (f fate) err(k Kind, name string) error {
	if !f.failed {
		return nil
	}
	err := syscall.EIO
	if f.as == NoSpace || f.as == Short {
		err = syscall.ENOSPC
	}
	return &fs.PathError{Op: k.String(), Path: name, Err: err}
}
