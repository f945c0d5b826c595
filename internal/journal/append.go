package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/tagroar/tagroar/internal/disk"
)

// Writing. A batch of commits is made in memory and written at the end of the
// current segment; only when it is whole does the log know of it. When a write
// fails, the file is cut back to where the batch began, and synced, so that nothing
// of it can count when the log is read again: the log is as it was. If cutting back
// fails, or a sync, nobody knows what a reader will find. Then nothing is written:
// after a failed fsync the kernel may have dropped the pages and say that all is
// well the next time (Rebello et al., "Can Applications Recover from fsync
// Failures?", USENIX ATC 2020). To read the directory anew is to know again.

// pieceBytes is how much is written in one call, unless a single frame is longer:
// enough that the calls cost nothing beside the bytes.
const pieceBytes = 1 << 20

// segmentBytes is the default of Options.SegmentBytes: so much is kept too long at
// most when a snapshot makes older segments superfluous, and a journal of a
// terabyte is 16,384 files.
const segmentBytes = 64 << 20

// Append writes commits, in order, in one piece if they are at most 1 MiB, and
// if sync is set makes them last. It first rotates if the segment is long enough.
// On an error none is in the log: ENOSPC and the like can be tried again;
// ErrPoisoned is in those after which nothing can be written any more, since nobody
// knows what lasts. What was appended to be synced and was not may then be there
// when the directory is opened again, or not.
func (l *Log) Append(cs []*Commit, sync bool) error {
	if err := l.writable(); err != nil {
		return err
	}
	if err := l.follows(cs); err != nil {
		return err
	}
	if len(cs) > 0 {
		if l.end >= l.segmentBytes() {
			if err := l.Rotate(); err != nil {
				return err
			}
		}
		end, err := l.write(cs)
		if err != nil {
			l.syncing.Lock()
			defer l.syncing.Unlock()
			return l.cutBack(err)
		}
		l.wrote(cs, end)
	}
	if sync {
		return l.Sync()
	}
	return nil
}

// writable returns why nothing can be written, if so.
func (l *Log) writable() error {
	if err := l.poisoned.Load(); err != nil {
		return *err
	}
	if l.f == nil {
		return fmt.Errorf("journal: %w", fs.ErrClosed)
	}
	return nil
}

// follows checks that commits are what comes next, and that readers will take them.
func (l *Log) follows(cs []*Commit) error {
	seq, chain := l.seq, l.chain
	for _, c := range cs {
		if c.Seq != seq+1 || c.Prev != chain {
			return fmt.Errorf("journal: commit %d does not follow commit %d, or not by its chain", c.Seq, seq)
		}
		if c.Flags&^knownFlags != 0 {
			return fmt.Errorf("journal: commit %d has unknown flags %#x", c.Seq, c.Flags)
		}
		for _, op := range c.Ops {
			if len(op) > MaxOp {
				return fmt.Errorf("journal: commit %d has an op of %d bytes, more than %d", c.Seq, len(op), MaxOp)
			}
		}
		seq, chain = c.Seq, c.Chain
	}
	return nil
}

func (l *Log) segmentBytes() int64 {
	if l.o.SegmentBytes > 0 {
		return l.o.SegmentBytes
	}
	return segmentBytes
}

// write writes the frames of cs at the end of the file, and returns where they
// end. Where each of cs begins is then in l.offs.
func (l *Log) write(cs []*Commit) (end int64, err error) {
	l.mu.RLock()
	w := pieces{codec: &l.current().codec, f: l.f, off: l.end, synced: l.synced, buf: l.buf[:0]}
	l.mu.RUnlock()
	defer func() { l.keep(w.buf) }()
	l.offs = l.offs[:0]
	for _, c := range cs {
		l.offs = append(l.offs, w.off+int64(len(w.buf)))
		for _, op := range c.Ops {
			if err := w.put(frame{seq: c.Seq, kind: frameOp, payload: op}); err != nil {
				return 0, err
			}
		}
		payload := appendCommit(l.payload[:0], c)
		if err := w.put(frame{seq: c.Seq, kind: frameCommit, flags: c.Flags, payload: payload}); err != nil {
			return 0, err
		}
	}
	err = w.flush()
	return w.off, err
}

// keep keeps a buffer for the next batch, unless it is one that few need.
func (l *Log) keep(buf []byte) {
	l.buf = nil
	if cap(buf) <= 2*pieceBytes {
		l.buf = buf
	}
}

// pieces is a run of frames on its way into a file.
type pieces struct {
	codec  *codec
	f      disk.File
	off    int64 // of buf
	synced int64 // promised in each frame
	buf    []byte
}

func (w *pieces) put(f frame) error {
	if len(w.buf) > 0 && len(w.buf)+frameHead+len(f.payload) > pieceBytes {
		if err := w.flush(); err != nil {
			return err
		}
	}
	f.synced = w.synced
	w.buf = w.codec.append(w.buf, w.off+int64(len(w.buf)), f)
	return nil
}

func (w *pieces) flush() error {
	n, err := w.f.WriteAt(w.buf, w.off)
	if err == nil && n < len(w.buf) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return err
	}
	w.off += int64(len(w.buf))
	w.buf = w.buf[:0]
	return nil
}

// wrote notes that cs are in the log, and where.
func (l *Log) wrote(cs []*Commit, end int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.current()
	for i, c := range cs {
		s.note(c.Seq, l.offs[i], c.Prev, c.Time)
	}
	s.end, l.end = end, end
	last := cs[len(cs)-1]
	l.seq, l.chain = last.Seq, last.Chain
}

// cutBack removes from the current file what was written after the last good
// frame, since writing went wrong with err. The sync is for a loss of power: it
// might keep what was written and forget that it was cut off. The caller has syncing:
// of two syncs at once, the kernel tells only one that bytes of the other were lost.
func (l *Log) cutBack(err error) error {
	err = l.at(l.end, "write", err)
	if cut := l.f.Truncate(l.end); cut != nil {
		return l.poison(errors.Join(err, l.at(l.end, "truncate", cut)))
	}
	if cut := l.f.Sync(); cut != nil {
		return l.poison(errors.Join(err, l.at(l.end, "sync", cut)))
	}
	l.mu.Lock()
	l.synced = l.end
	l.mu.Unlock()
	return err
}

// Sync makes everything last whose Append had returned. Whoever appends meanwhile
// does not wait. ErrPoisoned after a failure, this one or an earlier one.
func (l *Log) Sync() error {
	l.syncing.Lock()
	defer l.syncing.Unlock()
	return l.sync()
}

// sync is Sync for who has l.syncing.
func (l *Log) sync() error {
	if err := l.writable(); err != nil {
		return err
	}
	l.mu.RLock()
	end, synced := l.end, l.synced
	l.mu.RUnlock()
	if end == synced {
		return nil
	}
	if err := l.f.Sync(); err != nil {
		return l.poison(l.at(end, "sync", err))
	}
	l.mu.Lock()
	l.synced = end
	l.mu.Unlock()
	return nil
}

// poison ends all writing because of err, and returns that, with ErrPoisoned.
func (l *Log) poison(err error) error {
	if !errors.Is(err, ErrPoisoned) {
		err = fmt.Errorf("%w: %w", ErrPoisoned, err)
	}
	l.poisoned.CompareAndSwap(nil, &err)
	return err
}

// at says where in the current file something went wrong.
func (l *Log) at(off int64, what string, err error) error {
	return fmt.Errorf("%s: %s at %d: %w", segmentName(l.current().head.first), what, off, err)
}

// Close closes the files, without a sync.
func (l *Log) Close() error {
	l.syncing.Lock()
	defer l.syncing.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.f == nil {
		return nil
	}
	f := l.f
	l.f = nil
	return f.Close()
}
