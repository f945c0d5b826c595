package tagset

import (
	"cmp"
	"io"
	"sync"
	"sync/atomic"

	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/internal/journal"
)

// A durable is what a store in a directory has beside the one in memory. Its
// locks, and the order in which they are taken:
//
//	Store.mu   one transaction at a time; guards tip, tipBatch and closed
//	writing    the flush lock: the log, and with it Store.root
//	queue.mu   the queue alone, for an instant
//
// Before all of these comes compacting, of who changes which snapshots there are
// (compact.go); rebuilt.mu may be taken under that, and none of these under rebuilt.mu.
// Mu may be taken under writing, never the other way round: who holds mu may be
// running an application's function for as long as that likes, and the log goes on
// meanwhile. queue.mu is the innermost.
type durable struct {
	dir  disk.Dir
	lock io.Closer    // of the directory; let go by Close
	log  *journal.Log // to write, for whoever holds writing; to read and sync, for all
	out  appender     // log, as flush.go and sync.go know it; a test may have another
	sync Sync

	queue    queue
	tipBatch *batch // that of Store.tip; nil: it is published. Guarded by Store.mu

	writing flushLock
	company bool // the last batch was of several commits; guarded by writing
	ended   bool // by Close; guarded by writing

	poison atomic.Pointer[error] // why nothing is written any more; set once, under writing and mu

	stop   chan struct{}  // closed by Close: ends what runs beside
	jobs   sync.WaitGroup // what runs beside
	down   chan struct{}  // closed when Close has done all
	ending error          // what Close came to; before down

	files
}

// An appender is the log as commits are written to it: *[journal.Log].
type appender interface {
	Append(cs []*journal.Commit, sync bool) error
	Sync() error
	Close() error
}

// tuning is what tests set otherwise than programs.
type tuning struct {
	segmentBytes int64
}

// startDurable makes s, of which nobody else knows, the store that writes to d.
// What d needs besides its directory, log and level is made here.
func (s *Store) startDurable(d *durable) {
	s.disk = d
	d.writing = newFlushLock()
	d.stop, d.down = make(chan struct{}), make(chan struct{})
	if every, ok := d.sync.interval(); ok {
		d.jobs.Go(func() { s.syncEvery(every) })
	}
}

// readOnly is the ErrPoisoned of a store whose sync has failed.
func (d *durable) readOnly() error {
	if err := d.poison.Load(); err != nil {
		return *err
	}
	return nil
}

// withLog calls fn while nobody else writes to the log. Everything in the log is
// published then: its end is the version of the root. Whoever holds Store.mu must
// not call it. fn is not called, and the error is bare, on a store that is closed
// ([ErrClosed]) or read-only ([ErrPoisoned]); the store is read-only from now on if
// fn's error is journal.ErrPoisoned.
func (s *Store) withLog(fn func(*journal.Log) error) error {
	d := s.disk
	d.writing.take()
	defer d.writing.give()
	return s.exclusively(func() error { return fn(d.log) })
}

// exclusively is withLog for who holds the flush lock.
func (s *Store) exclusively(fn func() error) error {
	d := s.disk
	switch {
	case d.ended:
		return ErrClosed
	case d.readOnly() != nil:
		return d.readOnly()
	}
	err := fn()
	if isPoison(err) {
		err = s.drop(err)
	}
	return err
}

// closeDurable ends what runs beside, writes what is queued, syncs, and lets go of
// the directory. Nothing more gets into the queue.
func (s *Store) closeDurable() error {
	d := s.disk
	close(d.stop)
	d.stopCompacting()
	d.jobs.Wait()
	d.writing.take()
	defer d.writing.give()
	for s.flush() {
	}
	err := s.exclusively(s.syncLog)
	s.publishClosed()
	d.ended = true
	if err = cmp.Or(err, d.out.Close(), d.lock.Close()); err != nil {
		return fileError("close", err)
	}
	return nil
}
