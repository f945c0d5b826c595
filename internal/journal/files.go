package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"github.com/tagroar/tagroar/internal/disk"
)

const (
	snapshotPrefix = "snap-"
	tornSuffix     = ".torn"
	salvagedSuffix = ".salvaged"

	// creatingName says that a store is being made: without a MANIFEST beside it, what
	// is there is what a crash left of that.
	creatingName = "CREATING"
)

// A Snapshot is a snapshot file of the directory.
type Snapshot struct {
	Gen, Seq uint64
}

// Name is the snapshot's file name, snap-<gen>-<seq>.
func (s Snapshot) Name() string {
	return fmt.Sprintf("%s%0*d-%0*d", snapshotPrefix, nameDigits, s.Gen, nameDigits, s.Seq)
}

// parseSnapshotName is the inverse of Name.
func parseSnapshotName(name string) (s Snapshot, ok bool) {
	numbers, ok := strings.CutPrefix(name, snapshotPrefix)
	if !ok || len(numbers) != 2*nameDigits+1 {
		return Snapshot{}, false
	}
	gen, err1 := strconv.ParseUint(numbers[:nameDigits], 10, 64)
	seq, err2 := strconv.ParseUint(numbers[nameDigits+1:], 10, 64)
	s = Snapshot{Gen: gen, Seq: seq}
	return s, err1 == nil && err2 == nil && s.Name() == name
}

// A listing is what a directory holds of ours.
type listing struct {
	segments  []uint64   // first seqs, ascending
	snapshots []Snapshot // generations ascending
	temps     []string   // cut short
	torn      []string   // set aside
	salvaged  []string
	manifest  bool
	creating  bool
}

// list lists a directory. Files that are not ours are left alone for ever.
func list(d disk.Dir) (listing, error) {
	names, err := d.List()
	if err != nil {
		return listing{}, err
	}
	var l listing
	for _, name := range names {
		first, isSegment := parseSegmentName(name)
		snapshot, isSnapshot := parseSnapshotName(name)
		made, isTemp := strings.CutSuffix(name, disk.TempSuffix)
		switch {
		case name == manifestName:
			l.manifest = true
		case name == creatingName:
			l.creating = true
		case isSegment:
			l.segments = append(l.segments, first)
		case isSnapshot:
			l.snapshots = append(l.snapshots, snapshot)
		case isTemp && (ours(made) || isAside(made, tornSuffix) || isAside(made, salvagedSuffix)):
			l.temps = append(l.temps, name)
		case isAside(name, tornSuffix):
			l.torn = append(l.torn, name)
		case isAside(name, salvagedSuffix):
			l.salvaged = append(l.salvaged, name)
		}
	}
	return l, nil
}

// ours reports whether a store makes a file of that name, exactly: somebody else may
// have a MANIFEST.old or a snap-shot.jpg.
func ours(name string) bool {
	_, isSegment := parseSegmentName(name)
	_, isSnapshot := parseSnapshotName(name)
	return isSegment || isSnapshot || name == manifestName
}

// remove removes files; one that is not there is as good. It tries all.
func remove(d disk.Dir, names ...string) error {
	var errs []error
	for _, name := range names {
		if err := d.Remove(name); err != nil && !missing(err) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// replace puts a file of the bytes p in the place of name. An error leaves the one
// before, but for disk.ErrSync, after which nobody knows.
func replace(d disk.Dir, name string, p []byte) error {
	err := disk.Replace(d, name, func(w io.Writer) error {
		_, err := w.Write(p)
		return err
	}, func(r io.ReaderAt, size int64) error {
		if size != int64(len(p)) {
			return fmt.Errorf("%d of %d bytes", size, len(p))
		}
		return same(r, 0, bytes.NewReader(p), 0, size)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// missing reports whether err says that there is no such file.
func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
