package journal

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"sort"

	"github.com/tagroar/tagroar/internal/seal"
)

// Reading beside everything else. A reader opens the segment's file by its name
// and from then on believes only what it has open: a file that is removed stays
// while it is read, one that was rewritten under the name since tells so by its
// salt. So nothing waits for readers, and they wait for nobody.

// A mark says where a commit is: reading begins there, and the chain is verified
// from there.
type mark struct {
	seq  uint64
	off  int64 // of its first frame
	prev Chain
}

// markEvery is the distance of marks: reading begins at most so many bytes before
// what is asked for, and the marks of a journal take a thousandth of its size.
const markEvery = 64 << 10

// note takes note of a commit that is in the segment, from off on. The caller has
// the log's mu, or nobody else has the segment.
func (s *segment) note(seq uint64, off int64, prev Chain, time int64) {
	if s.last == 0 {
		s.time = time
	}
	s.last = seq
	if n := len(s.marks); n == 0 || off >= s.marks[n-1].off+markEvery {
		s.marks = append(s.marks, mark{seq, off, prev})
	}
}

// Read yields the commits after seq up to last, both of which were appended.
// They are valid until the next one. ErrGone if seq+1 is not kept, or by the time
// that it is reached no longer. It may be called from any goroutine.
func (l *Log) Read(seq, last uint64) iter.Seq2[*Commit, error] {
	return func(yield func(*Commit, error) bool) {
		for seq < last {
			w, s, err := l.reader(seq + 1)
			if err != nil {
				yield(nil, err)
				return
			}
			more := s.read(w, &seq, last, yield)
			w.f.Close()
			if !more {
				return
			}
		}
	}
}

// read yields the commits after *seq up to last that are in segment s, and leaves
// in *seq the last that it has yielded. It returns false if that was the end.
func (s *segment) read(w *reader, seq *uint64, last uint64, yield func(*Commit, error) bool) bool {
	for *seq < last {
		c, err := w.next()
		if err == io.EOF && w.seq == *seq && w.sealed {
			return true // the next segment has them
		}
		if err == io.EOF {
			err = &flaw{off: w.off, err: io.ErrUnexpectedEOF}
		}
		if err != nil {
			yield(nil, s.explain(w.walker, err))
			return false
		}
		if c.Seq <= *seq {
			continue
		}
		*seq = c.Seq
		if !yield(c, nil) {
			return false
		}
	}
	return false
}

// A reader walks a file of its own.
type reader struct {
	*walker
	f io.Closer
}

// reader opens the segment that commit seq is in, at or before it.
func (l *Log) reader(seq uint64) (*reader, *segment, error) {
	l.mu.RLock()
	if len(l.segments) == 0 {
		l.mu.RUnlock()
		return nil, nil, fmt.Errorf("%w: commit %d", ErrGone, seq)
	}
	i := sort.Search(len(l.segments), func(i int) bool { return l.segments[i].head.first > seq }) - 1
	if i < 0 {
		first := l.segments[0].head.first
		l.mu.RUnlock()
		return nil, nil, fmt.Errorf("%w: commit %d; the first one that is is %d", ErrGone, seq, first)
	}
	known := l.segments[i]
	head, frames := known.head, known.codec.frames
	from := mark{seq: head.first, off: int64(head.size), prev: head.prev}
	if n := sort.Search(len(known.marks), func(i int) bool { return known.marks[i].seq > seq }); n > 0 {
		from = known.marks[n-1]
	}
	l.mu.RUnlock()

	name := segmentName(head.first)
	f, err := l.o.Dir.Open(name)
	if missing(err) {
		l.mu.RLock()
		damage := l.holds(head.first) // Retain takes a segment from the list before it removes the file
		l.mu.RUnlock()
		if damage {
			return nil, nil, fmt.Errorf("%w: %s: it is not there", ErrCorrupt, name)
		}
		return nil, nil, fmt.Errorf("%w: commit %d: %s has been removed", ErrGone, seq, name)
	}
	if err != nil {
		return nil, nil, err
	}
	s := &segment{head: head}
	w, err := func() (*walker, error) {
		size, err := f.Size()
		if err != nil {
			return nil, err
		}
		h, err := headerOf(f)
		if err != nil {
			return nil, err
		}
		if h == head {
			s.codec = newCodec(&s.head, frames)
			return s.walkFrom(f, size, from), nil
		}
		// It has been rewritten meanwhile: offsets are others.
		if h.dir != head.dir || h.number != head.number || h.first != head.first || h.prev != head.prev {
			return nil, fmt.Errorf("%w: %w: another file than was opened", ErrCorrupt, seal.ErrSpliced)
		}
		s.head = h
		if s.codec, err = h.resume(l.o.Keys, l.o.AcceptPlain); err != nil {
			return nil, err
		}
		return s.walk(f, size), nil
	}()
	if err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	return &reader{w, f}, s, nil
}

// explain says where in segment s a walk ended, and why. Of a flaw the error is
// ErrCorrupt.
func (s *segment) explain(w *walker, err error) error {
	name := segmentName(s.head.first)
	var f *flaw
	if !errors.As(err, &f) {
		return fmt.Errorf("%s: %w", name, err)
	}
	if f.err == errCut || f.err == errNoCommit || f.err == errNoSeal {
		err = fmt.Errorf("%w: %w", err, io.ErrUnexpectedEOF)
	}
	return fmt.Errorf("%w: %s, after commit %d: %w", ErrCorrupt, name, w.seq, err)
}
