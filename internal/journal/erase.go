package journal

import (
	"errors"
	"fmt"
	"io"

	"github.com/tagroar/tagroar/internal/disk"
)

// Erase rewrites the sealed segments without those items for which gone, given
// the public part of the op and the item's number in it, says so, and removes
// what was set aside as torn. It returns how many items it has erased; those that
// were erased before do not count, so it can be called again.
//
// A segment is rewritten under a salt, and so a key, of its own; commits keep
// their chain. It is written beside the old one, read again and verified, and takes
// its name: at any time one of them is there, whole. After an error or a crash the
// segments before are done. A segment in which nothing is to be erased stays.
//
// What was set aside when the log was salvaged stays, see RemoveSalvaged.
func (l *Log) Erase(gone func(public []byte, item int) bool) (items int, err error) {
	if err := l.writable(); err != nil {
		return 0, err
	}
	for _, s := range l.segments[:len(l.segments)-1] {
		n, err := l.eraseIn(s, gone)
		if err != nil {
			return items, fmt.Errorf("%s: erase: %w", segmentName(s.head.first), err)
		}
		items += n
	}
	return items, l.removeTorn()
}

// eraseIn erases items of segment s.
func (l *Log) eraseIn(s *segment, gone func(public []byte, item int) bool) (items int, err error) {
	name := segmentName(s.head.first)
	f, err := l.o.Dir.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	if items, err = s.count(f, gone); err != nil || items == 0 {
		return 0, err
	}
	made := &segment{head: header{dir: l.id, number: s.head.number, first: s.head.first, prev: s.head.prev}}
	if made.codec, err = made.head.begin(l.o.Keys, l.o.Random); err != nil {
		return 0, err
	}
	err = disk.Replace(l.o.Dir, name, func(w io.Writer) error {
		return made.rewrite(w, s, f, gone)
	}, func(r io.ReaderAt, size int64) error {
		return made.verify(r, size, s)
	})
	if errors.Is(err, disk.ErrSync) {
		return 0, l.poison(err)
	}
	if err != nil {
		return 0, err
	}
	l.mu.Lock()
	*s = *made
	l.mu.Unlock()
	return items, nil
}

// count counts the items of s that are to be erased.
func (s *segment) count(f disk.File, gone func([]byte, int) bool) (items int, err error) {
	var buf []byte
	_, err = s.each(f, s.end, func(w *walker, c *Commit) error {
		for _, p := range c.Ops {
			o, err := ParseOp(p)
			if err != nil {
				return err
			}
			if o.Len() == 0 {
				continue
			}
			var n int
			buf, n = o.AppendErased(buf[:0], gone)
			items += n
		}
		return nil
	})
	return items, err
}

// each calls fn with the commits of a sealed segment, and returns the walker at
// its end.
func (s *segment) each(f io.ReaderAt, size int64, fn func(*walker, *Commit) error) (*walker, error) {
	w := s.walk(f, size)
	for {
		c, err := w.next()
		if err == io.EOF && !w.sealed {
			err = w.flawed(errNoSeal)
		}
		if err == io.EOF {
			return w, nil
		}
		if err != nil {
			return nil, s.explain(w, err)
		}
		if err := fn(w, c); err != nil {
			return nil, err
		}
	}
}

// rewrite writes segment s, from its file f, as segment made, with items erased.
func (made *segment) rewrite(w io.Writer, s *segment, f io.ReaderAt, gone func([]byte, int) bool) error {
	off := int64(0) // of buf
	buf := made.head.append(nil)
	flush := func() error {
		n, err := w.Write(buf)
		off += int64(n)
		buf = buf[:0]
		return err
	}
	var synced int64 // the file is synced as a whole; what a frame promises is what it follows
	put := func(f frame) error {
		f.synced = synced
		buf = made.codec.append(buf, off+int64(len(buf)), f)
		if len(buf) >= pieceBytes {
			return flush()
		}
		return nil
	}
	var op []byte
	var payload [commitLen]byte
	end, err := s.each(f, s.end, func(_ *walker, c *Commit) error {
		synced = off + int64(len(buf))
		for _, p := range c.Ops {
			o, err := ParseOp(p)
			if err != nil {
				return err
			}
			op, _ = o.AppendErased(op[:0], gone)
			if err := put(frame{seq: c.Seq, kind: frameOp, payload: op}); err != nil {
				return err
			}
		}
		return put(frame{seq: c.Seq, kind: frameCommit, flags: c.Flags, payload: appendCommit(payload[:0], c)})
	})
	if err != nil {
		return err
	}
	synced = off + int64(len(buf))
	if err := put(frame{seq: end.seq, kind: frameSeal, payload: end.chain[:]}); err != nil {
		return err
	}
	return flush()
}

// verify checks that a file is segment made, and leads where s does. It notes what
// there is to know of made.
func (made *segment) verify(f io.ReaderAt, size int64, s *segment) error {
	made.last, made.time, made.marks = 0, 0, nil
	off := int64(made.head.size)
	w, err := made.each(f, size, func(w *walker, c *Commit) error {
		made.note(c.Seq, off, c.Prev, c.Time)
		off = w.good
		return nil
	})
	if err != nil {
		return err
	}
	if w.seq != s.last || made.time != s.time {
		return fmt.Errorf("%w: it ends with commit %d, not %d", ErrCorrupt, w.seq, s.last)
	}
	made.end = w.off
	return nil
}

// removeTorn removes what was cut off segments.
func (l *Log) removeTorn() error {
	files, err := list(l.o.Dir)
	if err != nil {
		return err
	}
	return l.removeForGood(files.torn)
}

// RemoveSalvaged removes what was given up when the directory was salvaged. It is for
// whom Erase is for.
func (l *Log) RemoveSalvaged() error {
	if err := l.writable(); err != nil {
		return err
	}
	files, err := list(l.o.Dir)
	if err != nil {
		return err
	}
	return l.removeForGood(files.salvaged)
}

func (l *Log) removeForGood(names []string) error {
	if len(names) == 0 {
		return nil
	}
	if err := remove(l.o.Dir, names...); err != nil {
		return err
	}
	return l.syncDir()
}
