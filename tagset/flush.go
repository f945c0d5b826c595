package tagset

import (
	"errors"
	"runtime"
	"slices"
	"sync"

	"github.com/tagroar/tagroar/internal/journal"
)

// Group commit. A transaction of a durable store ends with its state and its
// commit in a queue, and the next one builds on that state at once, although
// nobody else sees it yet. Whoever waits for something in the queue also stands
// in line for the flush lock; the one who gets it, the leader, writes the oldest
// batch to the log, syncs, publishes its states, wakes those who wait for the
// batch, and hands the lock on. While that sync runs the next batch fills, so
// that the more writers there are the more of them share one sync; there is no
// timer, and a single writer waits for nobody.
//
// A batch that cannot be written takes down all that was built on it, which is
// all of the queue and the transaction under way: they fail with its error, and
// the next transaction builds on what is published. The keys that the dropped
// states had interned stay in the index, past every view's end, and the next
// writer of the index forks it, as after a view that escaped (keys_tx.go).
//
// A transaction that changed nothing, or failed, has still read the state it
// began with; it is answered when that state is published, or fails with it:
// nobody is told of a version that never was.

// maxBatch bounds a batch, unless one commit alone is larger: the log writes it
// in one piece, and the last in it waits for the bytes of all.
const maxBatch = 1 << 20

// A batch is commits that are written and synced together.
type batch struct {
	states  []*state
	commits []*journal.Commit
	bytes   int
	done    chan struct{} // closed when it is published, or dropped
	err     error         // why it was dropped; set before done

	// Room for the batch of a single writer.
	state  [1]*state
	commit [1]*journal.Commit
}

// A queue is the batches not yet taken by a leader, oldest first; the last one
// still fills.
type queue struct {
	mu      sync.Mutex
	batches []*batch
}

// add queues what made st, and returns its batch.
func (q *queue) add(st *state, c *journal.Commit) *batch {
	q.mu.Lock()
	defer q.mu.Unlock()
	bytes := logBytes(c)
	var b *batch
	if n := len(q.batches); n > 0 {
		b = q.batches[n-1]
	}
	if b == nil || b.bytes+bytes > maxBatch {
		b = &batch{done: make(chan struct{})}
		b.states, b.commits = b.state[:0], b.commit[:0]
		q.batches = append(q.batches, b)
	}
	b.states = append(b.states, st)
	b.commits = append(b.commits, c)
	b.bytes += bytes
	return b
}

// next takes the oldest batch out; nil: there is none.
func (q *queue) next() *batch {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.batches) == 0 {
		return nil
	}
	b := q.batches[0]
	q.batches = slices.Delete(q.batches, 0, 1) // there are few, and their place is used again
	return b
}

// logBytes is about what c takes in the log.
func logBytes(c *journal.Commit) int {
	const frame = 40 // head, padding, and what encryption adds
	n := 2 * frame
	for _, op := range c.Ops {
		n += frame + len(op)
	}
	return n
}

// A flushLock is a mutex that one can wait for beside other things: it is held by
// whoever took the one value out of the channel. Those who wait get it in turn.
type flushLock chan struct{}

func newFlushLock() flushLock {
	l := make(flushLock, 1)
	l.give()
	return l
}

func (l flushLock) take() { <-l }
func (l flushLock) give() { l <- struct{}{} }

// await returns when b is published (nil) or dropped, and leads meanwhile if the
// lead is free.
func (s *Store) await(b *batch) error {
	d := s.disk
	for {
		select {
		case <-b.done:
			return b.err
		case <-d.writing:
			select {
			case <-b.done: // meanwhile; somebody else waits for the lead
			default:
				s.flush()
			}
			d.writing.give()
		}
	}
}

// flush writes the oldest batch of the queue, if there is one, and publishes it.
// The caller holds the flush lock.
func (s *Store) flush() (more bool) {
	d := s.disk
	if d.company {
		// Those who were just woken come back with their next commits: the first
		// of them would lead a batch of its own, and all others wait for its sync.
		// Letting them run makes batches of 7 out of 4 with 8 writers.
		runtime.Gosched()
	}
	b := d.queue.next()
	if b == nil {
		return false
	}
	d.company = len(b.commits) > 1
	err := d.readOnly()
	if err == nil {
		err = d.out.Append(b.commits, d.sync == SyncAlways)
	}
	if err != nil {
		s.drop(err, b)
		return true
	}
	d.grew(int64(b.bytes))
	s.advance(b.states...)
	b.forget()
	close(b.done)
	return true
}

// drop fails the batches, which were taken from the queue, and all of the queue,
// for they are built on what the log does not have: the tip is what is published
// again. It returns the error that they fail with. The caller holds the flush lock.
func (s *Store) drop(err error, taken ...*batch) error {
	d := s.disk
	s.mu.Lock() // the transaction under way ends, and is in the queue
	defer s.mu.Unlock()
	if isPoison(err) {
		var final error = &refusal{means: []error{ErrPoisoned}, cause: err}
		d.poison.CompareAndSwap(nil, &final)
	}
	if final := d.readOnly(); final != nil {
		err = final
	}
	s.tip = s.root.Load().state
	d.tipBatch = nil
	for _, b := range taken {
		b.fail(err)
	}
	for b := d.queue.next(); b != nil; b = d.queue.next() {
		b.fail(err)
	}
	return err
}

func (b *batch) fail(err error) {
	b.forget()
	b.err = err
	close(b.done)
}

// forget lets go of what was in b, which tipBatch may hold for long.
func (b *batch) forget() {
	b.states, b.commits = nil, nil
	b.state[0], b.commit[0] = nil, nil
}

// poison makes err, of a sync, one that leaves the store read-only.
func poison(err error) error {
	if isPoison(err) {
		return err
	}
	return errors.Join(journal.ErrPoisoned, err)
}

func isPoison(err error) bool { return errors.Is(err, journal.ErrPoisoned) }
