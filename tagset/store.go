package tagset

import (
	"context"
	"crypto/rand"
	"io"
	"math"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Config is how a store is set up. The zero Config works.
type Config struct {
	// Policy is what New starts with; zero: no limits. Restore keeps the one
	// recorded in the snapshot, and Tx.SetPolicy changes it.
	Policy Policy
	// Clock tells the time; nil: time.Now. It is read by View and Update, from
	// any goroutine. A store's time never runs backwards: an earlier reading
	// counts as the latest one so far.
	Clock func() time.Time
	// Rand gives the store its UUID, and what is encrypted or journalled its salts;
	// nil: crypto/rand. A store reads it from any goroutine, one at a time.
	Rand io.Reader
	// History is the number of earlier versions kept for At; 0 or less: none.
	// Versions share what did not change between them.
	History int

	// Sync is when a durable store makes a commit last: SyncAlways, the zero
	// value, SyncInterval or SyncOS.
	Sync Sync
	// Keys gives the keys with which a durable store, and snapshot streams, are
	// encrypted; nil: they are plain.
	Keys KeySource
	// AcceptPlain, with Keys, also reads what is not encrypted: for the start that
	// turns encryption on. Otherwise that is ErrKey, since somebody may have put
	// it there.
	AcceptPlain bool
	// CompactAfter is how many bytes of journal beyond the last snapshot make the
	// Update that passes them take one; 0: 256 MiB; negative: only Compact does.
	CompactAfter int64
	// Retain is how far back At, AtTime and Changes reach at least in a durable
	// store; 0: as far as the older of two snapshots; negative: for ever.
	Retain time.Duration
}

// A Store keeps tags and the members that carry them. Any number of goroutines
// may use it: readers take a [View], which costs one atomic load and never
// waits; writers go through [Store.Update], one at a time.
type Store struct {
	clock   func() time.Time
	history int
	latest  atomic.Int64         // the latest time told, Unix nanoseconds
	root    atomic.Pointer[root] // what readers see

	mu sync.Mutex // held by writers; the only lock
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
	var uuid [16]byte
	if _, err := io.ReadFull(r, uuid[:]); err != nil {
		return nil, &Error{Op: "new", Err: err}
	}
	uuid[6] = uuid[6]&0x0f | 0x40 // version 4, random
	uuid[8] = uuid[8]&0x3f | 0x80 // RFC 9562
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
	s := &Store{clock: c.clock(), history: max(0, c.History)}
	s.latest.Store(st.time)
	s.root.Store(&root{state: st})
	return s
}

// now reads the clock, and never tells less than it told before.
func (s *Store) now() int64 {
	t := unixNano(s.clock())
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
// waits, and needs no Close.
func (s *Store) View() *View {
	st := s.root.Load().state
	return &View{state: st, time: s.now()}
}

// Update runs fn with a transaction and, when fn returns nil, publishes all of
// it as the next version, which it returns; if fn changed nothing, that is the
// current version. When fn returns an error or panics the store is as if
// nothing had happened; the error is returned as it is, with version 0. The same
// holds when the policy forbids the result: a member with more tags of its own
// than Policy.MaxTagsPerMember, and more than before, is [ErrPolicy].
//
// Updates run one after another; an Update within an Update waits for ever.
// The cost of publishing does not depend on how many tags and members there
// are: it is that of the pages and blocks touched. On a closed store the error
// is [ErrClosed].
func (s *Store) Update(fn func(*Tx) error) (Version, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.root.Load()
	if r.closed {
		return 0, &Error{Op: "update", Err: ErrClosed}
	}
	tx := begin(r.state, s.now(), false)
	defer tx.end() // undoes what is not committed, also when fn panics
	if err := fn(tx); err != nil {
		return 0, err
	}
	st, _, err := tx.commit()
	if err != nil {
		return 0, err
	}
	if st != r.state {
		s.publish(&root{state: st, earlier: r.earlier.push(r.state, s.history)})
	}
	return st.version, nil
}

// publish makes r what readers see, and wakes those who wait for it.
func (s *Store) publish(r *root) {
	before := s.root.Swap(r)
	if next := before.next.Load(); next != nil {
		close(*next)
	}
}

// At returns version v: the current one, or one of the Config.History versions
// before it. For any other, earlier or not made yet, the error is
// [ErrVersionGone]. The view's time is that of the version's commit.
func (s *Store) At(v Version) (*View, error) {
	r := s.root.Load()
	st := r.state
	if v != st.version {
		if st = r.earlier.at(v, s.history); st == nil {
			return nil, &Error{Op: "at version " + strconv.FormatUint(uint64(v), 10), Err: ErrVersionGone}
		}
	}
	return &View{state: st, time: st.time}, nil
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
// [ErrClosed] from now on. Views, present and future, go on. Close waits for an
// Update under way; its error is always nil.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.root.Load(); !r.closed {
		s.publish(&root{state: r.state, earlier: r.earlier, closed: true})
	}
	return nil
}
