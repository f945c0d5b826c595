package expr

import "encoding/binary"

// appendCondition appends the wire form of a condition.
func appendCondition(dst []byte, c *Condition) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(c.Attr)))
	dst = append(dst, c.Attr...)
	if c.Attr == "" {
		dst = binary.AppendUvarint(dst, uint64(c.Tag))
	}
	dst = binary.AppendUvarint(dst, uint64(len(c.Any)))
	for _, r := range c.Any {
		dst = appendBound(appendBound(dst, r.Lo), r.Hi)
	}
	return dst
}

const openBit = 0x80

// appendBound: the unit, with a bit for open, and how many.
func appendBound(dst []byte, b Bound) []byte {
	unit := byte(b.Unit)
	if b.Open {
		unit |= openBit
	}
	return binary.AppendVarint(append(dst, unit), b.N)
}
