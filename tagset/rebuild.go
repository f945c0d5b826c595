package tagset

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"sync"
	"time"
	"weak"

	"github.com/tagroar/tagroar/internal/journal"
)

// Earlier versions. Those that Config.History keeps are there. In a durable store
// another one is made again: from the newest snapshot before it, or from the one
// that was made last if that lies between, by the journal. One is made at a time,
// so that those who ask for many do not take the memory of many; and only views
// that are in use keep it from being collected.

// rebuilt is the version that was made last.
type rebuilt struct {
	mu   sync.Mutex          // held while one is made
	last weak.Pointer[state] // guarded by mu
}

// At returns version v: the current one, one of the Config.History versions
// before it, or in a durable store any that Config.Retain keeps. For others, earlier
// or not made yet, the error is [ErrVersionGone]. The view's time is that of the
// version's commit.
//
// In a durable store a version that is not in memory is made again from the
// directory: from the last snapshot kept that is not later, and the journal from there
// on. That takes time as [Open] does for so much, one version after another, and the
// memory of another store while the view is in use; versions asked for in ascending
// order go on from each other, as long as the view before is in use. On a closed
// store it is [ErrClosed], and for a damaged file [ErrCorrupt].
func (s *Store) At(v Version) (*View, error) {
	r := s.root.Load()
	st, err := s.at(r, v)
	if err != nil {
		return nil, fileError("at version "+strconv.FormatUint(uint64(v), 10), err)
	}
	return &View{state: st, time: st.time}, nil
}

// AtTime returns what was the current version at t: the last one with a commit no
// later than t, as [Store.At] finds it. The view's time is t, or now if that is
// earlier, so ages are told as of then. For a t before the first version that is
// kept, the error is [ErrVersionGone]. In a durable store finding it reads up to
// one segment of the journal.
func (s *Store) AtTime(t time.Time) (*View, error) {
	at := min(unixNano(t), s.now())
	st, err := s.atTime(s.root.Load(), at)
	if err != nil {
		return nil, fileError("at "+time.Unix(0, at).UTC().Format(time.RFC3339Nano), err)
	}
	return &View{state: st, time: at}, nil
}

// at returns version v with bare errors.
func (s *Store) at(r *root, v Version) (*state, error) {
	switch {
	case v == r.version:
		return r.state, nil
	case v > r.version:
		return nil, ErrVersionGone
	}
	if st := r.earlier.at(v, s.history); st != nil {
		return st, nil
	}
	if err := s.notKept(r); err != nil {
		return nil, err
	}
	return s.rebuild(v)
}

// atTime returns the version at a time with bare errors.
func (s *Store) atTime(r *root, at int64) (*state, error) {
	if r.time <= at {
		return r.state, nil
	}
	if st := r.earlier.before(at, r.version, s.history); st != nil {
		return st, nil
	}
	if err := s.notKept(r); err != nil {
		return nil, err
	}
	v, err := s.disk.versionAt(at, r.version)
	if err != nil {
		return nil, s.rebuildError(err)
	}
	st, err := s.at(r, v)
	if err == nil && st.time > at {
		return nil, ErrVersionGone // the oldest kept is later
	}
	return st, err
}

// notKept is why a version that is not in memory cannot be made again; nil: it may
// be. The directory of a closed store may be another's.
func (s *Store) notKept(r *root) error {
	switch {
	case s.disk == nil:
		return ErrVersionGone
	case r.closed:
		return ErrClosed
	}
	return nil
}

// versionAt finds the last version with a commit no later than at, or if there is
// none in the journal that of the oldest snapshot. upTo is the current version.
func (d *durable) versionAt(at int64, upTo Version) (Version, error) {
	segments := d.log.Segments()
	for i := len(segments) - 1; i >= 0; i-- {
		seg := segments[i]
		if seg.First > uint64(upTo) || seg.Time > at { // nothing in it, or too late
			continue
		}
		last := uint64(upTo)
		if i+1 < len(segments) {
			last = min(last, segments[i+1].First-1)
		}
		v := seg.First - 1
		for c, err := range d.log.Read(v, last) {
			if err != nil {
				return 0, err
			}
			if c.Time > at {
				break
			}
			v = c.Seq
		}
		return Version(v), nil
	}
	return Version(d.log.Snapshots()[0].Seq), nil
}

// rebuild makes version v, an earlier one than the current, from the directory.
func (s *Store) rebuild(v Version) (*state, error) {
	d := s.disk
	d.rebuilt.mu.Lock()
	defer d.rebuilt.mu.Unlock()
	var st *state
	for {
		first := d.log.Segments()[0].First
		var err error
		if st, err = s.startOf(v); err == nil && st.version < v {
			st, err = d.replayTo(st, v)
		}
		if errors.Is(err, journal.ErrGone) && d.log.Segments()[0].First != first {
			continue // a compaction gave up where it began; there is a later snapshot
		}
		if err != nil {
			return nil, s.rebuildError(err)
		}
		break
	}
	d.rebuilt.last = weak.Make(st)
	return st, nil
}

// startOf returns the newest version up to v that there is without the journal.
func (s *Store) startOf(v Version) (*state, error) {
	d := s.disk
	for {
		snap, ok := snapshotBefore(d.log.Snapshots(), uint64(v), d.passed)
		if last := d.rebuilt.last.Value(); last != nil && last.version <= v && (!ok || uint64(last.version) >= snap.Seq) {
			return last, nil
		}
		if !ok {
			return nil, ErrVersionGone
		}
		st, err := readSnapshotFile(d.dir, snap, d.config)
		if err == nil {
			st.shared = s.root.Load().shared
			st.serial = st.shared.serials.Add(1)
			st.census = st.takeCensus()
			return st, nil
		}
		// A compaction may have given it up meanwhile.
		if now, ok := snapshotBefore(d.log.Snapshots(), uint64(v), d.passed); !errors.Is(err, fs.ErrNotExist) || ok && now == snap {
			return nil, err
		}
	}
}

// snapshotBefore returns the newest snapshot of a version up to v that is not
// known to be damaged.
func snapshotBefore(snaps []journal.Snapshot, v uint64, damaged map[journal.Snapshot]bool) (journal.Snapshot, bool) {
	for i := len(snaps) - 1; i >= 0; i-- {
		if snaps[i].Seq <= v && !damaged[snaps[i]] {
			return snaps[i], true
		}
	}
	return journal.Snapshot{}, false
}

// replayTo takes st, which nobody else replays from, to version v.
func (d *durable) replayTo(st *state, v Version) (*state, error) {
	r := newReplay(st)
	for c, err := range d.log.Read(uint64(st.version), uint64(v)) {
		if err == nil {
			err = r.apply(c)
		}
		if err != nil {
			r.abandon()
			return nil, err
		}
	}
	if st = r.state(); st.version != v {
		return nil, fmt.Errorf("%w: the journal leads to version %d, not %d", journal.ErrCorrupt, st.version, v)
	}
	return st, nil
}

// rebuildError tells what was given up or closed meanwhile.
func (s *Store) rebuildError(err error) error {
	switch {
	case s.root.Load().closed:
		return ErrClosed
	case errors.Is(err, journal.ErrGone):
		return ErrVersionGone
	}
	return err
}

// forget drops the version that was made last.
func (r *rebuilt) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = weak.Pointer[state]{}
}
