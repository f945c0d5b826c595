package tagset

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/journal"
)

// A fakeLog is a log in memory that waits and fails as a test says. Its promises
// are those of journal.Log.
type fakeLog struct {
	gate chan error // if there is one, Append and Sync take from it what they return

	mu       sync.Mutex
	syncGate chan error   // likewise, of Sync alone
	fail     func() error // else they ask this; nil: all is well
	commits  []*journal.Commit
	batches  [][]uint64 // by seq
	synced   int        // how many of commits
	syncs    int
	poisoned error
	closed   bool
	released bool // the lock of the directory
	users    int  // within Append, at most one
}

var (
	errFull   = errors.New("no space left")
	errPoison = fmt.Errorf("%w: the disk is gone", journal.ErrPoisoned)
)

// onFake returns a durable store whose log is a fake.
func onFake(t testing.TB, log *fakeLog, c Config) *Store {
	s, err := New(c)
	require.NoError(t, err)
	d := &durable{lock: fakeLock{log}, out: log, sync: c.Sync}
	d.due.Store(-1)
	s.startDurable(d)
	return s
}

type fakeLock struct{ log *fakeLog }

func (l fakeLock) Close() error {
	l.log.mu.Lock()
	defer l.log.mu.Unlock()
	l.log.released = true
	return nil
}

// outcome is what a call comes to: as the gate, or fail, says.
func (l *fakeLog) outcome() error {
	if err := l.over(); err != nil {
		return err
	}
	err := error(nil)
	if l.gate != nil {
		err = <-l.gate
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail != nil {
		err = l.fail()
	}
	if errors.Is(err, journal.ErrPoisoned) {
		l.poisoned = err
	}
	return err
}

// over is why no call can go well any more.
func (l *fakeLog) over() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return errors.New("file already closed")
	}
	return l.poisoned
}

func (l *fakeLog) Append(cs []*journal.Commit, sync bool) error {
	l.mu.Lock()
	l.users++
	alone := l.users == 1
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.users--
	}()
	if !alone {
		return errors.New("two at a time append")
	}
	if err := l.outcome(); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var seqs []uint64
	for _, c := range cs {
		if n := len(l.commits); n > 0 && (c.Seq != l.commits[n-1].Seq+1 || c.Prev != l.commits[n-1].Chain) {
			return fmt.Errorf("commit %d does not follow %d", c.Seq, l.commits[n-1].Seq)
		}
		l.commits = append(l.commits, c)
		seqs = append(seqs, c.Seq)
	}
	l.batches = append(l.batches, seqs)
	if sync {
		l.synced = len(l.commits)
	}
	return nil
}

func (l *fakeLog) Sync() error {
	l.mu.Lock()
	n, gate := len(l.commits), l.syncGate
	if n == l.synced && !l.closed && l.poisoned == nil {
		l.mu.Unlock()
		return nil
	}
	l.mu.Unlock()
	if gate != nil && l.over() == nil {
		if err := <-gate; err != nil {
			return err
		}
	}
	if err := l.outcome(); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.synced = max(l.synced, n)
	l.syncs++
	return nil
}

func (l *fakeLog) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	return nil
}

// written returns what was appended, batch by batch.
func (l *fakeLog) written() [][]uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.batches)
}

// lasting is how many commits a power failure would leave.
func (l *fakeLog) lasting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.synced
}

func (l *fakeLog) failWith(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fail = func() error { return err }
}
