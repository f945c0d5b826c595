package tagset

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/internal/journal"
)

// A compaction writes a snapshot of the current version and then drops what no
// longer has to be kept (retain.go). The journal is sealed where the snapshot
// stands, so that whole segments are before it or after it; and it is synced there
// first, so that it ends before the newest snapshot only if it is damaged.
// The snapshot is of a version, which does not change: readers and writers go on
// while it is written, and wait only for a sealing and the change of the MANIFEST.

// compactAfter is how many bytes of journal make a snapshot worth while if
// Config.CompactAfter does not say: a second or two of reading.
const compactAfter = 256 << 20

// files is what a store knows of its files beside the log.
type files struct {
	config Config
	found  Recovery // by Open
	passed map[journal.Snapshot]bool

	compacting sync.Mutex            // held by who changes which snapshots there are
	stopped    atomic.Bool           // by Close: nothing more is begun
	grown      atomic.Int64          // bytes of journal since the newest snapshot
	due        atomic.Int64          // where the next compaction begins by itself; negative: nowhere
	compaction atomic.Pointer[error] // of the last one

	synced  atomic.Uint64 // a version up to which all was synced
	rebuilt rebuilt
}

// compactAfter is Config.CompactAfter with its default.
func (c Config) compactAfter() int64 {
	if c.CompactAfter == 0 {
		return compactAfter
	}
	return c.CompactAfter
}

// grew notes that the journal is longer.
func (f *files) grew(bytes int64) { f.grown.Add(bytes) }

// stopCompacting ends a compaction under way, and all later ones.
func (f *files) stopCompacting() {
	f.stopped.Store(true)
	f.compacting.Lock() // until what is under way has noticed
	defer f.compacting.Unlock()
}

// ifStopped is ErrClosed once Close has begun.
func (f *files) ifStopped() error {
	if f.stopped.Load() {
		return ErrClosed
	}
	return nil
}

// Compact writes a snapshot of the current version to the directory, under the
// current key, and drops from it what Config.Retain and falling back to the snapshot
// before do not need. The store does so by itself after each Config.CompactAfter
// bytes of journal. One compaction runs at a time; readers and writers go on. It
// holds no more memory than [View.WriteTo] does, and needs the space of a snapshot. Of
// a version that has a snapshot already, only a store with Config.Keys writes another.
//
// After an error, of a full disk for example, the directory holds what it held; but
// for [ErrPoisoned]. A store in memory has nothing to compact: [ErrUnsupported].
func (s *Store) Compact() error {
	d := s.disk
	if d == nil {
		return inMemory("compact")
	}
	d.compacting.Lock()
	defer d.compacting.Unlock()
	if err := s.compact(); err != nil {
		return fileError("compact", err)
	}
	return nil
}

// inMemory refuses what only a store in a directory can do.
func inMemory(op string) error {
	return &Error{Op: op, Err: ErrUnsupported, detail: "the store is in memory alone"}
}

// compactIfDue compacts if the journal has grown enough, unless somebody is at it.
// Of an error Durability tells; the next attempt is made when the journal has
// grown by a quarter more.
func (s *Store) compactIfDue() {
	d := s.disk
	if d == nil {
		return
	}
	if due := d.due.Load(); due < 0 || d.grown.Load() < due || !d.compacting.TryLock() {
		return
	}
	defer d.compacting.Unlock()
	if d.grown.Load() < d.due.Load() {
		return // somebody was faster
	}
	_ = s.compact()
}

// compact is Compact for who holds compacting, with bare errors.
func (s *Store) compact() error {
	d := s.disk
	if err := d.ifStopped(); err != nil {
		return err
	}
	err := s.compactNow()
	if err != nil {
		s.clear()
	}
	d.compaction.Store(&err)
	if after := d.config.compactAfter(); after >= 0 && err == nil {
		d.due.Store(after)
	} else if after >= 0 {
		d.due.Store(d.grown.Load() + max(1, after/4))
	}
	return err
}

func (s *Store) compactNow() error {
	d := s.disk
	st, before, err := s.sealAtVersion()
	if err != nil {
		return err
	}
	var snaps []journal.Snapshot
	listed := d.log.Snapshots()
	for _, snap := range listed {
		if !d.passed[snap] {
			snaps = append(snaps, snap)
		}
	}
	gen := listed[len(listed)-1].Gen + 1
	if n := len(snaps); n == 0 || snaps[n-1].Seq != uint64(st.version) || d.config.Keys != nil {
		snap := journal.Snapshot{Gen: gen, Seq: uint64(st.version)}
		if err := s.writeSnapshot(snap, st); err != nil {
			return err
		}
		snaps = append(snaps, snap)
	}
	snaps = retained(snaps, d.log.Segments(), s.now(), d.config.Retain)
	if err := s.withLog(func(log *journal.Log) error { return log.Retain(snaps, snaps[0].Seq) }); err != nil {
		return err
	}
	d.grown.Add(-before)
	return nil
}

// sealAtVersion makes the journal last, and seals it where the current version
// ends, which it returns, and how many bytes it had then since the newest snapshot.
func (s *Store) sealAtVersion() (st *state, grown int64, err error) {
	err = s.withLog(func(log *journal.Log) error {
		if err := s.syncLog(); err != nil {
			return err
		}
		if err := log.Rotate(); err != nil {
			return err
		}
		st, grown = s.root.Load().state, s.disk.grown.Load()
		return nil
	})
	return st, grown, err
}

// clear removes the snapshots that were written in vain, for they may be what fills
// the disk; if that goes wrong the next compaction does, or Open.
func (s *Store) clear() { _ = s.withLog((*journal.Log).Clear) }

// writeSnapshot writes st to the file of snap. A failed sync is final here too.
func (s *Store) writeSnapshot(snap journal.Snapshot, st *state) error {
	d := s.disk
	err := writeSnapshotFile(d.dir, snap, st, d.config, d.ifStopped)
	if errors.Is(err, disk.ErrSync) {
		return s.withLog(func(*journal.Log) error { return fmt.Errorf("%w: %w", journal.ErrPoisoned, err) })
	}
	return err
}
