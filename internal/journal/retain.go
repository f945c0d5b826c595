package journal

import (
	"fmt"
	"slices"
)

// Retain makes snapshots, whose files are written and synced, those of the
// directory, keeps the segments with commits after seq and the current one, and
// then removes all other segments and snapshots. Readers of what is removed go on
// in the file that they have open, and then get ErrGone.
//
// The new MANIFEST comes first: a crash leaves files too many, never too few, and
// opening removes them. After an error the log is as it was or, if only the removal
// failed, as it was to be; the next Retain, Clear or Open removes what is left.
func (l *Log) Retain(snapshots []Snapshot, seq uint64) error {
	if err := l.writable(); err != nil {
		return err
	}
	i := 0
	for i+1 < len(l.segments) && l.segments[i+1].head.first <= seq+1 {
		i++
	}
	kept := slices.Clone(l.segments[i:]) // so that the others can be freed
	if err := l.writeManifest(snapshots, kept); err != nil {
		return err
	}
	l.mu.Lock()
	l.snapshots, l.segments = slices.Clone(snapshots), kept
	l.mu.Unlock()
	return l.Clear()
}

// Clear removes, for good, snapshots and segments in the directory that the log does
// not hold: what Retain left, or what was written to become a snapshot and did not.
// It is for whom Retain is for.
func (l *Log) Clear() error {
	if err := l.writable(); err != nil {
		return err // the MANIFEST may name more than the log knows
	}
	files, err := list(l.o.Dir)
	if err != nil {
		return err
	}
	var names []string
	for _, first := range files.segments {
		if !l.holds(first) {
			names = append(names, segmentName(first))
		}
	}
	for _, s := range files.snapshots {
		if !slices.Contains(l.snapshots, s) {
			names = append(names, s.Name())
		}
	}
	return l.removeForGood(names)
}

// syncDir makes names last.
func (l *Log) syncDir() error {
	if err := l.o.Dir.Sync(); err != nil {
		return l.poison(fmt.Errorf("directory: sync: %w", err))
	}
	return nil
}
