package column

import (
	"math/bits"
	"slices"
	"unsafe"
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
	offsets     unsafe.Pointer // slots() of width bytes, as layout.go has it; nil if width is 0
	least, most int64          // the smallest and the largest value
	n           uint32         // values
	num         uint16         // the block's number; in a cut block's chunks 0
	width       uint8          // bytes of an offset: 0, 1, 2, 3, 4 or 8
	dense       bool           // slots are members, not ranks
}

// slots is the number of offsets that are stored.
func (c *chunk) slots() int {
	if c.dense {
		return chunkSize
	}
	return int(c.n)
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
	case span < 1<<24:
		return 3
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

// newChunk is the packed chunk of values, of which there is at least one, in
// order of member; they are copied.
func newChunk(values []int64) chunk {
	least, most := bounds(values)
	c := chunk{least: least, most: most, n: uint32(len(values)), width: widthOf(distance(least, most))}
	c.pack(values)
	return c
}

// newDense is the dense chunk of the values of the members in, in order of
// member; they are copied. in is the chunk's words of the block's bitmap.
func newDense(values []int64, in []uint64) chunk {
	n := len(values)
	if n < chunkSize {
		var room [chunkSize]int64
		spread(&room, values, slices.Min(values), in)
		values = room[:]
	}
	c := newChunk(values)
	c.dense, c.n = true, uint32(n)
	return c
}

// bounds are the smallest and the largest of at least one value.
func bounds(values []int64) (least, most int64) {
	least, most = values[0], values[0]
	for _, v := range values[1:] {
		least, most = min(least, v), max(most, v)
	}
	return least, most
}

// spread puts the values to where the members in are, and gap elsewhere.
func spread(out *[chunkSize]int64, values []int64, gap int64, in []uint64) {
	for k, x := range in {
		lane := out[k*64:][:64]
		if x == ^uint64(0) {
			values = values[copy(lane, values):]
			continue
		}
		for i := range lane {
			lane[i] = gap
		}
		for ; x != 0; x &= x - 1 {
			lane[bits.TrailingZeros64(x)&63] = values[0]
			values = values[1:]
		}
	}
}

// unspread undoes spread in place.
func unspread(values []int64, in []uint64) {
	n := 0
	for k, x := range in {
		lane := values[k*64:][:64]
		if x == ^uint64(0) {
			n += copy(values[n:], lane)
			continue
		}
		for i, v := range lane { // written in any case, overwritten if there is no such member
			values[n] = v
			n += int(x >> i & 1)
		}
	}
}

// appendTo appends the values in order of member. in is as for newDense; it is
// looked at only if the chunk is dense and not full.
func (c *chunk) appendTo(dst []int64, in []uint64) []int64 {
	have := len(dst)
	dst = slices.Grow(dst, c.slots())[:have+c.slots()]
	unpack(dst[have:], c, c.least)
	if c.dense && !c.full() {
		unspread(dst[have:], in)
	}
	return dst[:have+int(c.n)]
}
