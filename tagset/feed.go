package tagset

import (
	"errors"
	"fmt"
	"iter"

	"github.com/tagroar/tagroar/internal/journal"
)

// Changes yields the changes after version from, in order and without a gap: those
// of versions from+1, from+2 and so on up to the version that is the current one
// when it gets there; then it ends. A feed is a loop:
//
//	for {
//		for c, err := range store.Changes(last) {
//			if err != nil {
//				return err
//			}
//			use(c)
//			last = c.Version
//		}
//		if err := store.Wait(ctx, last); err != nil {
//			return err
//		}
//	}
//
// A store in memory keeps the last Config.History changes; a durable one those since
// the older of two snapshots, and what Config.Retain asks for, and reads them from its
// journal. An error is the last thing the sequence yields: [ErrCompacted] if the next change
// is no longer kept, also if that comes about while the sequence is slow: then begin anew
// with a snapshot, of [View.WriteTo], and the changes after its version;
// [ErrVersionGone] if from is past the current version; of a durable store
// [ErrCorrupt] for a damaged file, and [ErrClosed].
//
// No lock is held while changes are yielded, and writers go on. Each use of the
// sequence begins after version from again.
func (s *Store) Changes(from Version) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		last := from
		for {
			r := s.root.Load()
			if from > r.version {
				yield(Change{}, &Error{Op: "changes", Err: ErrVersionGone, detail: fmt.Sprintf("version %d is past the current one, %d", from, r.version)})
				return
			}
			if last == r.version {
				return
			}
			for c, err := range s.changes(r, last) {
				if err != nil {
					yield(Change{}, s.changesError(err, last))
					return
				}
				if !yield(c, nil) {
					return
				}
				last = c.Version
			}
		}
	}
}

// changes yields the changes after version from, at least one, up to that of r, or
// fewer. Errors are bare.
func (s *Store) changes(r *root, from Version) iter.Seq2[Change, error] {
	if s.disk == nil {
		return s.kept(r, from)
	}
	return func(yield func(Change, error) bool) {
		if r.closed {
			yield(Change{}, ErrClosed)
			return
		}
		for c, err := range s.disk.log.Read(uint64(from), uint64(r.version)) {
			if err != nil {
				yield(Change{}, err)
				return
			}
			if !yield(Change{Version: Version(c.Seq), commit: c.Clone(), uuid: r.uuidAt(Version(c.Seq) - 1)}, nil) {
				return
			}
		}
	}
}

// kept is changes of a store in memory: one, and then what there is by now is asked
// again, so that who is slow does not keep old versions alive.
func (s *Store) kept(r *root, from Version) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		st := r.state
		if from+1 < r.version {
			st = r.earlier.at(from+1, s.history)
		}
		if r.version-from > Version(s.history) || st == nil || st.commit == nil {
			yield(Change{}, ErrCompacted)
			return
		}
		yield(Change{Version: st.version, commit: st.commit, uuid: r.uuidAt(from)}, nil)
	}
}

// changesError is the error for what comes after version last.
func (s *Store) changesError(err error, last Version) error {
	const op = "changes"
	switch {
	case s.disk != nil && s.root.Load().closed:
		return &Error{Op: op, Err: ErrClosed}
	case err == ErrCompacted || errors.Is(err, journal.ErrGone):
		return &Error{Op: op, Err: ErrCompacted, detail: fmt.Sprintf("after version %d", last)}
	}
	return fileError(op, err)
}
