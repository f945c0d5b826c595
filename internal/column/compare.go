package column

import (
	"math/bits"
	"unsafe"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Comparing a bit-sliced block with constants. A comparison goes from the highest
// slice down and keeps two sets, the members known to be below and those still
// equal; each slice halves the latter, and when it is empty the lower slices need
// not be read. (O'Neil and Quass, algorithm 4.2, which goes through all slices.)
//
// Four words of a strip are compared at a time, two slices a step: that is what fits
// in the registers of amd64. Addresses are computed, not sliced, since checking
// bounds took as long as the comparison. What the steps are checked by is the naive
// predicate of the tests.

// within overwrites w with the members of in, the block's, whose value is in one of
// the normal intervals s, each of which meets the block's bounds.
func (x *sliced) within(s []Interval, in bitmap.Block, w *bitmap.Words) {
	for i, v := range s {
		lo := uint64(0)
		if v.Lo > x.least {
			lo = distance(x.least, v.Lo)
		}
		hi := x.top()
		if v.Hi < x.most {
			hi = distance(x.least, v.Hi)
		}
		x.interval(lo, hi, i > 0, w)
	}
	in.AndInto(w)
}

// top is the largest number that the slices can hold.
func (x *sliced) top() uint64 { return 1<<x.slices - 1 }

// interval sets w to the members whose offset is from lo to hi, or adds them to it.
func (x *sliced) interval(lo, hi uint64, add bool, w *bitmap.Words) {
	top := x.top()
	up := 64 - x.slices // moves the bit for the highest slice to the top
	from, to := lo<<up, (hi+1)<<up
	shared := min(bits.LeadingZeros64(from^to), x.slices) / groupSlices * groupSlices
	for at := 0; at < len(w); at += 4 {
		h := x.half(at)
		e := [4]uint64{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
		var r, q [4]uint64
		switch {
		case lo == hi:
			h.equal(&e, from, x.slices)
			r = e
		case hi == top:
			h.below(&r, &e, from)
			r[0], r[1], r[2], r[3] = ^r[0], ^r[1], ^r[2], ^r[3]
		case lo == 0:
			h.below(&r, &e, to)
		default:
			if shared > 0 {
				h.equal(&e, from, shared)
				if e[0]|e[1]|e[2]|e[3] == 0 {
					break
				}
			}
			h.below(&r, &e, to<<shared)
			h.below(&q, &e, from<<shared)
			r[0], r[1], r[2], r[3] = r[0]&^q[0], r[1]&^q[1], r[2]&^q[2], r[3]&^q[3]
		}
		out := (*[4]uint64)(w[at:])
		if add {
			r[0], r[1], r[2], r[3] = r[0]|out[0], r[1]|out[1], r[2]|out[2], r[3]|out[3]
		}
		*out = r
	}
}

// A half is where half a strip, 256 members, lies in the group that a comparison has
// come to.
type half struct {
	p, last unsafe.Pointer // in that group, and in the last, which may be the same
	n       int            // slices from that group on
}

// half is the half strip of the words from at on.
func (x *sliced) half(at int) half {
	strip, word := at/stripWords, at%stripWords
	return half{
		p:    unsafe.Pointer(&x.strip(0, strip)[word]),
		last: unsafe.Pointer(&x.strip((x.slices-1)/groupSlices, strip)[word]),
		n:    x.slices,
	}
}

// next moves to the next group, which there must be.
func (h *half) next() {
	h.n -= groupSlices
	if h.n <= groupSlices {
		h.p = h.last
		return
	}
	h.p = unsafe.Add(h.p, groupWords*8)
}

const (
	sliceBytes = stripWords * 8 // of a strip in one slice
	pairBytes  = 2 * sliceBytes
)

// group is the bytes that a strip takes in the present group.
func (h *half) group() uintptr { return uintptr(min(h.n, groupSlices)) * sliceBytes }

// equal keeps, of the members e, those whose next n slices are the upper bits of y,
// and moves past them unless they are the last. n is all, or those of whole groups.
func (h *half) equal(e *[4]uint64, y uint64, n int) {
	e0, e1, e2, e3 := e[0], e[1], e[2], e[3]
	for {
		for at := uintptr(0); at < h.group(); at += pairBytes {
			s := (*[stripWords + 4]uint64)(unsafe.Add(h.p, at))
			f, g := uint64(int64(y)>>63), uint64(int64(y<<1)>>63) // all ones where the bit is 1
			e0 &= (s[0] ^ f) & (s[8] ^ g)
			e1 &= (s[1] ^ f) & (s[9] ^ g)
			e2 &= (s[2] ^ f) & (s[10] ^ g)
			e3 &= (s[3] ^ f) & (s[11] ^ g)
			y <<= 2
		}
		n -= groupSlices
		if h.n > groupSlices {
			h.next()
		}
		if n <= 0 || e0|e1|e2|e3 == 0 {
			break
		}
	}
	e[0], e[1], e[2], e[3] = e0, e1, e2, e3
}

// below sets r to those of the members e whose slices from here on are below the
// upper bits of y.
func (h half) below(r, e *[4]uint64, y uint64) {
	var b0, b1, b2, b3 uint64
	e0, e1, e2, e3 := e[0], e[1], e[2], e[3]
	for {
		size, p := h.group(), h.p
		for at := uintptr(0); at < size; at += pairBytes {
			s := (*[stripWords + 4]uint64)(unsafe.Add(p, at))
			switch y >> 62 {
			case 0:
				e0 &= s[0]
				e0 &= s[8]
				e1 &= s[1]
				e1 &= s[9]
				e2 &= s[2]
				e2 &= s[10]
				e3 &= s[3]
				e3 &= s[11]
			case 1:
				e0 &= s[0]
				t := e0 & s[8]
				b0 |= t
				e0 ^= t
				e1 &= s[1]
				t = e1 & s[9]
				b1 |= t
				e1 ^= t
				e2 &= s[2]
				t = e2 & s[10]
				b2 |= t
				e2 ^= t
				e3 &= s[3]
				t = e3 & s[11]
				b3 |= t
				e3 ^= t
			case 2:
				t := e0 & s[0]
				b0 |= t
				e0 ^= t
				e0 &= s[8]
				t = e1 & s[1]
				b1 |= t
				e1 ^= t
				e1 &= s[9]
				t = e2 & s[2]
				b2 |= t
				e2 ^= t
				e2 &= s[10]
				t = e3 & s[3]
				b3 |= t
				e3 ^= t
				e3 &= s[11]
			default:
				t := e0 & (s[0] | s[8])
				b0 |= t
				e0 ^= t
				t = e1 & (s[1] | s[9])
				b1 |= t
				e1 ^= t
				t = e2 & (s[2] | s[10])
				b2 |= t
				e2 ^= t
				t = e3 & (s[3] | s[11])
				b3 |= t
				e3 ^= t
			}
			y <<= 2
		}
		if h.n <= groupSlices || y == 0 || e0|e1|e2|e3 == 0 {
			break
		}
		h.next()
	}
	r[0], r[1], r[2], r[3] = b0, b1, b2, b3
}
