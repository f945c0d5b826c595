package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"github.com/tagroar/tagroar/internal/disk"
)

// Rotation ends the current segment and begins the next one:
//
//  1. a SEAL is written and synced: the old file is whole, and says so
//  2. the new file is made, its header is written, the file is synced, the
//     directory is synced: whatever names it finds it
//  3. the MANIFEST names it
//
// A crash before 3 leaves a sealed last segment and perhaps a file that nobody
// names: recovery takes both away. An error before 3 that is not that of a sync is
// undone in the opposite order, and the old segment goes on: the file, the SEAL.
//
// The file of a segment is never used again for another one, so what follows the
// last frame is never an old frame that is in place.

// Announce says in a directory that holds no store that one is about to be created,
// with a snapshot of a later version than 0: a crash before Create has returned then
// leaves no store, and Open gives ErrNone.
func Announce(d disk.Dir) error {
	f, err := d.Create(creatingName)
	if errors.Is(err, fs.ErrExist) {
		return nil // of an earlier try
	}
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := d.Sync(); err != nil {
		return fmt.Errorf("%w: %w", disk.ErrSync, err)
	}
	return nil
}

// Create makes the log of a store that stands at snapshot first, whose file is
// written and synced: an empty segment for what follows it, and the MANIFEST. It
// is ready for Append.
func Create(o Options, first Snapshot, chain Chain) (*Log, error) {
	l := &Log{o: o, seq: first.Seq, chain: chain}
	if _, err := io.ReadFull(o.Random, l.id[:]); err != nil {
		return nil, fmt.Errorf("identity of a directory: %w", err)
	}
	if l.id == [16]byte{} {
		return nil, errors.New("identity of a directory: what should be random is zero")
	}
	s, f, err := l.beginSegment(1, first.Seq+1, chain)
	if err != nil {
		return nil, err
	}
	snapshots, segments := []Snapshot{first}, []*segment{s}
	if err := l.writeManifest(snapshots, segments); err != nil {
		return nil, l.abandon(s, f, err)
	}
	l.snapshots, l.segments = snapshots, segments
	l.f, l.end, l.synced = f, s.end, s.end
	_ = o.Dir.Remove(creatingName) // if it is there; with a MANIFEST it says nothing, and the next Open removes it
	return l, nil
}

// Rotate seals the current segment and begins the next one, under the current
// key; not if it is empty and under that key already. After an error that is not
// ErrPoisoned the log is as it was.
func (l *Log) Rotate() error {
	l.syncing.Lock()
	defer l.syncing.Unlock()
	if err := l.writable(); err != nil {
		return err
	}
	old := l.current()
	if old.last == 0 {
		return l.rekey()
	}
	end, err := l.seal()
	if err != nil {
		return err
	}
	s, f, err := l.beginSegment(old.head.number+1, l.seq+1, l.chain)
	if err != nil {
		return l.unseal(err)
	}
	segments := append(slices.Clone(l.segments), s)
	if err := l.writeManifest(l.snapshots, segments); err != nil {
		return l.unseal(l.abandon(s, f, err))
	}
	l.goOn(f, func() {
		old.end = end
		l.segments = segments
	})
	return nil
}

// goOn makes f the file that Append writes to, once change has made its segment,
// empty and synced, the current one. What was in the file before is on disk, so
// nothing is lost if closing it goes wrong.
func (l *Log) goOn(f disk.File, change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
	l.f.Close()
	l.f, l.end = f, l.current().end
	l.synced = l.end
}

// seal writes a SEAL and syncs it, and returns where it ends.
func (l *Log) seal() (int64, error) {
	w := pieces{codec: &l.current().codec, f: l.f, off: l.end, synced: l.synced, buf: l.buf[:0]}
	defer func() { l.keep(w.buf) }()
	payload := append(l.payload[:0], l.chain[:]...)
	err := w.put(frame{seq: l.seq, kind: frameSeal, payload: payload})
	if err == nil {
		err = w.flush()
	}
	if err != nil {
		return 0, l.cutBack(err)
	}
	if err := l.f.Sync(); err != nil {
		return 0, l.poison(l.at(l.end, "sync", err))
	}
	l.mu.Lock()
	l.synced = l.end // not the SEAL: it can be taken back
	l.mu.Unlock()
	return w.off, nil
}

// unseal takes the SEAL back, since rotation went wrong with err.
func (l *Log) unseal(err error) error {
	if errors.Is(err, ErrPoisoned) {
		return err
	}
	if cut := l.f.Truncate(l.end); cut != nil {
		return l.poison(errors.Join(err, l.at(l.end, "truncate", cut)))
	}
	return err
}

// rekey puts an empty segment under the current key in the place of the current
// one, which is empty too. Its name and number stay, so the MANIFEST does; its salt
// is new, and so is its key.
func (l *Log) rekey() error {
	old := l.current()
	if l.o.Keys == nil {
		return nil
	}
	if id, _, err := l.o.Keys.Current(); err != nil {
		return fmt.Errorf("current key: %w", err)
	} else if old.head.encrypted && old.head.lock.KeyID == id {
		return nil
	}
	s, err := l.newSegment(old.head.number, old.head.first, old.head.prev)
	if err != nil {
		return err
	}
	name := segmentName(old.head.first)
	err = replace(l.o.Dir, name, s.head.append(nil))
	if errors.Is(err, disk.ErrSync) {
		return l.poison(err)
	}
	if err != nil {
		return err
	}
	f, err := l.o.Dir.Edit(name)
	if err != nil { // the file that is open has no name any more
		return l.poison(fmt.Errorf("%s: open: %w", name, err))
	}
	l.goOn(f, func() { *old = *s })
	return nil
}

// newSegment returns a segment, under the current key, whose file is to be made.
func (l *Log) newSegment(number, first uint64, prev Chain) (*segment, error) {
	s := &segment{head: header{dir: l.id, number: number, first: first, prev: prev}, end: headerLen}
	var err error
	if s.codec, err = s.head.begin(l.o.Keys, l.o.Random); err != nil {
		return nil, fmt.Errorf("%s: %w", segmentName(first), err)
	}
	return s, nil
}

// beginSegment makes an empty segment, and makes the file and its name last. The
// MANIFEST does not name it yet. A file that is in the way is of an earlier
// attempt, and nobody names it.
func (l *Log) beginSegment(number, first uint64, prev Chain) (*segment, disk.File, error) {
	s, err := l.newSegment(number, first, prev)
	if err != nil {
		return nil, nil, err
	}
	name := segmentName(first)
	f, err := l.o.Dir.Create(name)
	if errors.Is(err, fs.ErrExist) {
		if err := l.o.Dir.Remove(name); err != nil {
			return nil, nil, fmt.Errorf("%s: remove: %w", name, err)
		}
		f, err = l.o.Dir.Create(name)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: create: %w", name, err)
	}
	w := pieces{f: f, buf: s.head.append(nil)}
	if err := w.flush(); err != nil {
		return nil, nil, l.abandon(s, f, fmt.Errorf("%s: write: %w", name, err))
	}
	if err := f.Sync(); err != nil {
		return nil, nil, l.abandon(s, f, l.poison(fmt.Errorf("%s: sync: %w", name, err)))
	}
	if err := l.o.Dir.Sync(); err != nil {
		return nil, nil, l.abandon(s, f, l.poison(fmt.Errorf("directory: sync: %w", err)))
	}
	return s, f, nil
}

// abandon closes and removes the file of a segment that has not become one of the
// log because of err.
func (l *Log) abandon(s *segment, f disk.File, err error) error {
	f.Close()
	if !errors.Is(err, ErrPoisoned) { // else the MANIFEST may name it
		l.o.Dir.Remove(segmentName(s.head.first)) // or the next attempt does
	}
	return err
}
