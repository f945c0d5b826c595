package wire

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

const (
	// grain is the first size of a Reader's buffer. It doubles only when it is
	// full of bytes that have arrived, so a length that lies costs nothing.
	grain = 64 << 10

	// comfort is the size that a long stream's buffer reaches.
	comfort = 1 << 20

	// idle is how many empty reads in a row a Reader takes.
	idle = 100
)

// A Reader reads frames from a stream that may hold anything. It holds at
// most twice the bytes that have arrived, and no more than were asked for or
// comfort.
//
// What fits into the buffer of a bufio.Reader is read where it lies there,
// without a copy; the Reader's own buffer is then for single longer frames.
type Reader struct {
	r   io.Reader
	in  *bufio.Reader // r, if it is one
	buf []byte
	pos int // buf[pos:end] has arrived and is unread
	end int
	off int64 // of the stream, at pos
	max int   // of a frame's payload
	err error // of r; final
}

// NewReader returns a Reader of r, which it reads ahead. It refuses frames
// whose payload is longer than limit, which is at most MaxFrame.
func NewReader(r io.Reader, limit int) *Reader {
	in, _ := r.(*bufio.Reader)
	return &Reader{r: r, in: in, max: min(limit, MaxFrame)}
}

// Offset returns the number of bytes read so far.
func (r *Reader) Offset() int64 { return r.off }

// Next returns the next n bytes, valid until the next call. A stream that ends
// before them gives ErrDamaged and io.ErrUnexpectedEOF.
func (r *Reader) Next(n int) ([]byte, error) {
	p, err := r.peek(n)
	if err == io.EOF {
		return nil, fmt.Errorf("%w: %w: %d of %d bytes", ErrDamaged, io.ErrUnexpectedEOF, len(p), n)
	} else if err != nil {
		return nil, err
	}
	if r.pos < r.end {
		r.pos += n
	} else if n > 0 {
		r.in.Discard(n) // they are in its buffer
	}
	r.off += int64(n)
	return p[:n:n], nil
}

// Frame reads and verifies the next frame. The payload is valid until the
// next call.
func (r *Reader) Frame() (h Head, payload []byte, err error) {
	p, err := r.Next(HeadLen)
	if err != nil {
		return h, nil, err
	}
	copy(h[:], p)
	if h.Len() > r.max {
		return h, nil, fmt.Errorf("%w: frame of %d bytes, more than %d", ErrDamaged, h.Len(), r.max)
	}
	if payload, err = r.Next(h.Len()); err != nil {
		return h, nil, err
	}
	if err := h.verify(payload); err != nil {
		return h, nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return h, payload, nil
}

// End makes sure that the stream ends here.
func (r *Reader) End() error {
	switch _, err := r.peek(1); err {
	case io.EOF:
		return nil
	case nil:
		return fmt.Errorf("%w: bytes after the end", ErrDamaged)
	default:
		return err
	}
}

// peek returns the next n bytes or more; if the stream ends before, io.EOF and
// those that are left.
func (r *Reader) peek(n int) ([]byte, error) {
	if r.in != nil && r.pos == r.end && n <= r.in.Size() {
		return r.in.Peek(n)
	}
	err := r.fill(n)
	return r.buf[r.pos:r.end], err
}

// fill makes sure that n bytes are unread in the buffer; io.EOF if the stream
// ends before. It reads ahead, but not of a bufio.Reader, which does so itself.
func (r *Reader) fill(n int) error {
	if r.end-r.pos >= n {
		return nil
	}
	if r.pos > 0 {
		r.end = copy(r.buf, r.buf[r.pos:r.end])
		r.pos = 0
	}
	for empty := 0; r.end < n; {
		if r.err != nil {
			return r.err
		}
		if r.end == len(r.buf) || len(r.buf) < comfort && r.off >= 4*int64(len(r.buf)) {
			more := make([]byte, min(max(2*len(r.buf), grain), max(n, comfort)))
			copy(more, r.buf[:r.end])
			r.buf = more
		}
		room := r.buf[r.end:]
		if r.in != nil {
			room = room[:min(n-r.end, len(room))]
		}
		got, err := r.r.Read(room)
		if got < 0 || got > len(room) {
			return errors.New("wire: reader returned an impossible count")
		}
		r.end += got
		r.err = err
		if got > 0 {
			empty = 0
		} else if empty++; empty > idle && err == nil {
			r.err = io.ErrNoProgress
		}
	}
	return nil
}
