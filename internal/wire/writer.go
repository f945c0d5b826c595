package wire

import (
	"io"
	"slices"
)

// A Writer hands on what it has gathered once that is more than flushAt bytes:
// enough that a system call costs little beside copying them, and that a
// bufio.Writer of up to that size below passes them on without a copy.
const (
	flushAt = 1 << 20
	roomFor = flushAt + flushAt/4
)

// A Writer writes frames to a stream through one buffer, which holds roomFor
// bytes or the largest frame. Its first error is final: later calls return it
// and do nothing.
type Writer struct {
	w   io.Writer
	buf []byte
	off int64 // of the stream, at the end of buf
	err error
}

// NewWriter returns a Writer to w. The caller must call Flush at the end.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w, buf: make([]byte, 0, roomFor)} }

// Offset returns the number of bytes written so far, those in the buffer too.
func (w *Writer) Offset() int64 { return w.off }

// Written returns the number of bytes that the stream has taken.
func (w *Writer) Written() int64 { return w.off - int64(len(w.buf)) }

// Raw writes p as it is.
func (w *Writer) Raw(p []byte) error {
	if w.room(len(p)); w.err != nil {
		return w.err
	}
	w.buf = append(w.buf, p...)
	w.off += int64(len(p))
	return w.err
}

// Frame writes a frame of the given type, whose payload fill appends to its
// argument, and returns its head. size is the length to expect; the payload
// must not be longer than MaxFrame.
func (w *Writer) Frame(kind uint8, size int, fill func([]byte) []byte) (Head, error) {
	if w.room(HeadLen + size); w.err != nil {
		return Head{}, w.err
	}
	start := len(w.buf)
	w.buf = fill(append(w.buf, make([]byte, HeadLen)...))
	payload := w.buf[start+HeadLen:]
	if len(payload) > MaxFrame {
		panic("wire: frame longer than MaxFrame")
	}
	h := Seal(kind, payload)
	copy(w.buf[start:], h[:])
	w.off += int64(HeadLen + len(payload))
	if len(w.buf) > flushAt {
		w.Flush() // an error is kept
	}
	return h, w.err
}

// room makes sure that n bytes can be appended, at best without growing.
func (w *Writer) room(n int) {
	if len(w.buf)+n > cap(w.buf) {
		w.Flush() // an error is kept
		w.buf = slices.Grow(w.buf, n)
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
