package seal

import (
	"errors"
	"fmt"
	"io"
)

// A Reader opens a sealed stream. What it hands out is authentic, chunk by
// chunk; that there is no more is certain at io.EOF, not before, and then the
// underlying reader has ended as well. It holds one chunk, 64 KiB.
//
// Errors say where, and are one of ErrTampered, ErrTruncated (with
// io.ErrUnexpectedEOF) and ErrSpliced, or the underlying reader's own. They are
// final.
type Reader struct {
	r       io.Reader
	purpose Purpose
	frames  *Frames
	bound   binding
	tag     uint64

	chunks uint64 // opened so far
	ended  bool   // the last chunk was among them
	buf    []byte // has room for one chunk
	in     []byte // what has arrived of the next one; in buf
	plain  []byte // unread of the one before; in buf, before in
	off    int64  // of in in the stream
	failed error  // of r; final
	err    error
}

// idle is how many empty reads in a row a Reader takes.
const idle = 100

// NewReader reads the header of a stream, and returns a Reader of its content.
// kind is what it must be for: another one is ErrSpliced. [ErrKey] if k is nil,
// does not have the key, or has another one under that id; [ErrLater] for a stream
// of a later format; else errors are as those of Read.
func NewReader(r io.Reader, k Keys, kind string) (*Reader, error) {
	in := &Reader{r: r, buf: make([]byte, chunkHeadLen+chunkLen+Overhead)}
	if err := in.open(k, kind); err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	return in, nil
}

func (r *Reader) open(k Keys, kind string) error {
	if err := r.fill(fixedLen); err != nil {
		return err
	}
	size, err := headerSize(r.in)
	if err != nil {
		return err
	}
	if err := r.fill(size); err != nil {
		return err
	}
	header := r.in[:size]
	lock, purpose, err := parseHeader(header)
	if err != nil {
		return err
	}
	if purpose.Kind != kind {
		return fmt.Errorf("%w: a %s where a %s should be", ErrSpliced, purpose.Kind, kind)
	}
	if r.frames, err = OpenFrames(k, lock, purpose); err != nil {
		return err
	}
	r.purpose = purpose
	r.bound, r.tag = bind(header)
	r.take(size)
	return nil
}

// Purpose returns what the stream was sealed for. Its ID and file number are to
// be compared with what they should be.
func (r *Reader) Purpose() Purpose { return r.purpose }

// Read hands out what was sealed.
func (r *Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for len(r.plain) == 0 && r.err == nil {
		at := r.off
		if r.err = r.next(); r.err != nil && r.err != io.EOF {
			r.err = fmt.Errorf("chunk %d at byte %d: %w", r.chunks, at, r.err)
		}
	}
	if len(r.plain) == 0 {
		return 0, r.err
	}
	n := copy(p, r.plain)
	r.plain = r.plain[n:]
	return n, nil
}

// next opens the next chunk; io.EOF if the one before was the last.
func (r *Reader) next() error {
	if r.ended {
		return r.end()
	}
	if err := r.fill(chunkHeadLen); err != nil {
		return err
	}
	head, ok := parseChunkHead(r.in)
	switch {
	case !ok:
		return fmt.Errorf("%w: checksum mismatch", ErrTampered)
	case head.tag != r.tag:
		return fmt.Errorf("%w: of another file", ErrSpliced)
	case uint64(head.number) != r.chunks:
		return fmt.Errorf("%w: it is chunk %d", ErrSpliced, head.number)
	case head.size > chunkLen || head.size < chunkLen && !head.last || head.size == 0 && r.chunks > 0:
		return fmt.Errorf("%w: %d bytes", ErrTampered, head.size)
	}
	whole := chunkHeadLen + head.size + Overhead
	if err := r.fill(whole); err != nil {
		return err
	}
	sealed := r.in[chunkHeadLen:whole]
	plain, err := r.frames.Open(sealed[:0:whole-chunkHeadLen], r.bound.to(&head), sealed) // in its place
	if err != nil {
		return err
	}
	r.plain, r.ended = plain, head.last
	r.chunks++
	r.take(whole)
	return nil
}

// end makes sure that nothing follows the last chunk.
func (r *Reader) end() error {
	err := r.fill(chunkHeadLen)
	if err != nil && r.failed != io.EOF {
		return err
	}
	if len(r.in) == 0 {
		return io.EOF
	}
	if err == nil {
		if _, ok := parseChunkHead(r.in); ok {
			return fmt.Errorf("%w: after the last chunk", ErrSpliced)
		}
	}
	return fmt.Errorf("%w: bytes after the last chunk", ErrTampered)
}

// fill makes sure that n bytes of what follows have arrived. Nothing of plain may
// be unread.
func (r *Reader) fill(n int) error {
	if len(r.in) >= n {
		return nil
	}
	r.in = r.buf[:copy(r.buf, r.in)]
	for empty := 0; len(r.in) < n; {
		if r.failed == io.EOF {
			return fmt.Errorf("%w: %w: %d of %d bytes", ErrTruncated, io.ErrUnexpectedEOF, len(r.in), n)
		} else if r.failed != nil {
			return r.failed
		}
		room := r.buf[len(r.in):]
		got, err := r.r.Read(room)
		if got < 0 || got > len(room) {
			got, err = 0, errCount
		}
		r.in = r.buf[:len(r.in)+got]
		r.failed = err
		if got > 0 {
			empty = 0
		} else if empty++; empty > idle && err == nil {
			r.failed = io.ErrNoProgress
		}
	}
	return nil
}

// errCount is for a broken reader.
var errCount = errors.New("reader returned an impossible count")

// take goes past the first n bytes of in, which stay where they are until the next fill.
func (r *Reader) take(n int) {
	r.in = r.in[n:]
	r.off += int64(n)
}
