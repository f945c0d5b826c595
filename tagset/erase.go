package tagset

import (
	"fmt"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/journal"
)

// What a forgotten member leaves in the files: the key and the values of
// attributes that it once had, in the journal and in snapshots taken before. An
// erasure writes these files again without them, each in the place of the one
// before. The journal's chain is over commitments, which stay, so it verifies as
// before; a snapshot stands for the same version, which then has a live member
// without key and values.

// Erase removes the keys and values of all forgotten members from every file of the
// directory, for good: from the snapshots and the journal, and with the files that
// keep what recovery cut off or [Salvage] gave up, which it removes. Forget itself keeps
// them, in earlier versions. Afterwards the store is what it was, and so are its
// versions in [Store.At] and [Store.Changes] but for these keys and values, which
// nobody has any more; their digests are others than they were. Which members had
// which tags when is still there, by ordinals. It is not in the erasing store's
// power what replicas, backups, swap space and the disk itself keep, nor what
// somebody wrote in names, notes, actors and reasons, which are not a member's.
//
// Members who are forgotten while it runs may be left for the next call, and views that
// somebody holds still have what they had. It reads and writes everything that is
// kept, with one snapshot at a time in memory. Readers go on, and writers wait only
// while the journal is written again. After an error, or a crash, the
// store is as good as before, and some of it is erased: call it again. A store in memory
// keeps no files: [ErrUnsupported].
func (s *Store) Erase() error {
	d := s.disk
	if d == nil {
		return inMemory("erase")
	}
	d.compacting.Lock()
	defer d.compacting.Unlock()
	if err := s.erase(); err != nil {
		s.clear()
		return fileError("erase", err)
	}
	return nil
}

func (s *Store) erase() error {
	d := s.disk
	if err := d.ifStopped(); err != nil {
		return err
	}
	now, _, err := s.sealAtVersion()
	if err != nil {
		return err
	}
	snaps, err := s.eraseSnapshots(now.retired)
	if err != nil {
		return err
	}
	retired := func(m Member) bool { return now.retired.Contains(uint32(m)) }
	err = s.withLog(func(log *journal.Log) error {
		if err := log.Retain(snaps, snaps[0].Seq); err != nil {
			return err
		}
		if _, err := log.Erase(func(public []byte, item int) bool { return erasable(public, item, retired) }); err != nil {
			return err
		}
		r := s.root.Load()
		s.publish(&root{state: r.state}) // earlier versions are made again, without
		return nil
	})
	if err != nil {
		return err
	}
	d.rebuilt.forget()
	return s.withLog((*journal.Log).RemoveSalvaged) // nobody can tell whose it is
}

// eraseSnapshots writes those snapshots again that have keys or values of members
// of gone, and returns the list to keep. Its generations must ascend, so from the
// first that changes on all are written again.
func (s *Store) eraseSnapshots(gone bitmap.Bitmap) (keep []journal.Snapshot, err error) {
	d := s.disk
	listed := d.log.Snapshots()
	gen := listed[len(listed)-1].Gen
	changed := false
	for _, snap := range listed {
		if d.passed[snap] {
			continue // damaged: it goes
		}
		st, err := readSnapshotFile(d.dir, snap, d.config)
		if err != nil {
			return nil, err
		}
		if st.strip(gone) || changed {
			changed = true
			gen++
			snap.Gen = gen
			if err := s.writeSnapshot(snap, st); err != nil {
				return nil, err
			}
		}
		keep = append(keep, snap)
	}
	if len(keep) == 0 {
		return nil, fmt.Errorf("%w: no snapshot is whole: Compact first", journal.ErrCorrupt)
	}
	return keep, nil
}

// strip takes the keys and values of members of gone out of st, of which nobody
// else knows, and tells whether there were any.
func (st *state) strip(gone bitmap.Bitmap) (changed bool) {
	gone = gone.And(st.live)
	if gone.IsEmpty() {
		return false
	}
	var keys keyTx
	for m, key := range st.keys.all(st.live) {
		if gone.Contains(uint32(m)) {
			changed = true
			continue
		}
		keys.intern(key, m)
	}
	attrs := st.attrs.Edit()
	for name, rec := range st.attrs.All() {
		values := rec.values.Edit()
		if values.UnsetAll(gone) > 0 {
			changed = true
			attrs.Set(name, &attrRec{name: rec.name, typ: rec.typ, values: values.Column()})
		}
	}
	st.keys = keys.freeze()
	st.attrs = attrs.Freeze()
	return changed
}
