package tagset

import (
	"fmt"
	"iter"
)

// Changes yields the changes after version from, in order and without a gap: those
// of versions from+1, from+2 and so on up to the version that is the current one
// when it gets there; then it ends. A feed is a loop:
//
//	for {
//		for c, err := range store.Changes(last) { … last = c.Version }
//		err := store.Wait(ctx, last)
//		…
//	}
//
// A store in memory keeps the last Config.History changes. An error is the last
// thing it yields: [ErrCompacted] if the next change is no longer kept, also if that
// comes about while the sequence is slow: then begin anew with a snapshot, of
// [View.WriteTo], and the changes after its version; [ErrVersionGone] if from is past
// the current version.
//
// No lock is held while the changes are yielded, and writers go on. Each call of the
// sequence begins at from again.
func (s *Store) Changes(from Version) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		r := s.root.Load()
		if from > r.version {
			yield(Change{}, &Error{Op: "changes", Err: ErrVersionGone, detail: fmt.Sprintf("version %d is past the current one, %d", from, r.version)})
			return
		}
		for {
			for v := from + 1; v <= r.version; v++ {
				c, ok := s.changeOf(r, v)
				if !ok {
					yield(Change{}, &Error{Op: "changes", Err: ErrCompacted, detail: fmt.Sprintf("after version %d", v-1)})
					return
				}
				if !yield(c, nil) {
					return
				}
				// What a slow reader asks for next may be gone, and then it is told so.
				r = s.root.Load()
			}
			from = r.version
			if r = s.root.Load(); r.version == from {
				return
			}
		}
	}
}

// changeOf returns the change that made version v of r; false if it is not kept.
func (s *Store) changeOf(r *root, v Version) (Change, bool) {
	if r.version-v >= Version(s.history) {
		return Change{}, false
	}
	st := r.state
	if v != r.version {
		st = r.earlier.at(v, s.history)
	}
	if st == nil || st.commit == nil {
		return Change{}, false
	}
	return Change{Version: v, commit: st.commit, uuid: r.uuidAt(v - 1)}, true
}
