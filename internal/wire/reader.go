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

	// ahead is how much more a Reader asks for than it needs: enough that a call
	// costs little beside the bytes, and little enough that they stay in the cache
	// until they are looked at. What lies ahead of a long frame is moved once more.
	ahead = 128 << 10

	// idle is how many empty reads in a row a Reader takes.
	idle = 100
)

// A Reader reads frames from a stream that may hold anything. It holds at
// most twice the bytes that have arrived, and no more than were asked for or
// twice ahead.
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
	if err != nil {
		return nil, short(err, len(p), n)
	}
	r.skip(n)
	return p[:n:n], nil
}

// skip goes past n bytes that peek has returned.
func (r *Reader) skip(n int) {
	if r.pos < r.end {
		r.pos += n
	} else if n > 0 {
		r.in.Discard(n) // they are in its buffer
	}
	r.off += int64(n)
}

// Frame reads and verifies the next frame. The payload is valid until the
// next call.
func (r *Reader) Frame() (h Head, payload []byte, err error) {
	if h, err = r.head(); err != nil {
		return h, nil, err
	}
	if payload, err = r.Next(h.Len()); err != nil {
		return h, nil, err
	}
	if err := h.Verify(payload); err != nil {
		return h, nil, err
	}
	return h, payload, nil
}

// AppendFrame reads the next frame, appends its payload to dst, and returns its head.
// It verifies nothing but the length: that is left to Head.Verify. After an error
// dst is as it was; what is in its room may be overwritten.
func (r *Reader) AppendFrame(dst []byte) (h Head, out []byte, err error) {
	if h, err = r.head(); err != nil {
		return h, dst, err
	}
	out = dst
	for left := h.Len(); left > 0; {
		if r.pos == r.end && left >= ahead/2 && (r.in == nil || r.in.Buffered() == 0) {
			out = r.grow(out, left)
			n, err := r.read(out[len(out):min(cap(out), len(out)+left)])
			if err != nil {
				return h, dst, short(err, h.Len()-left, h.Len())
			}
			out, left = out[:len(out)+n], left-n
			r.off += int64(n)
			continue
		}
		n := left
		switch {
		case r.pos < r.end:
			n = min(n, r.end-r.pos)
		case r.in != nil && r.in.Buffered() > 0:
			n = min(n, r.in.Buffered())
		}
		p, err := r.peek(n)
		if err != nil {
			return h, dst, short(err, h.Len()-left+len(p), h.Len())
		}
		out, left = append(r.grow(out, n), p[:n]...), left-n
		r.skip(n)
	}
	return h, out, nil
}

// head reads the head of a frame.
func (r *Reader) head() (h Head, err error) {
	p, err := r.Next(HeadLen)
	if err != nil {
		return h, err
	}
	copy(h[:], p)
	if h.Len() > r.max {
		return h, fmt.Errorf("%w: frame of %d bytes, more than %d", ErrDamaged, h.Len(), r.max)
	}
	return h, nil
}

// grow makes room in p for n bytes more, or for as many as are in proportion to those
// that have arrived.
func (r *Reader) grow(p []byte, n int) []byte {
	room, allowed := cap(p)-len(p), max(len(p), grain, int(min(r.off/4, MaxFrame)))
	if room >= n || room > 0 && allowed < n {
		return p
	}
	return append(make([]byte, 0, len(p)+max(min(n, allowed), len(p)/4)), p...) // many short ones: by a quarter
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
	for r.end < n {
		if r.end == len(r.buf) || len(r.buf) < 2*ahead && r.off >= 4*int64(len(r.buf)) {
			more := make([]byte, min(max(2*len(r.buf), grain), max(n, 2*ahead)))
			copy(more, r.buf[:r.end])
			r.buf = more
		}
		want := n - r.end
		if r.in == nil {
			want += ahead
		}
		got, err := r.read(r.buf[r.end:min(len(r.buf), r.end+want)])
		if err != nil {
			return err
		}
		r.end += got
	}
	return nil
}

// read reads at least one byte, past all buffers of the Reader's own.
func (r *Reader) read(p []byte) (int, error) {
	for empty := 0; r.err == nil; {
		n, err := r.r.Read(p)
		if n < 0 || n > len(p) {
			return 0, errors.New("wire: reader returned an impossible count")
		}
		r.err = err
		if n > 0 {
			return n, nil
		}
		if empty++; empty > idle && err == nil {
			r.err = io.ErrNoProgress
		}
	}
	return 0, r.err
}

// short is the error where only got of n bytes came before err.
func short(err error, got, n int) error {
	if err == io.EOF {
		return fmt.Errorf("%w: %w: %d of %d bytes", ErrDamaged, io.ErrUnexpectedEOF, got, n)
	}
	return err
}
