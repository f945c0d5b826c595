package tagset

import (
	"crypto/sha256"
	"encoding/binary"
)

// digestName separates these hashes from any other SHA-256.
const digestName = "tagroar digest 1\n"

// Digest returns a hash of the content of the view's version, computed from
// the bytes at each call: a few milliseconds for 10 MB. It covers the tags with
// their ids and definitions, times of change included, the direct members of each
// and who holds them, the includes of tags and the order of values, the expressions
// of composites, the policy, the keys with their ordinals, the live members, the
// retired ordinals, and which ordinal and tag id come next; the attributes with
// their types and values; for tags that keep times, these and the growth. It does
// not cover version, time and UUID of the store, nor how the content came about. So
// two stores with one digest answer alike, and go on alike.
//
// Exactly, it is the SHA-256 of
//
//	"tagroar digest 1\n" | next, u64 | for each frame of a snapshot but index, end and lineage: u8 type, u64 length, payload
//
// with integers little-endian, so it can be computed from a snapshot alone;
// snapshot.go tells the format.
func (v *View) Digest() [32]byte {
	h := sha256.New()
	buf := append(make([]byte, 0, 64<<10), digestName...)
	h.Write(binary.LittleEndian.AppendUint64(buf, v.next))
	_ = v.content(func(kind uint8, _ TagID, _ int, fill func([]byte) []byte) error {
		const prefix = 1 + 8
		buf = fill(append(buf[:0], make([]byte, prefix)...))
		buf[0] = kind
		binary.LittleEndian.PutUint64(buf[1:], uint64(len(buf)-prefix))
		h.Write(buf)
		return nil
	})
	return [32]byte(h.Sum(nil))
}
