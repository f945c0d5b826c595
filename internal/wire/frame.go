package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
)

const (
	// HeadLen is the number of bytes of a frame before its payload.
	HeadLen = 12

	// MaxFrame bounds the payload of a frame: large enough that heads cost
	// nothing, small enough that a reader may hold one frame in memory.
	MaxFrame = 16 << 20
)

// ErrDamaged is in every error about bytes that are not what a writer writes.
// Other errors are the underlying reader's or writer's own.
var ErrDamaged = errors.New("damaged")

// A Head is the first HeadLen bytes of a frame.
type Head [HeadLen]byte

// Len returns the length of the payload; it is not negative, also where an
// int has 32 bits.
func (h *Head) Len() int { return int(min(binary.LittleEndian.Uint32(h[:]), math.MaxInt32)) }

// Type returns the type of the frame.
func (h *Head) Type() uint8 { return h[4] }

// Seal returns the head of a frame of the given type and payload.
func Seal(kind uint8, payload []byte) (h Head) {
	binary.LittleEndian.PutUint32(h[:], uint32(len(payload)))
	h[4] = kind
	binary.LittleEndian.PutUint32(h[8:], crc32.Update(Checksum(h[:8]), castagnoli, payload))
	return h
}

// Verify makes sure that h is the head of payload: else the error is ErrDamaged.
func (h *Head) Verify(payload []byte) error {
	if *h != Seal(h.Type(), payload) {
		return fmt.Errorf("%w: checksum mismatch", ErrDamaged)
	}
	return nil
}

// Checksum returns the CRC-32C of p.
func Checksum(p []byte) uint32 { return crc32.Checksum(p, castagnoli) }

var castagnoli = crc32.MakeTable(crc32.Castagnoli) // never written
