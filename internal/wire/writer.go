package wire

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"sync"
)

// A Writer hands on what it has gathered once that is more than flushAt bytes:
// enough that a system call costs little beside copying them.
const (
	flushAt = 1 << 20
	roomFor = flushAt + flushAt/4
)

// A Writer writes frames to a stream through one buffer, which holds roomFor
// bytes or the largest frame. Its first error is final: later calls return it
// and do nothing.
//
// Frames to a bufio.Writer are made in its buffer, without a copy; the Writer's
// own buffer is then for single frames that are longer. That buffer is not
// flushed at the end.
type Writer struct {
	w     io.Writer
	out   *bufio.Writer  // w, if it is one
	buf   []byte         // with out: empty, room for a longer frame
	first *[roomFor]byte // what buf was at first, to be given back; nil with out
	off   int64          // of the stream, at the end of buf
	err   error
}

var errReleased = errors.New("wire: writer used after Release")

// buffers are those of Writers that are done: to take and clear a fresh one costs a
// twentieth of making a stream of 5 MB. What they hold is never read before it is written.
var buffers = sync.Pool{New: func() any { return new([roomFor]byte) }}

// NewWriter returns a Writer to w. The caller must call Flush at the end.
func NewWriter(w io.Writer) *Writer {
	if out, ok := w.(*bufio.Writer); ok {
		return &Writer{w: w, out: out}
	}
	room := buffers.Get().(*[roomFor]byte)
	return &Writer{w: w, buf: room[:0], first: room}
}

// Release gives the buffer back for other Writers; one to a bufio.Writer has none to
// give. It flushes nothing, and the Writer must not be used again: where it gave a
// buffer, later calls give an error. The stream must not be in a call any more.
func (w *Writer) Release() {
	if w.first != nil {
		buffers.Put(w.first)
		*w = Writer{err: errReleased}
	}
}

// Offset returns the number of bytes written so far, those in the buffer too.
func (w *Writer) Offset() int64 { return w.off }

// Written returns the number of bytes that the stream has taken.
func (w *Writer) Written() int64 { return w.off - int64(len(w.buf)) }

// Raw writes p as it is: what is long goes past the buffer.
func (w *Writer) Raw(p []byte) error {
	if len(p) >= flushAt/8 {
		return w.past(p)
	}
	if dst := w.room(len(p)); w.err == nil {
		w.take(append(dst, p...), len(p))
	}
	return w.err
}

// Frame writes a frame of the given type, whose payload fill appends to its
// argument, and returns its head. size is the length to expect; the payload
// must not be longer than MaxFrame.
func (w *Writer) Frame(kind uint8, size int, fill func([]byte) []byte) (Head, error) {
	dst := w.room(HeadLen + size)
	if w.err != nil {
		return Head{}, w.err
	}
	start := len(dst)
	dst = fill(append(dst, make([]byte, HeadLen)...))
	payload := dst[start+HeadLen:]
	if len(payload) > MaxFrame {
		panic("wire: frame longer than MaxFrame")
	}
	h := Seal(kind, payload)
	copy(dst[start:], h[:])
	w.take(dst, len(dst)-start)
	return h, w.err
}

// past hands p to the stream after what is in the buffer.
func (w *Writer) past(p []byte) error {
	if w.Flush() != nil {
		return w.err
	}
	if w.out != nil && w.err == nil {
		w.err = w.out.Flush()
	}
	if w.err != nil {
		return w.err
	}
	n, err := w.w.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	w.off += int64(min(max(n, 0), len(p)))
	w.err = err
	return w.err
}

// room returns what to append n bytes to and then give to take. It makes sure
// that they fit, at best without growing.
func (w *Writer) room(n int) []byte {
	if w.out != nil {
		if n > w.out.Available() && w.err == nil { // a longer frame passes an empty buffer by
			w.err = w.out.Flush()
		}
		if n <= w.out.Available() {
			return w.out.AvailableBuffer()
		}
	}
	if len(w.buf)+n > cap(w.buf) {
		w.Flush() // an error is kept
		w.buf = slices.Grow(w.buf, n)
	}
	return w.buf
}

// take takes what room has returned, with n bytes appended.
func (w *Writer) take(dst []byte, n int) {
	if w.out != nil {
		n, w.err = w.out.Write(dst) // where it lies, if that is out's buffer
		w.off += int64(n)
		return
	}
	w.buf = dst
	w.off += int64(n)
	if len(dst) > flushAt {
		w.Flush() // an error is kept
	}
}

// Flush hands the buffer to the stream.
func (w *Writer) Flush() error {
	if len(w.buf) == 0 || w.err != nil {
		return w.err
	}
	n, err := w.w.Write(w.buf)
	if err == nil && n < len(w.buf) {
		err = io.ErrShortWrite
	}
	if err != nil {
		w.err = err
		n = min(max(n, 0), len(w.buf))
	}
	w.buf = w.buf[:copy(w.buf, w.buf[n:])]
	return w.err
}
