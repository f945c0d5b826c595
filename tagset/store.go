package tagset

import (
	"context"
	"crypto/rand"
	"io"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tagroar/tagroar/internal/journal"
)

// Config is how a store is set up. The zero Config works.
type Config struct {
	// Policy is what New, and Open in an empty directory, starts with; zero: no
	// limits. Restore and Open keep the one recorded, and Tx.SetPolicy changes it.
	Policy Policy
	// Clock tells the time; nil: time.Now. It is read by View and Update, from
	// any goroutine. A store's time never runs backwards: an earlier reading
	// counts as the latest one so far.
	Clock func() time.Time
	// Rand gives the store its UUID, and what is encrypted or journalled its salts;
	// nil: crypto/rand. A store reads it from any goroutine, one at a time.
	Rand io.Reader
	// History is the number of earlier versions kept in memory, for At and AtTime,
	// and in a store in memory of changes kept for Changes; 0 or less: none. Versions
	// share what did not change between them. A durable store has earlier versions
	// in its directory, too: see Retain.
	History int

	// Sync is when a durable store makes a commit last: SyncAlways, the zero
	// value, SyncInterval or SyncOS. For New and Restore this, CompactAfter and
	// Retain mean nothing.
	Sync Sync
	// Keys gives the keys with which a durable store, and snapshot streams, are
	// encrypted; nil: they are plain.
	Keys KeySource
	// AcceptPlain, with Keys, also reads what is not encrypted: for the start that
	// turns encryption on, after which two calls of Compact leave nothing plain but
	// what Retain asks for. Otherwise that is ErrKey, since somebody may have put it
	// there.
	AcceptPlain bool
	// CompactAfter is how many bytes of journal there may be after the last snapshot:
	// the Update that passes them compacts before it returns, while others go on. 0:
	// 256 MiB; negative: only Compact does it.
	CompactAfter int64
	// Retain is how far back At, AtTime and Changes reach at least in a durable
	// store, once it is that old; 0: as far as the older of two snapshots; negative:
	// for ever. It costs the room of the journal of that time, and of some ten
	// snapshots, from which At goes on.
	Retain time.Duration
}

// A Store keeps tags and the members that carry them: in memory, if [New] or
// [Restore] made it, or durably, if [Open] or [RestoreTo] did. Any number of goroutines
// may use it: readers take a [View], which costs one atomic load and never
// waits; writers go through [Store.Update], one at a time.
type Store struct {
	clock   func() time.Time
	history int
	latest  atomic.Int64         // the latest time told, Unix nanoseconds
	root    atomic.Pointer[root] // what readers see; swapped under mu, in a durable store under the flush lock
	disk    *durable             // nil: the store is in memory alone

	mu     sync.Mutex // held by writers; the only lock of a store in memory. See durable for the order
	tip    *state     // what the next transaction builds on: the root's, or ahead of it by what is being written. Guarded by mu
	spare  *work      // of the last transaction, for the next; nil: there is none. Guarded by mu
	closed bool       // to writers; the root says so when all is done. Guarded by mu
}

// A root is what one pointer swap publishes.
type root struct {
	*state
	earlier history
	closed  bool
	next    atomic.Pointer[chan struct{}] // made by the first Wait; closed when another root takes over
}

// New returns an empty store, at version 0.
//
// Errors: that of Config.Rand; [ErrType] for a negative limit in Config.Policy.
func New(c Config) (*Store, error) {
	if err := checkPolicy("new", &c.Policy); err != nil {
		return nil, err
	}
	r := c.Rand
	if r == nil {
		r = rand.Reader
	}
	uuid, err := newUUID(r)
	if err != nil {
		return nil, &Error{Op: "new", Err: err}
	}
	st := newState(uuid, unixNano(c.clock()()))
	st.policy = c.Policy
	return newStore(c, st), nil
}

func (c Config) clock() func() time.Time {
	if c.Clock == nil {
		return time.Now
	}
	return c.Clock
}

// newStore returns a store that stands at st, of which nobody else knows.
func newStore(c Config, st *state) *Store {
	st.census = st.takeCensus()
	st.shared.keys, st.shared.random = c.Keys, newRandom(c)
	st.shared.notes = maxNotes
	if c.History > 0 {
		st.shared.notes = maxNotesKept
	}
	s := &Store{clock: c.clock(), history: max(0, c.History), tip: st}
	s.latest.Store(st.time)
	s.root.Store(&root{state: st})
	return s
}

// now reads the clock, and never tells less than it told before.
func (s *Store) now() int64 { return s.notBefore(unixNano(s.clock())) }

// notBefore returns t, or the latest time told so far if that is later; nothing
// earlier is told from then on.
func (s *Store) notBefore(t int64) int64 {
	for {
		latest := s.latest.Load()
		if t <= latest {
			return latest
		}
		if s.latest.CompareAndSwap(latest, t) {
			return t
		}
	}
}

// unixNano clamps to what int64 nanoseconds hold, the years 1678–2262.
func unixNano(t time.Time) int64 {
	switch sec := t.Unix(); {
	case sec < math.MinInt64/1_000_000_000:
		return math.MinInt64
	case sec >= math.MaxInt64/1_000_000_000:
		return math.MaxInt64
	}
	return t.UnixNano()
}

// View returns the current version, for reading. It takes no lock, never
// waits, and needs no Close. Its time is now; of a replica, see [Store.Apply], that
// of the last change applied, so that it tells the ages that the origin told then.
func (s *Store) View() *View {
	st := s.root.Load().state
	if st.replica { // whose time is the origin's
		return &View{state: st, time: st.time}
	}
	return &View{state: st, time: s.now()}
}

// Update runs fn with a transaction and, when fn returns nil, publishes all of
// it as the next version, which it returns; if fn changed nothing, that is the
// current version. When fn returns an error or panics the store is as if
// nothing had happened; the error is returned as it is, with version 0. The same
// holds when the policy forbids the result: a member with more tags of its own
// than Policy.MaxTagsPerMember, and more than before, is [ErrPolicy].
//
// Updates run one after another; an Update within an Update waits for ever, and
// so may Sync, Compact and Close. The cost of publishing does not depend on how
// many tags and members there are: it is that of the pages and blocks touched. On
// a closed store the error is [ErrClosed], on a replica [ErrReplica]. One that changes
// one member of one tag makes about 1.3 KiB of garbage, and notes the change for who
// asks for the tag's members next.
//
// In a durable store the version is in the journal, and with [SyncAlways] synced,
// before anybody sees it and before Update returns. While it is being written
// other Updates go on from it, and share the next write and sync. What fn has read
// is in the journal too when Update returns, also if it changed nothing, or fn
// failed or panicked. If the journal cannot be written, a full disk for example,
// Update returns that error: it, and those that went on from it, have not happened,
// and later ones may succeed. After a failed sync nobody knows what lasts: this and
// every later Update is [ErrPoisoned], until the store is opened again, which finds
// the versions in doubt there or not. Readers go on in either case.
func (s *Store) Update(fn func(*Tx) error) (Version, error) {
	return s.write("update", func(tip *state) (*state, *journal.Commit, error) {
		if tip.replica {
			return nil, nil, &Error{Op: "update", Err: ErrReplica}
		}
		tx := s.begin(tip)
		defer s.end(tx)
		if err := fn(tx); err != nil {
			return nil, nil, err
		}
		return tx.commit()
	})
}

// records tells whether commits are recorded: for the journal, or the feed.
func (s *Store) records() bool { return s.disk != nil || s.history > 0 }

// write makes a version of what next returns on top of the tip, with how it came
// about; if that is the tip, there is none to make. It returns when the version is
// published, or the tip if there is none. Errors of next are passed on, and
// nothing is changed by them.
func (s *Store) write(op string, next func(tip *state) (*state, *journal.Commit, error)) (Version, error) {
	var b *batch
	built := false
	defer func() {
		if !built && b != nil {
			_ = s.await(b) // next panicked, perhaps at what it saw
		}
	}()
	version, err := s.build(op, next, &b)
	built = true
	if b != nil {
		if lost := s.await(b); lost != nil {
			return 0, fileError(op, lost)
		}
		s.compactIfDue()
	}
	if err != nil {
		return 0, err
	}
	return version, nil
}

// build makes the version, and publishes it in a store in memory; in a durable one
// it queues it, and sets b to the batch to wait for: also if next has nothing to
// change, fails or panics, for what it sees.
func (s *Store) build(op string, next func(tip *state) (*state, *journal.Commit, error), b **batch) (Version, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, &Error{Op: op, Err: ErrClosed}
	}
	d := s.disk
	if d != nil {
		if err := d.readOnly(); err != nil {
			return 0, &Error{Op: op, Err: err}
		}
		*b = d.tipBatch
	}
	st, c, err := next(s.tip)
	if err != nil {
		return 0, err
	}
	if st == s.tip {
		return st.version, nil
	}
	if s.history > 0 && d == nil { // else the log has it, where it can be erased
		st.commit = c
	}
	s.tip = st
	if d == nil {
		s.advance(st)
	} else {
		d.tipBatch = d.queue.add(st, c)
		*b = d.tipBatch
	}
	return st.version, nil
}

// advance publishes states, each the next version after the one before; readers
// see the last of them.
func (s *Store) advance(states ...*state) {
	before := s.root.Load()
	next := &root{state: before.state, earlier: before.earlier}
	for _, st := range states {
		next.earlier = next.earlier.push(next.state, s.history)
		next.state = st
	}
	s.publish(next)
}

// publish makes r what readers see, and wakes those who wait for it.
func (s *Store) publish(r *root) {
	before := s.root.Swap(r)
	if next := before.next.Load(); next != nil {
		close(*next)
	}
}

// Wait returns nil as soon as the store's version is past after. Otherwise it
// waits until it is, ctx is done (the error is ctx's), or the store is closed
// ([ErrClosed]).
func (s *Store) Wait(ctx context.Context, after Version) error {
	for {
		r := s.root.Load()
		if r.version > after {
			return nil
		}
		if r.closed {
			return &Error{Op: "wait", Err: ErrClosed}
		}
		next := r.next.Load()
		if next == nil {
			c := make(chan struct{})
			if next = &c; !r.next.CompareAndSwap(nil, next) {
				continue
			}
		}
		// A writer that did not see the channel has already swapped the root.
		if s.root.Load() != r {
			continue
		}
		select {
		case <-*next:
		case <-ctx.Done():
			return &Error{Op: "wait", Err: ctx.Err()}
		}
	}
}

// Close ends writing: Update, and Wait for a version that never comes, give
// [ErrClosed] from now on. Views, present and future, go on. Close waits for
// Updates under way. Of a store in memory its error is always nil.
//
// A durable store is synced, at every level, and its directory is free for the
// next to open it, also if Close returns an error. That is of the sync, or
// [ErrPoisoned] if one failed before: the last acknowledged versions may be lost,
// other than with [SyncAlways]. A second Close waits for the first, and returns the
// same.
func (s *Store) Close() error {
	s.mu.Lock()
	first := !s.closed
	s.closed = true
	if first && s.disk == nil {
		s.publishClosed()
	}
	s.mu.Unlock()
	if s.disk == nil {
		return nil
	}
	if first {
		s.disk.ending = s.closeDurable()
		close(s.disk.down)
	}
	<-s.disk.down
	return s.disk.ending
}

// publishClosed tells those who wait that nothing more will come.
func (s *Store) publishClosed() {
	r := s.root.Load()
	s.publish(&root{state: r.state, earlier: r.earlier, closed: true})
}
