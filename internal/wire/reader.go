package wire

import (
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
type Reader struct {
	r   io.Reader
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
	return &Reader{r: r, max: min(limit, MaxFrame), buf: make([]byte, grain)}
}

// Offset returns the number of bytes read so far.
func (r *Reader) Offset() int64 { return r.off }

// Next returns the next n bytes, valid until the next call. A stream that ends
// before them gives ErrDamaged and io.ErrUnexpectedEOF.
func (r *Reader) Next(n int) ([]byte, error) {
	if err := r.fill(n); err == io.EOF {
		return nil, fmt.Errorf("%w: %w: %d of %d bytes", ErrDamaged, io.ErrUnexpectedEOF, r.end-r.pos, n)
	} else if err != nil {
		return nil, err
	}
	p := r.buf[r.pos : r.pos+n : r.pos+n]
	r.pos += n
	r.off += int64(n)
	return p, nil
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
	switch err := r.fill(1); err {
	case io.EOF:
		return nil
	case nil:
		return fmt.Errorf("%w: bytes after the end", ErrDamaged)
	default:
		return err
	}
}

// fill makes sure that n bytes are unread in the buffer; io.EOF if the stream
// ends before.
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
			more := make([]byte, min(2*len(r.buf), max(n, comfort)))
			copy(more, r.buf[:r.end])
			r.buf = more
		}
		got, err := r.r.Read(r.buf[r.end:])
		if got < 0 || got > len(r.buf)-r.end {
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
