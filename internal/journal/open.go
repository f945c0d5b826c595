package journal

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/internal/seal"
)

// Open reads the MANIFEST and the segments' headers, and removes what a crash left
// of files that the MANIFEST does not name. ErrNone: there is no store, or one
// whose creation was cut short, of which nothing was acknowledged; its files are
// removed, unless Options.Salvage. Before anything is appended, Replay.
//
// ErrCorrupt: files are missing, damaged, or not of this directory (then with
// seal.ErrSpliced); nothing was changed. Also a directory without MANIFEST in which
// something was written is corrupt, since no crash leaves one.
func Open(o Options) (*Log, error) {
	files, err := list(o.Dir)
	if err != nil {
		return nil, err
	}
	l := &Log{o: o}
	m, err := readManifest(o.Dir)
	switch {
	case missing(err):
		if err = o.creation(files); err == nil {
			return nil, ErrNone
		}
		fallthrough
	case err != nil:
		if o.Salvage && errors.Is(err, ErrCorrupt) {
			return l, l.guess(files, err)
		}
		return nil, err
	}
	l.id, l.snapshots = m.id, m.snapshots
	for _, p := range m.segments {
		s, err := l.openSegment(p)
		if err != nil && (!o.Salvage || !errors.Is(err, ErrCorrupt)) {
			return nil, err
		}
		l.segments = append(l.segments, s)
	}
	orphans, err := l.orphans(files)
	if o.Salvage && (err == nil || errors.Is(err, ErrCorrupt)) {
		l.wreck = err
		return l, nil // who salvages removes nothing
	}
	if err != nil {
		return nil, err
	}
	if err := l.renewManifest(); err != nil {
		return nil, err
	}
	if err := remove(o.Dir, orphans...); err != nil {
		return nil, err
	}
	return l, nil
}

// renewManifest makes the MANIFEST last that was read: it may have been in memory
// only, and if the sync of the directory failed over it, it may stay there whatever
// is synced later. Files that the one on disk names must not go before it does, and
// what only the one in memory names must not be written to. On a full disk, where
// no new one can be written, a sync of the directory must do; a disk that fails in
// another way may have failed at that sync too.
func (l *Log) renewManifest() error {
	err := l.writeManifest(l.snapshots, l.segments)
	if err == nil || errors.Is(err, ErrPoisoned) || !disk.Full(err) {
		return err
	}
	return l.syncDir()
}

// openSegment reads the header of the segment that the MANIFEST names. If it is
// ErrCorrupt, the segment is one that is broken.
func (l *Log) openSegment(p place) (*segment, error) {
	s := &segment{head: header{dir: l.id, number: p.Number, first: p.First}}
	name := segmentName(p.First)
	h, err := readHeader(l.o.Dir, name)
	if missing(err) {
		err = fmt.Errorf("%w: it is not there", ErrCorrupt)
	}
	if err == nil && h.dir != l.id {
		err = fmt.Errorf("%w: %w: it is of another directory", ErrCorrupt, seal.ErrSpliced)
	}
	if err == nil && (place{h.number, h.first} != p) {
		err = fmt.Errorf("%w: %w: its header is that of segment %d, from commit %d on, in the place of segment %d, from %d on",
			ErrCorrupt, seal.ErrSpliced, h.number, h.first, p.Number, p.First)
	}
	if err == nil {
		s.head = h
		s.codec, err = h.resume(l.o.Keys, l.o.AcceptPlain)
	}
	if err != nil {
		s.broken = fmt.Errorf("%s: %w", name, err)
		return s, s.broken
	}
	return s, nil
}

// readHeader reads the header of the segment in a file.
func readHeader(d disk.Dir, name string) (header, error) {
	f, err := d.Open(name)
	if err != nil {
		return header{}, err
	}
	defer f.Close()
	return headerOf(f)
}

func headerOf(f io.ReaderAt) (header, error) {
	p := make([]byte, maxHeader)
	n, err := f.ReadAt(p, 0)
	if err != nil && err != io.EOF {
		return header{}, err
	}
	return parseHeader(p[:n])
}

// creation is nil if what there is without a MANIFEST is no store: nothing, or what
// is left of a creation, which is removed. Who salvages removes nothing.
func (o *Options) creation(files listing) error {
	switch {
	case !o.Salvage:
		return clearCreation(o.Dir, files)
	case len(files.segments)+len(files.snapshots) > 0:
		return noManifest(files)
	}
	return nil
}

// noManifest is the error for files that a MANIFEST should name.
func noManifest(files listing) error {
	return fmt.Errorf("%w: %s is not there, but %d segments and %d snapshots are",
		ErrCorrupt, manifestName, len(files.segments), len(files.snapshots))
}

// clearCreation removes what is left of the creation of a store that never had a
// MANIFEST, and so nothing to lose: a snapshot and an empty segment, at most. A
// snapshot of a later version than 0 could also be all that is left of a store, so
// that creation is announced.
func clearCreation(d disk.Dir, files listing) error {
	cut := len(files.segments) <= 1 && len(files.snapshots) <= 1 && len(files.torn)+len(files.salvaged) == 0
	for _, first := range files.segments {
		empty, err := neverUsed(d, segmentName(first))
		if err != nil {
			return err
		}
		cut = cut && empty
	}
	for _, s := range files.snapshots {
		cut = cut && (s.Seq == 0 || files.creating)
	}
	if !cut {
		return noManifest(files)
	}
	names := files.temps
	for _, first := range files.segments {
		names = append(names, segmentName(first))
	}
	for _, s := range files.snapshots {
		names = append(names, s.Name())
	}
	if err := remove(d, names...); err != nil || !files.creating {
		return err
	}
	if err := d.Sync(); err != nil { // they go before what excuses them
		return fmt.Errorf("%w: %w", disk.ErrSync, err)
	}
	return remove(d, creatingName)
}

// neverUsed reports whether a segment has no frames. Whatever begins segments
// appends nothing before the MANIFEST names them, so one that it does not name and
// that has frames was never left by a crash.
func neverUsed(d disk.Dir, name string) (bool, error) {
	f, err := d.Open(name)
	if err != nil {
		return false, err
	}
	defer f.Close()
	size, err := f.Size()
	return size <= headerLen, err
}

// orphans returns the files of ours that the MANIFEST does not name and that may
// go: those that were being made, and those that it named before.
func (l *Log) orphans(files listing) ([]string, error) {
	names := files.temps
	if files.creating {
		names = append(names, creatingName)
	}
	for _, s := range files.snapshots {
		if !slices.Contains(l.snapshots, s) {
			names = append(names, s.Name())
		}
	}
	for _, first := range files.segments {
		if l.holds(first) {
			continue
		}
		name := segmentName(first)
		if first > l.segments[0].head.first { // else Retain has given it up
			empty, err := neverUsed(l.o.Dir, name)
			if err != nil {
				return nil, err
			}
			if !empty {
				return nil, fmt.Errorf("%w: %s: %s does not name it, but it has been used", ErrCorrupt, name, manifestName)
			}
		}
		names = append(names, name)
	}
	return names, nil
}

// holds reports whether a segment from first on is in the log. The caller is the one
// that changes it, or has mu.
func (l *Log) holds(first uint64) bool {
	return slices.ContainsFunc(l.segments, func(s *segment) bool { return s.head.first == first })
}
