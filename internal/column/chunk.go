package column

import (
	"math/bits"
	"slices"
	"unsafe"

	"golang.org/x/exp/constraints"
)

const (
	// chunkSize is the number of members of a chunk, and the most values of a block
	// that is not cut. A chunk of 32-bit offsets is 32 KiB, the largest object that
	// Go's allocator takes from its per-thread lists; copying it takes some 3 µs.
	chunkSize = 1 << 13
	// chunks is the number of chunks of a cut block.
	chunks = blockSize / chunkSize
	// denseFrom is how many of a chunk's members have a value where it is dense: the
	// gaps then cost at most a third more, and save counting members for each look.
	denseFrom = chunkSize / 4 * 3
	// chunkWords is the words of a bitmap that a chunk spans.
	chunkWords = chunkSize / 64
)

// A chunk is the values of up to chunkSize members (of a whole block, where that
// is not cut): offsets from the smallest. It is immutable but for the chunks of an
// editor's work. The zero chunk is empty.
type chunk struct {
	offsets     unsafe.Pointer // slots() of width bytes; nil if width is 0
	least, most int64          // the smallest and the largest value
	n           uint32         // values
	num         uint16         // the block's number; in a cut block's chunks 0
	width       uint8          // bytes of an offset: 0, 1, 2, 4 or 8
	dense       bool           // slots are members, not ranks
}

// slots is the number of offsets that are stored.
func (c *chunk) slots() int {
	if c.dense {
		return chunkSize
	}
	return int(c.n)
}

// view is the offsets of a chunk whose width is that of U.
func view[U constraints.Unsigned](c *chunk) []U {
	return unsafe.Slice((*U)(c.offsets), c.slots())
}

// full tells whether each of a chunk's members has a value.
func (c *chunk) full() bool { return c.dense && c.n == chunkSize }

// widthOf is the number of bytes that offsets up to span need.
func widthOf(span uint64) uint8 {
	switch {
	case span == 0:
		return 0
	case span < 1<<8:
		return 1
	case span < 1<<16:
		return 2
	case span < 1<<32:
		return 4
	}
	return 8
}

// span is the largest offset.
func (c *chunk) span() uint64 { return distance(c.least, c.most) }

// distance is to − from, for from ≤ to; it may exceed int64.
func distance(from, to int64) uint64 { return uint64(to) - uint64(from) }

// value is that of a slot.
func (c *chunk) value(slot int) int64 { return int64(uint64(c.least) + c.offset(slot)) }

func (c *chunk) offset(slot int) uint64 {
	switch c.width {
	case 1:
		return uint64(*(*uint8)(unsafe.Add(c.offsets, slot)))
	case 2:
		return uint64(*(*uint16)(unsafe.Add(c.offsets, 2*slot)))
	case 4:
		return uint64(*(*uint32)(unsafe.Add(c.offsets, 4*slot)))
	case 8:
		return *(*uint64)(unsafe.Add(c.offsets, 8*slot))
	}
	return 0
}

// putOffset overwrites one; the payload must belong to the caller and span
// max fit the width.
func (c *chunk) putOffset(slot int, x uint64) {
	switch c.width {
	case 1:
		*(*uint8)(unsafe.Add(c.offsets, slot)) = uint8(x)
	case 2:
		*(*uint16)(unsafe.Add(c.offsets, 2*slot)) = uint16(x)
	case 4:
		*(*uint32)(unsafe.Add(c.offsets, 4*slot)) = uint32(x)
	case 8:
		*(*uint64)(unsafe.Add(c.offsets, 8*slot)) = x
	}
}

// newChunk is the packed chunk of values, of which there is at least one, in
// order of member; they are copied.
func newChunk(values []int64) chunk {
	c := frameOf(values)
	switch c.width {
	case 1:
		c.offsets = narrow[uint8](values, c.least)
	case 2:
		c.offsets = narrow[uint16](values, c.least)
	case 4:
		c.offsets = narrow[uint32](values, c.least)
	case 8:
		c.offsets = narrow[uint64](values, c.least)
	}
	return c
}

// newDense is the dense chunk of the values of the members in, in order of
// member; they are copied. in is the chunk's words of the block's bitmap.
func newDense(values []int64, in []uint64) chunk {
	if len(values) == chunkSize {
		c := newChunk(values)
		c.dense = true
		return c
	}
	c := frameOf(values)
	c.dense = true
	switch c.width {
	case 1:
		c.offsets = spread[uint8](values, c.least, in)
	case 2:
		c.offsets = spread[uint16](values, c.least, in)
	case 4:
		c.offsets = spread[uint32](values, c.least, in)
	case 8:
		c.offsets = spread[uint64](values, c.least, in)
	}
	return c
}

// frameOf is the chunk of values but for layout and offsets.
func frameOf(values []int64) chunk {
	least, most := bounds(values)
	return chunk{least: least, most: most, n: uint32(len(values)), width: widthOf(distance(least, most))}
}

// bounds are the smallest and the largest of at least one value.
func bounds(values []int64) (least, most int64) {
	least, most = values[0], values[0]
	for _, v := range values[1:] {
		least, most = min(least, v), max(most, v)
	}
	return least, most
}

func narrow[U constraints.Unsigned](values []int64, base int64) unsafe.Pointer {
	s := make([]U, len(values))
	for i, v := range values {
		s[i] = U(v - base)
	}
	return unsafe.Pointer(unsafe.SliceData(s))
}

func spread[U constraints.Unsigned](values []int64, base int64, in []uint64) unsafe.Pointer {
	s := make([]U, chunkSize)
	for k, x := range in {
		lane := s[k*64:][:64]
		if x == ^uint64(0) {
			for i, v := range values[:64] {
				lane[i] = U(v - base)
			}
			values = values[64:]
			continue
		}
		for ; x != 0; x &= x - 1 {
			lane[bits.TrailingZeros64(x)&63] = U(values[0] - base)
			values = values[1:]
		}
	}
	return unsafe.Pointer(unsafe.SliceData(s))
}

// appendTo appends the values in order of member. in is as for newDense; it is
// looked at only if the chunk is dense and not full.
func (c *chunk) appendTo(dst []int64, in []uint64) []int64 {
	have := len(dst)
	dst = slices.Grow(dst, int(c.n))[:have+int(c.n)]
	out := dst[have:]
	if !c.dense || c.full() {
		in = nil
	}
	switch c.width {
	case 0:
		for i := range out {
			out[i] = c.least
		}
	case 1:
		widen(out, view[uint8](c), c.least, in)
	case 2:
		widen(out, view[uint16](c), c.least, in)
	case 4:
		widen(out, view[uint32](c), c.least, in)
	case 8:
		widen(out, view[uint64](c), c.least, in)
	}
	return dst
}

// widen writes base plus the offsets in s, those of the members in if there are
// gaps, to out.
func widen[U constraints.Unsigned](out []int64, s []U, base int64, in []uint64) {
	if in == nil {
		s = s[:len(out)]
		for i, x := range s {
			out[i] = base + int64(x)
		}
		return
	}
	for k, x := range in {
		lane := s[k*64:][:64]
		if x == ^uint64(0) {
			for i, y := range lane {
				out[i] = base + int64(y)
			}
			out = out[64:]
			continue
		}
		n := 0
		for i, y := range lane { // written in any case, overwritten if there is no such member
			if n == len(out) {
				break
			}
			out[n] = base + int64(y)
			n += int(x >> i & 1)
		}
		out = out[n:]
	}
}
