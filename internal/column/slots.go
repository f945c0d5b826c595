package column

import (
	"math/bits"
	"unsafe"

	"golang.org/x/exp/constraints"
)

// Which slots of a chunk have an offset in a range, as bits. One comparison without a
// branch tells it of an offset x: x − lo ≤ hi − lo, unsigned. These are the kernels:
// slots_amd64.s has them for a vector of offsets at a time, what is here is used on
// other machines, for the last slots of a chunk, and to test those.

// slotBits is bits for the slots of a packed chunk, and a word more, which a kernel
// may read.
type slotBits [chunkWords + 1]uint64

// between adds to out the slots whose offset is from lo to hi, which the width holds.
func (c *chunk) between(lo, hi uint64, out []uint64) {
	switch c.width {
	case 1:
		between8(view[uint8](c), uint8(lo), uint8(hi), out)
	case 2:
		between16(view[uint16](c), uint16(lo), uint16(hi), out)
	case 3:
		between24(view[triple](c), uint32(lo), uint32(hi), out)
	case 4:
		between32(view[uint32](c), uint32(lo), uint32(hi), out)
	case 8:
		betweenGeneric(view[uint64](c), lo, hi, out)
	}
}

func betweenGeneric[U constraints.Unsigned](s []U, lo, hi U, out []uint64) {
	span := uint64(hi - lo)
	for ; len(s) >= 64; s, out = s[64:], out[1:] {
		lane := (*[64]U)(s)
		r := uint64(0)
		for i := 56; i >= 0; i -= 8 {
			q := (*[8]U)(lane[i:])
			r = r<<8 | outside(q[0]-lo, span) | outside(q[1]-lo, span)<<1 |
				outside(q[2]-lo, span)<<2 | outside(q[3]-lo, span)<<3 |
				outside(q[4]-lo, span)<<4 | outside(q[5]-lo, span)<<5 |
				outside(q[6]-lo, span)<<6 | outside(q[7]-lo, span)<<7
		}
		out[0] |= ^r
	}
	for i, x := range s {
		out[0] |= (1 - outside(x-lo, span)) << i
	}
}

// between24Generic makes integers of 64 triples at a time.
func between24Generic(s []triple, lo, hi uint32, out []uint64) {
	for len(s) > 0 {
		var room [64]uint32
		n := min(len(s), len(room))
		for i := range s[:n] {
			room[i] = s[i].value()
		}
		betweenGeneric(room[:n], lo, hi, out)
		s, out = s[n:], out[1:]
	}
}

// outside is 1 if x > span, else 0.
func outside[U constraints.Unsigned](x U, span uint64) uint64 {
	if unsafe.Sizeof(x) < 8 { // both fit in 63 bits
		return (span - uint64(x)) >> 63
	}
	_, borrow := bits.Sub64(span, uint64(x), 0)
	return borrow
}

// depositGeneric sets out to those of the members ms, which are as many words, whose
// slot is in slots: the first slot is the first member's.
func depositGeneric(out, ms []uint64, slots *slotBits) {
	at := 0
	for k, x := range ms {
		y := slots[at/64]>>(at%64) | slots[at/64+1]<<(64-at%64)
		at += bits.OnesCount64(x)
		r := uint64(0)
		for ; x != 0; x &= x - 1 {
			r |= y & 1 << bits.TrailingZeros64(x)
			y >>= 1
		}
		out[k] = r
	}
}
