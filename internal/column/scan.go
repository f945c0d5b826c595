package column

import (
	"math/bits"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Scanning a block's values for those in some intervals. A chunk that its bounds
// decide is not looked at. In the others an interval is a range of offsets, clipped
// to those the chunk has, and what is in it is told slot by slot (slots.go); where
// slots are not members, the bits are moved to those afterwards.

const (
	// tableSize is the number of offsets that a table of those in the intervals has: as
	// many as a block has members, so that it is a bitmap's words.
	tableSize = blockSize
	// tableFrom and tableFromVectors are how many intervals take longer one by one, at
	// 0.6 ns a value each or at 0.04, than to look each offset up in a table.
	tableFrom        = 3
	tableFromVectors = 32
	// fewIntervals and fewIntervalsVectors are how many are compared with one by one
	// where offsets are too many for a table; with more, each value is searched for
	// among them.
	fewIntervals        = 48
	fewIntervalsVectors = 384
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
	members := &room // a full block's are not looked at
	if b.n < blockSize {
		members = wordsOf(in, &room)
	}
	for k := range b.cut.chunks {
		c := &b.cut.chunks[k]
		met, all := meeting(s, c.least, c.most)
		out, ms := chunkOf(w, k), chunkOf(members, k)
		switch {
		case c.n == 0 || len(met) == 0:
		case c.full() && all:
			for i := range out {
				out[i] = ^uint64(0)
			}
		case all:
			copy(out, ms)
		case c.full():
			c.scan(met, out)
		case c.dense:
			c.scan(met, out)
			for i, x := range ms {
				out[i] &= x
			}
		default:
			var slots slotBits
			c.scan(met, slots[:])
			deposit(out, ms, &slots)
		}
	}
}

// scanFew is scan in a block that is not cut.
func (b *block) scanFew(s []Interval, in bitmap.Block, w *bitmap.Words) {
	var slots slotBits
	b.chunk.scan(s, slots[:])
	var room [chunkSize]uint16
	low := lowsOf(in, &room)
	for k, x := range slots[:(len(low)+63)/64] {
		for ; x != 0; x &= x - 1 {
			m := low[k*64+bits.TrailingZeros64(x)]
			w[m>>6] |= 1 << (m & 63)
		}
	}
}

// scan adds to out the slots whose value is in one of the normal intervals s, each of
// which meets the chunk's bounds; of a chunk with gaps, others too.
func (c *chunk) scan(s []Interval, out []uint64) {
	table, few := tableFrom, fewIntervals
	if hasAVX2 {
		table, few = tableFromVectors, fewIntervalsVectors
	}
	switch {
	case len(s) >= table && c.width <= 2:
		c.lookUp(s, out)
	case len(s) > few:
		c.search(s, out)
	default:
		for _, x := range s {
			lo, hi := c.clip(x)
			c.between(lo, hi, out)
		}
	}
}

// clip is the interval as offsets of the chunk, which it meets.
func (c *chunk) clip(s Interval) (lo, hi uint64) {
	return distance(c.least, max(s.Lo, c.least)), distance(c.least, min(s.Hi, c.most))
}

// lookUp is scan by a table of all offsets, of which there are few.
func (c *chunk) lookUp(s []Interval, out []uint64) {
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
	var room [chunkSize]uint32
	offsets := room[:c.slots()]
	unpack(offsets, c, 0)
	for i, y := range offsets {
		out[i/64] |= table[uint16(y)/64] >> (y & 63) & 1 << (i % 64)
	}
}

// search is scan by searching for each value among the intervals.
func (c *chunk) search(s []Interval, out []uint64) {
	var room [chunkSize]int64
	values := room[:c.slots()]
	unpack(values, c, c.least)
	for i, v := range values {
		if contains(s, v) {
			out[i/64] |= 1 << (i % 64)
		}
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
