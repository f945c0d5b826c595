package seal

import (
	"crypto/cipher"
	"crypto/subtle"
	"fmt"
	"io"
)

// Overhead is how much longer a sealed frame is than its content: a nonce of
// 12 bytes before it, a tag of 16 after it.
const Overhead = 28

// A Lock is what a file that is sealed frame by frame keeps in its header, in
// the clear and under the header's own checksum: with the master key that it
// names, and the file's [Purpose], it gives the file's key.
type Lock struct {
	KeyID      uint32   // of the master key
	Salt       [32]byte // random, so that no two files have one key
	Commitment [32]byte // to the file's key: tells a wrong key from bytes that were changed
}

// Frames seals the frames of one file, and opens them. It keeps nothing of them
// but the key, so any number of goroutines may use it.
//
// A file holds up to 2^32 frames: beyond, two of the nonces, which are drawn at
// random (NIST SP 800-38D, 8.3), could well be the same. At a frame of at least
// 40 bytes that is a file of 160 GiB.
type Frames struct {
	aead cipher.AEAD
}

// NewFrames begins a file: it draws the salt from random, and derives the file's
// key from the current master key. [ErrKey] if there is none, or it is not 32
// bytes long; else the error is that of k or random.
func NewFrames(k Keys, random io.Reader, p Purpose) (*Frames, Lock, error) {
	var l Lock
	if k == nil {
		return nil, Lock{}, fmt.Errorf("%w: none is given", ErrKey)
	}
	id, master, err := k.Current()
	if err != nil {
		return nil, Lock{}, noKey("the current one", err)
	}
	l.KeyID = id
	if _, err := io.ReadFull(random, l.Salt[:]); err != nil {
		return nil, Lock{}, fmt.Errorf("salt of a %s: %w", p.Kind, err)
	}
	aead, commitment, err := derive(id, master, &l.Salt, p)
	if err != nil {
		return nil, Lock{}, err
	}
	l.Commitment = commitment
	return &Frames{aead}, l, nil
}

// OpenFrames goes on with a file whose header keeps l, for reading or to add to
// it. The header's checksum must have been verified: what is changed in it would
// show as a wrong key. [ErrKey] if k does not have the key, or it is another one
// than the file was made with.
func OpenFrames(k Keys, l Lock, p Purpose) (*Frames, error) {
	if k == nil {
		return nil, fmt.Errorf("%w: key %d is needed, none is given", ErrKey, l.KeyID)
	}
	master, err := k.Key(l.KeyID)
	if err != nil {
		return nil, noKey(fmt.Sprintf("key %d", l.KeyID), err)
	}
	aead, commitment, err := derive(l.KeyID, master, &l.Salt, p)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare(commitment[:], l.Commitment[:]) != 1 {
		return nil, fmt.Errorf("%w: key %d is not the one that this %s was sealed with", ErrKey, l.KeyID, p.Kind)
	}
	return &Frames{aead}, nil
}

// Seal appends plain, encrypted and with Overhead bytes more, to dst. Open needs
// the same aad, which says where the frame stands, so that it opens nowhere else.
// dst may be plain[:0], else its room must not overlap plain.
func (f *Frames) Seal(dst, aad, plain []byte) []byte {
	return f.aead.Seal(dst, nil, plain, aad)
}

// Open appends what was sealed to dst. If sealed or aad are not what they were,
// the error is [ErrTampered], and dst is returned as it was. It may be sealed[:0],
// whose bytes are gone then in any case, else its room must not overlap sealed. What
// is in dst up to its capacity may be overwritten.
func (f *Frames) Open(dst, aad, sealed []byte) ([]byte, error) {
	out, err := f.aead.Open(dst, nil, sealed, aad)
	if err != nil {
		return dst, ErrTampered
	}
	return out, nil
}
