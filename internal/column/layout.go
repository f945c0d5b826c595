package column

import (
	"slices"
	"unsafe"

	"golang.org/x/exp/constraints"
)

// How a chunk's offsets lie in memory, and all that depends on their width.
//
// Offsets of 1, 2, 4 and 8 bytes are an array of the machine's integers, those of 3
// an array of triples. Two arrays, of the lower 16 bits and the upper 8, take fewer
// instructions to compare, but no less time if the values come from memory; and a look
// at the value of one member misses the cache twice: gathering a thousandth of the
// members took up to twice as long.
//
// Memory is allocated in words of 8 bytes, which aligns every width.

// A triple is an offset of 3 bytes, the lowest first.
type triple [3]uint8

func tripleOf(x uint32) triple { return triple{uint8(x), uint8(x >> 8), uint8(x >> 16)} }

func (t triple) value() uint32 { return uint32(t[0]) | uint32(t[1])<<8 | uint32(t[2])<<16 }

// view is the offsets of a chunk whose width is that of U.
func view[U constraints.Unsigned | triple](c *chunk) []U {
	return unsafe.Slice((*U)(c.offsets), c.slots())
}

func (c *chunk) offset(slot int) uint64 {
	switch c.width {
	case 1:
		return uint64(*(*uint8)(unsafe.Add(c.offsets, slot)))
	case 2:
		return uint64(*(*uint16)(unsafe.Add(c.offsets, 2*slot)))
	case 3:
		return uint64((*triple)(unsafe.Add(c.offsets, 3*slot)).value())
	case 4:
		return uint64(*(*uint32)(unsafe.Add(c.offsets, 4*slot)))
	case 8:
		return *(*uint64)(unsafe.Add(c.offsets, 8*slot))
	}
	return 0
}

// putOffset overwrites one; the payload must belong to the caller and x fit the
// width.
func (c *chunk) putOffset(slot int, x uint64) {
	switch c.width {
	case 1:
		*(*uint8)(unsafe.Add(c.offsets, slot)) = uint8(x)
	case 2:
		*(*uint16)(unsafe.Add(c.offsets, 2*slot)) = uint16(x)
	case 3:
		*(*triple)(unsafe.Add(c.offsets, 3*slot)) = tripleOf(uint32(x))
	case 4:
		*(*uint32)(unsafe.Add(c.offsets, 4*slot)) = uint32(x)
	case 8:
		*(*uint64)(unsafe.Add(c.offsets, 8*slot)) = x
	}
}

// pack makes the offsets, one for each of values.
func (c *chunk) pack(values []int64) {
	if c.width == 0 {
		return
	}
	c.offsets = unsafe.Pointer(unsafe.SliceData(make([]uint64, words(len(values)*int(c.width)))))
	switch c.width {
	case 1:
		narrow(view[uint8](c), values, c.least)
	case 2:
		narrow(view[uint16](c), values, c.least)
	case 3:
		s := view[triple](c)
		for i, v := range values[:len(s)] {
			s[i] = tripleOf(uint32(v - c.least))
		}
	case 4:
		narrow(view[uint32](c), values, c.least)
	case 8:
		narrow(view[uint64](c), values, c.least)
	}
}

func narrow[U constraints.Unsigned](s []U, values []int64, base int64) {
	for i, v := range values[:len(s)] {
		s[i] = U(v - base)
	}
}

// unpack writes base plus each offset to out, which has as many elements.
func unpack[T int64 | uint32](out []T, c *chunk, base T) {
	switch c.width {
	case 0:
		for i := range out {
			out[i] = base
		}
	case 1:
		widen(out, view[uint8](c), base)
	case 2:
		widen(out, view[uint16](c), base)
	case 3:
		s := view[triple](c)[:len(out)]
		for i := range s {
			out[i] = base + T(s[i].value())
		}
	case 4:
		widen(out, view[uint32](c), base)
	case 8:
		widen(out, view[uint64](c), base)
	}
}

func widen[U constraints.Unsigned, T int64 | uint32](out []T, s []U, base T) {
	for i, x := range s[:len(out)] {
		out[i] = base + T(x)
	}
}

// pick writes the values of the members a, which are in a dense chunk, to dst.
func (c *chunk) pick(dst []int64, a []uint16) {
	switch c.width {
	case 0:
		for i := range a {
			dst[i] = c.least
		}
	case 1:
		pickFrom(dst, view[uint8](c), a, c.least)
	case 2:
		pickFrom(dst, view[uint16](c), a, c.least)
	case 3:
		p := (*[chunkSize]triple)(view[triple](c))
		dst = dst[:len(a)]
		for i, low := range a {
			dst[i] = c.least + int64(p[low%chunkSize].value())
		}
	case 4:
		pickFrom(dst, view[uint32](c), a, c.least)
	case 8:
		pickFrom(dst, view[uint64](c), a, c.least)
	}
}

func pickFrom[U constraints.Unsigned](dst []int64, s []U, a []uint16, base int64) {
	p := (*[chunkSize]U)(s)
	dst = dst[:len(a)]
	for i, low := range a {
		dst[i] = base + int64(p[low%chunkSize])
	}
}

// raw is n offsets as they lie in memory.
func (c *chunk) raw(n int) []byte {
	return unsafe.Slice((*byte)(c.offsets), n*int(c.width))
}

// words is what so many bytes take.
func words(bytes int) int { return (bytes + 7) / 8 }

// own copies the first n offsets, all there are, to where there is room for more, and
// returns for how many.
func (c *chunk) own(n, more int) (room int) {
	if c.width == 0 {
		return 0
	}
	s := unsafe.Slice((*uint64)(c.offsets), words(n*int(c.width)))
	if more > 0 {
		s = append(slices.Grow([]uint64(nil), words((n+more)*int(c.width))), s...)
	} else {
		s = slices.Clone(s)
	}
	c.offsets = unsafe.Pointer(unsafe.SliceData(s))
	return 8 * cap(s) / int(c.width)
}

// insertOffset moves the offsets from slot on up and puts x there; n counts it
// already. There is room for so many, and for as many as it returns afterwards.
func (c *chunk) insertOffset(slot int, x uint64, room int) int {
	n := int(c.n)
	if n > room {
		room = c.own(n-1, 1+n/4)
	}
	at, s := slot*int(c.width), c.raw(n)
	copy(s[at+int(c.width):], s[at:])
	c.putOffset(slot, x)
	return room
}

// deleteOffset moves the offsets after slot down; n still counts it.
func (c *chunk) deleteOffset(slot int) {
	at, s := slot*int(c.width), c.raw(int(c.n))
	copy(s[at:], s[at+int(c.width):])
}
