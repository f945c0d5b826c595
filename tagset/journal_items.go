package tagset

import (
	"encoding/binary"

	"github.com/tagroar/tagroar/internal/wire"
)

// erasable reports whether an item of an op, which is known by its public part,
// belongs to a member who is retired. It looks only at what it needs of the public
// part, so that asking about each item of a long op is linear.
func erasable(public []byte, item int, retired func(Member) bool) bool {
	d := wire.NewDecoder(public)
	v, flags := verb(d.Uint8()), d.Uint8()
	if flags&flagBy != 0 {
		d.Block(maxText)
		d.Block(maxText)
	}
	m := uint64(0)
	switch v {
	case verbIntern:
		m = d.Uvarint() + uint64(item)
	case verbSetInt, verbSetTime:
		d.Block(len(public))
		m = d.Uvarint()
	case verbSetInts:
		d.Block(len(public))
		d.Bytes(4 * item)
		if p := d.Bytes(4); p != nil {
			m = uint64(binary.LittleEndian.Uint32(p))
		}
	default:
		return false
	}
	return d.Err() == nil && m <= maxMember && retired(Member(m))
}
