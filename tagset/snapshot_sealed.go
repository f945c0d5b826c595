package tagset

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/tagroar/tagroar/internal/seal"
)

// A store with Config.Keys writes its snapshots sealed: the stream that
// snapshot.go tells, within one that package seal tells, for the store's UUID. No
// two are the same bytes, of one state either: salts and nonces are random. What is
// in them is.

// purpose is what snapshots of the store are sealed for.
func (st *state) purpose() seal.Purpose { return seal.Purpose{Kind: snapshotKind, ID: st.uuid} }

const snapshotKind = "snapshot"

// writeSealed writes a sealed snapshot, and returns the number of bytes that w has
// taken.
func (st *state) writeSealed(w io.Writer) (int64, error) {
	out, err := seal.NewWriter(w, st.shared.keys, st.shared.random, st.purpose())
	if err != nil {
		return 0, sealError(err)
	}
	_, err = st.writePlain(out)
	if last := out.Close(); err == nil { // also after an error: it forgets what it holds
		err = last
	}
	return out.Written(), err
}

// unsealed returns what r holds if it is plain, else a Reader of what is sealed in
// it. Config.Keys without AcceptPlain refuses what is plain: whoever can write
// where the stream was kept could have put it there, without a key.
func unsealed(r io.Reader, c Config) (io.Reader, *seal.Reader, error) {
	first, r, err := peek(r)
	if err != nil {
		return nil, nil, fmt.Errorf("header at byte 0: %w", err)
	}
	switch {
	case seal.IsSealed(first):
		in, err := seal.NewReader(r, c.Keys, snapshotKind)
		if err != nil {
			return nil, nil, sealError(err)
		}
		return in, in, nil
	case c.Keys != nil && !c.AcceptPlain && string(first) == magic:
		return nil, nil, &refusal{[]error{ErrKey}, errPlain}
	}
	return r, nil, nil
}

var errPlain = errors.New("the snapshot is plain, where only an encrypted one is accepted")

// peek returns the first seal.MagicLen bytes of r, or those that there are, and
// what reads them again and goes on.
func peek(r io.Reader) (first []byte, whole io.Reader, err error) {
	if in, ok := r.(*bufio.Reader); ok { // package wire reads what lies in its buffer
		first, err = in.Peek(seal.MagicLen)
		whole = in
	} else {
		small := bufio.NewReaderSize(r, seal.MagicLen) // which does not wait for ever for a reader that gives nothing
		first, err = small.Peek(seal.MagicLen)
		ahead, _ := small.Peek(small.Buffered())
		whole = io.MultiReader(bytes.NewReader(ahead), r)
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF { // comes again, and is told then
		err = nil
	}
	return first, whole, err
}

// sealError is an error of package seal, or of what it reads and writes, as this
// package's.
func sealError(err error) error {
	switch {
	case errors.Is(err, seal.ErrKey):
		return &refusal{[]error{ErrKey}, err} // which may be a KeySource's own too
	case errors.Is(err, seal.ErrLater):
		return &Error{Op: "restore", Err: ErrUnsupported, detail: err.Error()}
	case errors.Is(err, seal.ErrTampered), errors.Is(err, seal.ErrTruncated), errors.Is(err, seal.ErrSpliced):
		return &damage{place: sealedPlace, cause: err}
	}
	return fmt.Errorf(sealedPlace+": %w", err)
}

// sealedPlace is where an error is that package seal tells the chunk of.
const sealedPlace = "sealed stream"
