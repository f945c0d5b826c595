package column

import (
	"slices"
	"unsafe"

	"golang.org/x/exp/constraints"
)

// How a chunk's offsets lie in memory, and all that depends on their width.
//
// Offsets of 1, 2, 4 and 8 bytes are an array of the machine's integers. Those of 3
// bytes are two arrays, one after the other: the lower 16 bits of each, then the
// upper 8. So each part is a whole integer at its natural place, as vectors need it
// too. (Z. Feng, E. Lo, B. Kao, W. Xu, "ByteSlice: Pushing the Envelop of Main Memory
// Data Processing with a New Storage Layout", SIGMOD 2015, cut between all bytes,
// which costs one cache miss more for the value of one member.)
//
// Memory is allocated in words of 8 bytes, which aligns every width.

// halves is the bytes of an offset in the first array and in the second.
func halves(width uint8) (low, high int) {
	if width == 3 {
		return 2, 1
	}
	return int(width), 0
}

// view is the offsets of a chunk whose width is that of U.
func view[U constraints.Unsigned](c *chunk) []U {
	return unsafe.Slice((*U)(c.offsets), c.slots())
}

// split is the offsets of a chunk of width 3.
func (c *chunk) split() (low []uint16, high []uint8) {
	n := c.slots()
	return unsafe.Slice((*uint16)(c.offsets), n), unsafe.Slice(c.high(0), n)
}

// high is the upper byte of an offset of width 3.
func (c *chunk) high(slot int) *uint8 {
	return (*uint8)(unsafe.Add(c.offsets, 2*c.slots()+slot))
}

// join is the offset of width 3.
func join(low uint16, high uint8) uint32 { return uint32(low) | uint32(high)<<16 }

func (c *chunk) offset(slot int) uint64 {
	switch c.width {
	case 1:
		return uint64(*(*uint8)(unsafe.Add(c.offsets, slot)))
	case 2:
		return uint64(*(*uint16)(unsafe.Add(c.offsets, 2*slot)))
	case 3:
		return uint64(join(*(*uint16)(unsafe.Add(c.offsets, 2*slot)), *c.high(slot)))
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
		*(*uint16)(unsafe.Add(c.offsets, 2*slot)) = uint16(x)
		*c.high(slot) = uint8(x >> 16)
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
		low, high := c.split()
		high = high[:len(low)]
		for i, v := range values[:len(low)] {
			x := uint32(v - c.least)
			low[i], high[i] = uint16(x), uint8(x>>16)
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
		low, high := c.split()
		low, high = low[:len(out)], high[:len(out)]
		for i := range out {
			out[i] = base + T(join(low[i], high[i]))
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
		s, t := c.split()
		low, high := (*[chunkSize]uint16)(s), (*[chunkSize]uint8)(t)
		dst = dst[:len(a)]
		for i, m := range a {
			dst[i] = c.least + int64(join(low[m%chunkSize], high[m%chunkSize]))
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
	low, high := halves(c.width)
	s := c.raw(n)
	copy(s[low*n+high*(slot+1):], s[low*(n-1)+high*slot:(low+high)*(n-1)])
	copy(s[low*n:], s[low*(n-1):][:high*slot])
	copy(s[low*(slot+1):low*n], s[low*slot:])
	c.putOffset(slot, x)
	return room
}

// deleteOffset moves the offsets after slot down; n still counts it.
func (c *chunk) deleteOffset(slot int) {
	n := int(c.n)
	low, high := halves(c.width)
	s := c.raw(n)
	copy(s[low*slot:], s[low*(slot+1):low*n])
	copy(s[low*(n-1):], s[low*n:][:high*slot])
	copy(s[low*(n-1)+high*slot:], s[low*n+high*(slot+1):])
}
