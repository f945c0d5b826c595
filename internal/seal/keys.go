package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// Keys gives master keys, of 32 bytes.
type Keys interface {
	// Current returns the key under which everything new is written, and its id.
	Current() (id uint32, key []byte, err error)
	// Key returns the key with that id, for reading.
	Key(id uint32) (key []byte, err error)
}

// What opening can find. Errors say where.
var (
	ErrKey       = errors.New("wrong or missing key")       // not the one that it was sealed with
	ErrTampered  = errors.New("not authentic")              // bytes are not what was sealed
	ErrTruncated = errors.New("ends before its last chunk") // cut off
	ErrSpliced   = errors.New("out of place")               // sealed, but for another place or file
	ErrLater     = errors.New("sealed in a later format")
)

// A Purpose is what a file is for; it is bound into its key, so that no file
// passes for another.
type Purpose struct {
	Kind string   // "snapshot", "journal", …
	ID   [16]byte // of the store or directory that it belongs to
	File uint64   // its number among those of its kind; 0: a stream
}

// masterLen is the length of a master key: that of AES-256.
const masterLen = 32

// derive makes the cipher of a file, and the commitment to its key: the first
// and the second 32 bytes of
//
//	HKDF-SHA-256(master key, salt, "tagroar/v1/" ‖ kind ‖ ID ‖ file number)
//
// (RFC 5869). GCM itself does not commit: a ciphertext can be made that opens
// under two keys. The second half, which says nothing of the first, does.
func derive(id uint32, master []byte, salt *[32]byte, p Purpose) (cipher.AEAD, [32]byte, error) {
	var commitment [32]byte
	if len(master) != masterLen {
		return nil, commitment, fmt.Errorf("%w: key %d has %d bytes, not %d", ErrKey, id, len(master), masterLen)
	}
	info := append([]byte("tagroar/v1/"+p.Kind), p.ID[:]...)
	info = binary.LittleEndian.AppendUint64(info, p.File)
	derived, err := hkdf.Key(sha256.New, master, salt[:], string(info), 32+len(commitment))
	if err != nil {
		return nil, commitment, fmt.Errorf("key of a %s: %w", p.Kind, err)
	}
	defer clear(derived)
	copy(commitment[:], derived[32:])
	block, err := aes.NewCipher(derived[:32])
	if err != nil {
		return nil, commitment, fmt.Errorf("key of a %s: %w", p.Kind, err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, commitment, fmt.Errorf("key of a %s: %w", p.Kind, err)
	}
	return aead, commitment, nil
}

// noKey is ErrKey because the source of keys said err.
func noKey(which string, err error) error {
	if errors.Is(err, ErrKey) {
		return fmt.Errorf("%s: %w", which, err)
	}
	return fmt.Errorf("%w: %s: %w", ErrKey, which, err)
}
