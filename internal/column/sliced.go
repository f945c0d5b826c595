package column

import (
	"math/bits"

	"golang.org/x/exp/constraints"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// A block bit-sliced: bit j of every member's offset from the block's smallest
// value side by side in words, as in P. O'Neil, D. Quass, "Improved Query
// Performance with Variant Indexes", SIGMOD 1997. A comparison with a constant goes
// from the highest slice down and keeps two sets, the members known to be below and
// those still equal; each slice halves the latter, and once it is empty the lower
// slices need not be read. For that to happen soon the sets are small and the slices
// of a stretch of members lie together, highest first, as in Y. Li, J. Patel,
// "BitWeaving: Fast Scans for Main Memory Data Processing", SIGMOD 2013 (its vertical
// form, with 512 members a segment where theirs has a machine word's).
//
// It is derived from the values, made when the block is asked a second time, and
// forgotten with the block.

const (
	// strip is the words of a stretch: one cache line of each slice.
	strip = 8
	// maxSlices bounds what a block's copy takes to 256 KiB. Wider values are scanned,
	// at 1 ns a value.
	maxSlices = 32
	// slicedFrom is the number of values from which a block is worth slicing: a pass
	// over slices costs the same however few there are, a scan 1 ns a value.
	slicedFrom = blockSize / 4
	// slicedIntervals is how many intervals are compared with slice by slice; with
	// more, the values are scanned.
	slicedIntervals = 24
)

// A sliced is the slices of one block. The words for gaps are arbitrary.
type sliced struct {
	least, most int64 // the block's bounds
	slices      int   // ⌈log₂(most − least + 1)⌉
	// words has strip words of the highest slice, of the next, …; then the same for
	// the next stretch of members.
	words []uint64
}

// slicedFor is the block's bit-sliced copy if it should be used for intervals of
// that number, or nil. The first to ask is told to scan: making the copy costs more.
func (b *block) slicedFor(intervals int, in bitmap.Block) *sliced {
	if b.cut == nil || intervals > slicedIntervals {
		return nil
	}
	if x := b.cut.sliced.Load(); x != nil {
		return x
	}
	if b.n < slicedFrom || bits.Len64(b.span()) > maxSlices || b.cut.asked.Add(1) == 1 {
		return nil
	}
	x := newSliced(b, in)
	if !b.cut.sliced.CompareAndSwap(nil, x) { // another reader was faster
		return b.cut.sliced.Load()
	}
	return x
}

// bytes is what the copy takes.
func (x *sliced) bytes() int { return 8 * len(x.words) }

// newSliced slices b, a cut block whose values differ.
func newSliced(b *block, in bitmap.Block) *sliced {
	n := bits.Len64(b.span())
	x := &sliced{least: b.least, most: b.most, slices: n, words: make([]uint64, n*blockSize/64)}
	var room bitmap.Words
	members := wordsOf(in, &room)
	for k := range b.cut.chunks {
		c := &b.cut.chunks[k]
		add := uint32(distance(b.least, c.least))
		switch {
		case c.n == 0:
		case c.width == 0:
			x.fill(k, add)
		case c.width == 1:
			sliceChunk(x, k, view[uint8](c), add, chunkOf(members, k), c.dense)
		case c.width == 2:
			sliceChunk(x, k, view[uint16](c), add, chunkOf(members, k), c.dense)
		default:
			sliceChunk(x, k, view[uint32](c), add, chunkOf(members, k), c.dense)
		}
	}
	return x
}

// fill gives each member of chunk k the offset y.
func (x *sliced) fill(k int, y uint32) {
	var lane [64]uint32
	for i := range lane {
		lane[i] = y
	}
	for i := range chunkWords {
		x.put(k*chunkWords+i, &lane)
	}
}

// sliceChunk slices the offsets s of chunk k, add being their distance to the
// block's.
func sliceChunk[U constraints.Unsigned](x *sliced, k int, s []U, add uint32, ms []uint64, dense bool) {
	var lane [64]uint32
	for i, m := range ms {
		if dense {
			for j, y := range (*[64]U)(s[i*64:]) {
				lane[j] = uint32(y) + add
			}
		} else {
			n := bits.OnesCount64(m)
			for _, y := range s[:n] {
				lane[bits.TrailingZeros64(m)&63] = uint32(y) + add
				m &= m - 1
			}
			s = s[n:]
		}
		x.put(k*chunkWords+i, &lane)
	}
}

// put slices the offsets of the 64 members of one word.
func (x *sliced) put(word int, lane *[64]uint32) {
	var a [32]uint64
	var m []uint64
	switch { // as many offsets in a word as fit
	case x.slices <= 8:
		m = a[:8]
		for i := range m {
			m[i] = uint64(lane[i]) | uint64(lane[i+8])<<8 | uint64(lane[i+16])<<16 | uint64(lane[i+24])<<24 |
				uint64(lane[i+32])<<32 | uint64(lane[i+40])<<40 | uint64(lane[i+48])<<48 | uint64(lane[i+56])<<56
		}
	case x.slices <= 16:
		m = a[:16]
		for i := range m {
			m[i] = uint64(lane[i]) | uint64(lane[i+16])<<16 | uint64(lane[i+32])<<32 | uint64(lane[i+48])<<48
		}
	default:
		m = a[:32]
		for i := range m {
			m[i] = uint64(lane[i]) | uint64(lane[i+32])<<32
		}
	}
	transpose(m)
	out := x.words[word/strip*strip*x.slices+word%strip:]
	for i := range x.slices {
		out[i*strip] = m[x.slices-1-i]
	}
}

// within overwrites w with the members of in, the block's, whose value is in one of
// the normal intervals s, each of which meets the block's bounds.
func (x *sliced) within(s []Interval, in bitmap.Block, w *bitmap.Words) {
	for i, v := range s {
		lo, hi := uint64(0), uint64(1)<<x.slices-1
		if v.Lo > x.least {
			lo = distance(x.least, v.Lo)
		}
		if v.Hi < x.most {
			hi = distance(x.least, v.Hi)
		}
		x.interval(lo, hi, i > 0, w)
	}
	in.AndInto(w)
}

// interval sets w to the members whose offset is from lo to hi, or adds them to it.
func (x *sliced) interval(lo, hi uint64, add bool, w *bitmap.Words) {
	top := uint64(1)<<x.slices - 1
	for at := 0; at < len(w); at += strip {
		s := x.words[at*x.slices:][:strip*x.slices]
		out := (*[strip]uint64)(w[at:])
		var r [strip]uint64
		switch {
		case lo == hi:
			equal(&r, s, lo, x.slices)
		case hi == top:
			below(&r, s, lo, x.slices)
			for i := range r {
				r[i] = ^r[i]
			}
		case lo == 0:
			below(&r, s, hi+1, x.slices)
		default:
			var q [strip]uint64
			below(&r, s, hi+1, x.slices)
			below(&q, s, lo, x.slices)
			for i := range r {
				r[i] &^= q[i]
			}
		}
		if add {
			for i := range r {
				out[i] |= r[i]
			}
		} else {
			*out = r
		}
	}
}

// below sets r to the members of a stretch whose offset is below y. A half is kept
// in registers at a time.
func below(r *[strip]uint64, s []uint64, y uint64, slices int) {
	y <<= 64 - slices // the bit for the highest slice on top
	for half := 0; half < strip; half += strip / 2 {
		var b0, b1, b2, b3 uint64
		e0, e1, e2, e3 := ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)
		rest := y
		for at := half; at+4 <= len(s); at += strip {
			p := (*[4]uint64)(s[at:])
			if rest>>63 != 0 {
				b0 |= e0 &^ p[0]
				b1 |= e1 &^ p[1]
				b2 |= e2 &^ p[2]
				b3 |= e3 &^ p[3]
				e0 &= p[0]
				e1 &= p[1]
				e2 &= p[2]
				e3 &= p[3]
			} else {
				e0 &^= p[0]
				e1 &^= p[1]
				e2 &^= p[2]
				e3 &^= p[3]
			}
			rest <<= 1
			if e0|e1|e2|e3 == 0 || rest == 0 {
				break
			}
		}
		q := (*[4]uint64)(r[half:])
		q[0], q[1], q[2], q[3] = b0, b1, b2, b3
	}
}

// equal sets r to the members of a stretch whose offset is y.
func equal(r *[strip]uint64, s []uint64, y uint64, slices int) {
	y <<= 64 - slices
	for half := 0; half < strip; half += strip / 2 {
		e0, e1, e2, e3 := ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)
		rest := y
		for at := half; at+4 <= len(s); at += strip {
			p := (*[4]uint64)(s[at:])
			flip := rest>>63 - 1 // all ones where the bit is 0
			e0 &= p[0] ^ flip
			e1 &= p[1] ^ flip
			e2 &= p[2] ^ flip
			e3 &= p[3] ^ flip
			rest <<= 1
			if e0|e1|e2|e3 == 0 {
				break
			}
		}
		q := (*[4]uint64)(r[half:])
		q[0], q[1], q[2], q[3] = e0, e1, e2, e3
	}
}
