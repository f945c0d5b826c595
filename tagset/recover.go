package tagset

import (
	"errors"
	"fmt"

	"github.com/tagroar/tagroar/internal/journal"
)

// recover makes the state that the directory holds: that of the newest snapshot
// that can be read, and what the journal has after it. One commit is in memory
// at a time.
func (o *opening) recover() (*state, Recovery, error) {
	st, found, err := o.newest()
	if err != nil {
		return nil, found, err
	}
	r := newReplay(st)
	got, err := o.log.Replay(uint64(st.version), st.chain, r.apply)
	if err != nil {
		r.abandon()
		return nil, found, fmt.Errorf("after %s: %w", found.began.Name(), err)
	}
	found.note(got)
	st = r.state()
	// The journal was synced past a snapshot before that was written.
	snaps := o.log.Snapshots()
	if last := snaps[len(snaps)-1]; uint64(st.version) < last.Seq && !o.options.Salvage {
		return nil, found, fmt.Errorf("%w: the journal ends at version %d, and %s is damaged", journal.ErrCorrupt, st.version, last.Name())
	}
	return st, found, nil
}

// verifyOlder reads the snapshots before the one that was begun with, which
// recovery has no need of.
func (o *opening) verifyOlder(found *Recovery) error {
	for _, snap := range o.log.Snapshots() {
		if snap.Gen >= found.began.Gen {
			break
		}
		_, err := readSnapshotFile(o.dir, snap, o.config)
		if errors.Is(err, ErrKey) || errors.Is(err, ErrUnsupported) {
			return err
		}
		if err != nil {
			found.pass(snap, err)
		}
	}
	return nil
}

// newest reads the newest snapshot that can be read. Others it passes over, and
// says so; but not for a wrong key or a later format, which are not damage.
func (o *opening) newest() (*state, Recovery, error) {
	var found Recovery
	var first error
	snaps := o.log.Snapshots()
	for i := len(snaps) - 1; i >= 0; i-- {
		st, err := readSnapshotFile(o.dir, snaps[i], o.config)
		if err == nil {
			found.Snapshot, found.began = st.version, snaps[i]
			return st, found, nil
		}
		if errors.Is(err, ErrKey) || errors.Is(err, ErrUnsupported) {
			return nil, found, err
		}
		if first == nil {
			first = err
		}
		found.pass(snaps[i], err)
	}
	return nil, found, first
}
