package column

import (
	"math/bits"
	"unsafe"

	"golang.org/x/exp/constraints"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Scanning a block's values for those in some intervals, where it is not worth
// having it bit-sliced. A chunk that its bounds decide is not looked at. In the
// others an interval is a range of offsets, clipped to those the chunk has, and one
// comparison without a branch tells whether x is in it: x − lo ≤ hi − lo, unsigned.

const (
	// tableSize is the number of offsets that a table of those in the intervals has: as
	// many as a block has members, so that it is a bitmap's words.
	tableSize = blockSize
	// tableFrom is how many intervals take longer one by one, at 0.6 ns a value each,
	// than to look each offset up in a table.
	tableFrom = 3
	// fewIntervals is how many intervals are compared with one by one where offsets are
	// too many for a table; with more, each value is searched for among them.
	fewIntervals = 48
)

// scan overwrites w with the members of in whose value is in one of the normal
// intervals s.
func (b *block) scan(s []Interval, in bitmap.Block, w *bitmap.Words) {
	*w = bitmap.Words{}
	if b.cut == nil {
		b.scanFew(s, in, w)
		return
	}
	var room bitmap.Words
	members := wordsOf(in, &room)
	for k := range b.cut.chunks {
		c := &b.cut.chunks[k]
		met, all := meeting(s, c.least, c.most)
		out, ms := chunkOf(w, k), chunkOf(members, k)
		switch {
		case c.n == 0 || len(met) == 0:
		case all:
			copy(out, ms)
		case len(met) >= tableFrom && c.width <= 2:
			c.scanTable(met, ms, out)
		case len(met) > fewIntervals:
			c.search(met, ms, out)
		default:
			for _, x := range met {
				c.scan(x, ms, out)
			}
			c.mask(ms, out)
		}
	}
}

// mask takes out of a dense chunk's result what is not a member.
func (c *chunk) mask(ms, out []uint64) {
	if c.dense && !c.full() {
		for i, x := range ms {
			out[i] &= x
		}
	}
}

// clip is the interval as offsets of the chunk, which it meets.
func (c *chunk) clip(s Interval) (lo, hi uint64) {
	return distance(c.least, max(s.Lo, c.least)), distance(c.least, min(s.Hi, c.most))
}

// scan adds to out the members whose value is in s; of a chunk with gaps, others
// too. ms is the chunk's members.
func (c *chunk) scan(s Interval, ms, out []uint64) {
	lo, hi := c.clip(s)
	switch c.width {
	case 1:
		scanChunk(view[uint8](c), lo, hi, ms, out, c.dense)
	case 2:
		scanChunk(view[uint16](c), lo, hi, ms, out, c.dense)
	case 4:
		scanChunk(view[uint32](c), lo, hi, ms, out, c.dense)
	case 8:
		scanChunk(view[uint64](c), lo, hi, ms, out, c.dense)
	}
}

func scanChunk[U constraints.Unsigned](s []U, lo, hi uint64, ms, out []uint64, dense bool) {
	if dense {
		scanDense(s, U(lo), hi-lo, out)
		return
	}
	scanPacked(s, U(lo), hi-lo, ms, out)
}

func scanDense[U constraints.Unsigned](s []U, lo U, span uint64, out []uint64) {
	for k := range out {
		lane := (*[64]U)(s[k*64:])
		r := uint64(0)
		for i := 56; i >= 0; i -= 8 {
			q := (*[8]U)(lane[i:])
			r = r<<8 | outside(q[0]-lo, span) | outside(q[1]-lo, span)<<1 |
				outside(q[2]-lo, span)<<2 | outside(q[3]-lo, span)<<3 |
				outside(q[4]-lo, span)<<4 | outside(q[5]-lo, span)<<5 |
				outside(q[6]-lo, span)<<6 | outside(q[7]-lo, span)<<7
		}
		out[k] |= ^r
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

func scanPacked[U constraints.Unsigned](s []U, lo U, span uint64, ms, out []uint64) {
	for k, x := range ms {
		r := uint64(0)
		lane := s[:bits.OnesCount64(x)]
		s = s[len(lane):]
		for _, y := range lane {
			r |= (1 - outside(y-lo, span)) << bits.TrailingZeros64(x)
			x &= x - 1
		}
		out[k] |= r
	}
}

// scanTable is scan for several intervals at once, in a chunk of narrow offsets.
func (c *chunk) scanTable(s []Interval, ms, out []uint64) {
	var table [tableSize / 64]uint64
	for _, x := range s {
		lo, hi := c.clip(x)
		first, last := ^uint64(0)<<(lo&63), ^uint64(0)>>(63-hi&63)
		if lo, hi = lo/64, hi/64; lo == hi {
			table[lo] |= first & last
			continue
		}
		table[lo] |= first
		for i := lo + 1; i < hi; i++ {
			table[i] = ^uint64(0)
		}
		table[hi] |= last
	}
	if c.width == 1 {
		lookUp(view[uint8](c), &table, ms, out, c.dense)
	} else {
		lookUp(view[uint16](c), &table, ms, out, c.dense)
	}
	c.mask(ms, out)
}

func lookUp[U constraints.Unsigned](s []U, table *[tableSize / 64]uint64, ms, out []uint64, dense bool) {
	for k, x := range ms {
		r := uint64(0)
		if dense {
			for i, y := range (*[64]U)(s[k*64:]) {
				r |= table[uint16(y)/64] >> (y & 63) & 1 << i
			}
		} else {
			n := bits.OnesCount64(x)
			for _, y := range s[:n] {
				r |= table[uint16(y)/64] >> (y & 63) & 1 << bits.TrailingZeros64(x)
				x &= x - 1
			}
			s = s[n:]
		}
		out[k] |= r
	}
}

// search is scan for many intervals at once; there are no others in out.
func (c *chunk) search(s []Interval, ms, out []uint64) {
	var room [chunkSize]int64
	values := c.appendTo(room[:0], ms)
	for k, x := range ms {
		r := uint64(0)
		for _, v := range values[:bits.OnesCount64(x)] {
			if contains(s, v) {
				r |= x & -x
			}
			x &= x - 1
		}
		values = values[bits.OnesCount64(ms[k]):]
		out[k] |= r
	}
}

// scanFew is scan in a block that is not cut.
func (b *block) scanFew(s []Interval, in bitmap.Block, w *bitmap.Words) {
	var room [chunkSize]uint16
	low := lowsOf(in, &room)
	if len(s) > fewIntervals {
		for i, v := range low {
			if contains(s, b.value(i)) {
				w[v>>6] |= 1 << (v & 63)
			}
		}
		return
	}
	for _, x := range s {
		lo, hi := b.clip(x)
		switch b.width {
		case 1:
			scanLow(view[uint8](&b.chunk), uint8(lo), hi-lo, low, w)
		case 2:
			scanLow(view[uint16](&b.chunk), uint16(lo), hi-lo, low, w)
		case 4:
			scanLow(view[uint32](&b.chunk), uint32(lo), hi-lo, low, w)
		case 8:
			scanLow(view[uint64](&b.chunk), lo, hi-lo, low, w)
		}
	}
}

func scanLow[U constraints.Unsigned](s []U, lo U, span uint64, low []uint16, w *bitmap.Words) {
	s = s[:len(low)]
	for i, v := range low {
		w[v>>6] |= (1 - outside(s[i]-lo, span)) << (v & 63)
	}
}

// lowsOf is the members of b, of which there are at most chunkSize: its own array,
// or written to room.
func lowsOf(b bitmap.Block, room *[chunkSize]uint16) []uint16 {
	n := 0
	switch b.Form() {
	case bitmap.Array:
		return b.Array()
	case bitmap.Runs:
		for _, r := range b.Runs() {
			for v := int(r.Start); v <= int(r.Last); v++ {
				room[n] = uint16(v)
				n++
			}
		}
	case bitmap.Bits:
		n = bitmap.DecodeLow(room[:], b.Words())
	}
	return room[:n]
}
