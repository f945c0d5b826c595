package tagset

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/tagroar/tagroar/internal/journal"
	"github.com/tagroar/tagroar/internal/wire"
)

// The encoded form of a change, version 1. Integers are little-endian.
//
//	offset  size  field
//	0       8     magic 89 54 41 43 48 0d 0a 1a
//	8       2     format version
//	10      2     lowest version of a reader that understands all of it
//	12      4     CRC-32C of the bytes before, and of the length
//	16      8     length of what follows the head
//	24      16    UUID of the store, before the change
//	40      8     version
//	48      8     time of the commit, Unix nanoseconds, signed
//	56      32    chain of the commit before; zero: not known
//	88      32    chain of this one
//	120     4     number of ops
//	124     …     ops: u32 length, and as many bytes, as package journal lays them out; their
//	              public parts are told in journal.go
//	end     4     CRC-32C of everything from the UUID on
//
// Changes follow one another in a stream without anything between. A checksum that
// does not agree, a chain that does not follow from the rest, and anything that is
// not exactly what a writer writes is refused; that is against damage, and does not
// stop somebody who wants to deceive and can make up a whole history.
const (
	changeFormat = 1
	changeMagic  = "\x89TACH\r\n\x1a"
	changeHead   = 24
	changeFixed  = 100 // after the head, before the ops
)

// AppendBinary appends the encoded change to dst. The error is always nil but for
// the zero Change, which nothing made: [ErrUnsupported].
func (c Change) AppendBinary(dst []byte) ([]byte, error) {
	if c.commit == nil {
		return dst, &Error{Op: "marshal change", Err: ErrUnsupported, detail: "no change"}
	}
	le := binary.LittleEndian
	start := len(dst)
	dst = append(dst, changeMagic...)
	dst = le.AppendUint16(dst, changeFormat)
	dst = le.AppendUint16(dst, changeFormat)
	dst = append(dst, make([]byte, 4)...)
	dst = le.AppendUint64(dst, uint64(c.size()-changeHead))
	sealHead(dst[start:])
	dst = append(dst, c.uuid[:]...)
	dst = le.AppendUint64(dst, uint64(c.Version))
	dst = le.AppendUint64(dst, uint64(c.commit.Time))
	dst = append(dst, c.commit.Prev[:]...)
	dst = append(dst, c.commit.Chain[:]...)
	dst = le.AppendUint32(dst, uint32(len(c.commit.Ops)))
	for _, op := range c.commit.Ops {
		dst = le.AppendUint32(dst, uint32(len(op)))
		dst = append(dst, op...)
	}
	return le.AppendUint32(dst, wire.Checksum(dst[start+changeHead:])), nil
}

// sealHead writes the checksum of a head.
func sealHead(head []byte) { binary.LittleEndian.PutUint32(head[12:], headSum(head)) }

func headSum(head []byte) uint32 {
	var covered [changeHead - 4]byte
	copy(covered[:], head[:12])
	copy(covered[12:], head[16:changeHead])
	return wire.Checksum(covered[:])
}

// size is the length of the encoded form.
func (c Change) size() int {
	n := changeHead + changeFixed + 4
	for _, op := range c.commit.Ops {
		n += 4 + len(op)
	}
	return n
}

// MarshalBinary returns the change encoded: some 130 bytes, and what the ops take.
// Errors: those of AppendBinary.
func (c Change) MarshalBinary() ([]byte, error) {
	if c.commit == nil {
		return c.AppendBinary(nil)
	}
	return c.AppendBinary(make([]byte, 0, c.size()))
}

// WriteTo writes the encoded change to w, in one Write. Many may be written one
// after another to a stream, for [ReadChange]. Errors: those of AppendBinary and
// of w.
func (c Change) WriteTo(w io.Writer) (int64, error) {
	p, err := c.MarshalBinary()
	if err != nil {
		return 0, err
	}
	n, err := w.Write(p)
	return int64(n), err
}

// UnmarshalBinary makes *c the change that p holds and nothing else. P may be
// anything, and is not kept. Everything that can be checked without a store is: the
// checksums, that the chain follows, that each op is one.
//
// Errors: [ErrCorrupt], with [ErrTorn] and io.ErrUnexpectedEOF beside it if p ends
// early; [ErrUnsupported] for a later format.
func (c *Change) UnmarshalBinary(p []byte) error {
	n, err := readHead(p)
	switch rest := len(p) - changeHead; {
	case err != nil:
	case uint64(rest) < n:
		err = torn(fmt.Errorf("%d of %d bytes", rest, n))
	case uint64(rest) > n:
		err = fmt.Errorf("%d bytes after the change", uint64(rest)-n)
	default:
		err = c.decode(append([]byte(nil), p[changeHead:]...))
	}
	return changeError("unmarshal change", err)
}

// ReadChange reads the next change of a stream that [Change.WriteTo] has written to,
// and no byte beyond it. What r holds may be anything; memory is taken as bytes
// arrive. At the end of the stream the error is io.EOF; otherwise those of
// [Change.UnmarshalBinary], and r's own.
func ReadChange(r io.Reader) (Change, error) {
	const op = "read change"
	var head [changeHead]byte
	switch n, err := io.ReadFull(r, head[:]); {
	case err == io.EOF:
		return Change{}, io.EOF
	case err == io.ErrUnexpectedEOF:
		return Change{}, changeError(op, torn(fmt.Errorf("%d of %d bytes", n, changeHead)))
	case err != nil:
		return Change{}, &Error{Op: op, Err: err}
	}
	n, err := readHead(head[:])
	if err != nil {
		return Change{}, changeError(op, err)
	}
	p, err := readGrowing(r, n)
	switch {
	case err != nil:
		return Change{}, &Error{Op: op, Err: err}
	case uint64(len(p)) < n:
		return Change{}, changeError(op, torn(fmt.Errorf("%d of %d bytes", len(p), n)))
	}
	var c Change
	return c, changeError(op, c.decode(p))
}

// readGrowing reads n bytes, or fewer if the stream ends. It asks for no more
// memory than twice what has arrived, and at first 64 KiB.
func readGrowing(r io.Reader, n uint64) ([]byte, error) {
	p := make([]byte, 0, min(n, 64<<10))
	for uint64(len(p)) < n {
		if len(p) == cap(p) {
			more := make([]byte, len(p), min(2*uint64(cap(p)), n))
			copy(more, p)
			p = more
		}
		k, err := io.ReadFull(r, p[len(p):cap(p)])
		p = p[:len(p)+k]
		switch err {
		case nil:
		case io.EOF, io.ErrUnexpectedEOF:
			return p, nil
		default:
			return nil, err
		}
	}
	return p, nil
}

// readHead verifies the head of a change, and returns the length of what follows.
func readHead(p []byte) (uint64, error) {
	le := binary.LittleEndian
	if len(p) < changeHead {
		return 0, torn(fmt.Errorf("%d of %d bytes", len(p), changeHead))
	}
	if string(p[:8]) != changeMagic {
		return 0, fmt.Errorf("not a change: it begins with % x", p[:8])
	}
	if le.Uint32(p[12:]) != headSum(p) {
		return 0, errors.New("checksum of the head does not agree")
	}
	if format, reader := le.Uint16(p[8:]), le.Uint16(p[10:]); format == 0 || reader == 0 || reader > format {
		return 0, fmt.Errorf("format %d for readers of %d", format, reader)
	} else if reader > changeFormat {
		return 0, laterFormat(reader)
	}
	n := le.Uint64(p[16:])
	if n < changeFixed+4 || n > math.MaxInt/2 {
		return 0, fmt.Errorf("length of %d bytes", n)
	}
	return n, nil
}

// decode makes *c what p, which it keeps, holds after a head.
func (c *Change) decode(p []byte) error {
	body, sum := p[:len(p)-4], p[len(p)-4:]
	if binary.LittleEndian.Uint32(sum) != wire.Checksum(body) {
		return errors.New("checksum does not agree")
	}
	d := wire.NewDecoder(body)
	commit := &journal.Commit{}
	var uuid [16]byte
	copy(uuid[:], d.Bytes(len(uuid)))
	commit.Seq, commit.Time = d.Uint64(), int64(d.Uint64())
	copy(commit.Prev[:], d.Bytes(len(commit.Prev)))
	copy(commit.Chain[:], d.Bytes(len(commit.Chain)))
	n := d.Uint32()
	const least = 4 + 8 + 2 // of an op
	if int64(n) > int64(d.Len()/least) {
		d.Fail("%d ops in %d bytes", n, d.Len())
		n = 0
	}
	commit.Ops = make([][]byte, 0, n)
	o := new(op)
	for i := range n {
		p := d.Bytes(int(min(d.Uint32(), math.MaxInt32)))
		if d.Err() != nil {
			break
		}
		if err := o.parse(p); err != nil {
			return fmt.Errorf("op %d: %w", i, err)
		}
		commit.Ops = append(commit.Ops, p)
	}
	switch {
	case d.Err() != nil:
		return d.Err()
	case d.Len() > 0:
		return fmt.Errorf("%d bytes after the ops", d.Len())
	case commit.Seq == 0:
		return errors.New("version 0")
	}
	if err := commit.Verify(); err != nil {
		return err
	}
	*c = Change{Version: Version(commit.Seq), commit: commit, uuid: uuid}
	return nil
}

// laterFormat is the error for a change of a later format.
type laterFormat uint16

func (f laterFormat) Error() string {
	return fmt.Sprintf("format %d, this reads up to %d", uint16(f), changeFormat)
}

// torn says that bytes end early.
func torn(err error) error {
	return &refusal{means: []error{ErrTorn, io.ErrUnexpectedEOF}, cause: fmt.Errorf("ends early: %w", err)}
}

// changeError is the error for bytes that are no change; nil for nil.
func changeError(op string, err error) error {
	var later laterFormat
	switch {
	case err == nil:
		return nil
	case errors.As(err, &later):
		return &Error{Op: op, Err: ErrUnsupported, detail: later.Error()}
	}
	return &Error{Op: op, Err: &refusal{means: []error{ErrCorrupt}, cause: fmt.Errorf("corrupt: %w", err)}}
}
