package seal

import (
	"errors"
	"fmt"
	"io"
)

// A Writer seals a stream. It holds the last chunk, 64 KiB, and as much that is
// encrypted; longer writes are encrypted where they lie. Its first error is
// final: later calls return it and do nothing.
type Writer struct {
	w       io.Writer
	frames  *Frames
	bound   binding
	tag     uint64
	chunks  uint64 // so far
	plain   []byte // not yet written, at most a chunk: it may be the last
	sealed  []byte // scratch; before the first chunk, the header
	written int64
	err     error
}

// errClosed is that of Write after Close.
var errClosed = errors.New("sealed stream is closed")

// errLong is that of a stream of more than 256 TiB.
var errLong = errors.New("sealed stream is full")

// NewWriter returns a Writer to w, under the current key of k and with a salt
// from random. The stream is whole once Close has returned nil. Of p, the kind is
// 1 to 16 bytes. Nothing is written yet.
func NewWriter(w io.Writer, k Keys, random io.Reader, p Purpose) (*Writer, error) {
	frames, lock, err := NewFrames(k, random, p)
	if err != nil {
		return nil, err
	}
	header, err := appendHeader(make([]byte, 0, headerLen+chunkHeadLen+chunkLen+Overhead), &lock, p)
	if err != nil {
		return nil, err
	}
	out := &Writer{w: w, frames: frames, sealed: header, plain: make([]byte, 0, chunkLen)}
	out.bound, out.tag = bind(header)
	return out, nil
}

// Written returns the number of bytes that the underlying writer has taken.
func (w *Writer) Written() int64 { return w.written }

// Write seals p. What makes no whole chunk waits for more, or for Close.
func (w *Writer) Write(p []byte) (int, error) {
	n := 0
	for len(p) > n && w.err == nil {
		rest := p[n:]
		switch {
		case len(w.plain) == chunkLen: // and it is not the last
			w.chunk(w.plain, false)
			w.plain = w.plain[:0]
		case len(w.plain) == 0 && len(rest) > chunkLen:
			if w.chunk(rest[:chunkLen], false); w.err == nil {
				n += chunkLen
			}
		default:
			rest = rest[:min(len(rest), chunkLen-len(w.plain))]
			w.plain = append(w.plain, rest...)
			n += len(rest)
		}
	}
	return n, w.err
}

// Close writes the last chunk. It does not close the underlying writer. A
// second call does nothing.
func (w *Writer) Close() error {
	if w.err == errClosed {
		return nil
	}
	if w.err == nil {
		w.chunk(w.plain, true)
	}
	clear(w.plain[:cap(w.plain)])
	if w.err != nil {
		return w.err
	}
	w.err = errClosed
	return nil
}

// chunk seals plain as the next chunk, and writes it.
func (w *Writer) chunk(plain []byte, last bool) {
	if w.chunks == maxChunks {
		w.err = errLong
		return
	}
	head := chunkHead{tag: w.tag, number: uint32(w.chunks), size: len(plain), last: last}
	w.sealed = w.frames.Seal(head.append(w.sealed), w.bound.to(&head), plain)
	n, err := w.w.Write(w.sealed)
	if err == nil && n < len(w.sealed) {
		err = io.ErrShortWrite
	}
	w.written += int64(min(max(n, 0), len(w.sealed)))
	if err != nil {
		w.err = fmt.Errorf("chunk %d: %w", w.chunks, err)
		return
	}
	w.sealed = w.sealed[:0]
	w.chunks++
}
