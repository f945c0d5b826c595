package eval

import (
	"math/bits"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Runs cut a block into segments that each run covers as a whole or not at all.
// In a segment under c runs a member needs lo−c of the operands in bits: those
// are compared with that number in one pass, in registers, by full adders (see
// planes.go), and no counter is ever written. A segment under lo runs has all its
// members; one that needs more than there are operands in bits has none.

const (
	// segmentBits is how many operands in bits one pass adds up: with more, its
	// loop in plain Go would need more registers than there are.
	segmentBits = 5
	// segmentEnds bounds the runs: with more, segments are shorter than a few
	// words, and there is more to do about their ends than in between.
	segmentEnds = 256
	// segmentFrom is from how many members of all operands it is cheaper than
	// counting value by value; see scan.go.
	segmentFrom = 1500
)

// segments is the members of between lo and hi of list, which have no more
// than sum members together, if few operands are bits. Arrays are made into bits.
func (r *run) segments(list []int32, lo, hi, sum int, count bool) (value, bool) {
	if sum < segmentFrom || r.p.options.NoSegment || !r.segmentable(list) {
		return value{}, false
	}
	if r.cover == nil {
		r.cover = new(cover)
	}
	c := r.cover
	c.b, c.ends.n, c.ends.words = 0, 0, [len(c.ends.words)]uint64{}
	for _, id := range list {
		v := r.operand(id)
		switch v.b.Form() {
		case bitmap.Array:
			w := r.bits()
			v.b.CopyTo(w)
			c.add(w)
		case bitmap.Bits:
			c.add(v.b.Words())
		case bitmap.Runs:
			c.ends.runs(v.b.Runs())
		}
	}
	for b := c.b; b < segmentBits; b++ {
		c.bits[b] = &c.none
	}
	d := r.bits()
	switch {
	case lo <= 0:
		c.atLeast(d, hi+1)
		if count {
			return value{n: r.total - bitmap.Count(d)}, true
		}
		more := d
		d = r.bits()
		r.block(everyone).CopyTo(d)
		bitmap.AndNot(d, d, more)
		return r.scratchBits(d), true
	case hi < len(list):
		c.atLeast(d, lo)
		more := r.bits()
		c.atLeast(more, hi+1)
		bitmap.AndNot(d, d, more)
		return r.scratchBits(d), true
	}
	c.atLeast(d, lo)
	return r.scratchBits(d), true
}

// segmentable tells whether list fits a cover. All operands are leaves, whose
// form is known beforehand.
func (r *run) segmentable(list []int32) bool {
	b, runs := 0, 0
	for _, id := range list {
		leaf := r.leafOf[id]
		if leaf < 0 {
			return false
		}
		if x := r.block(leaf); x.Form() == bitmap.Runs {
			runs += x.RunCount()
		} else {
			b++
		}
	}
	return b <= segmentBits && runs <= segmentEnds
}

// cover is the operands of one block: b in bits, followed by empty ones, and
// the ends of those in runs.
type cover struct {
	bits [segmentBits]*bitmap.Words
	b    int
	ends ends
	none bitmap.Words // never written
}

func (c *cover) add(w *bitmap.Words) {
	c.bits[c.b] = w
	c.b++
}

// atLeast sets d to the members of t ≥ 1 operands.
func (c *cover) atLeast(d *bitmap.Words, t int) {
	pos := 0
	for k, x := range c.ends.words {
		for ; x != 0; x &= x - 1 {
			e := c.ends.head[k<<6|bits.TrailingZeros64(x)]
			for ; e >= 0; e = c.ends.next[e] {
				at := int(c.ends.place[e])
				c.within(d, pos, at, t)
				pos = at
				t -= int(c.ends.step[e])
			}
		}
	}
	c.within(d, pos, bitmap.BlockSize, t)
}

// within sets d, from lo on and below hi, to the members of t of the operands
// in bits. What comes before lo in its word stays, what comes after hi is
// cleared.
func (c *cover) within(d *bitmap.Words, lo, hi, t int) {
	if lo == hi {
		return
	}
	i, j := lo>>6, (hi-1)>>6
	first, before := ^uint64(0)<<(lo&63), d[i]
	x := d[i : j+1]
	switch {
	case t > c.b:
		clear(x)
	case t <= 0:
		for k := range x {
			x[k] = ^uint64(0)
		}
	case c.b <= 3:
		bitmap.AtLeast3(x, (*[3]*bitmap.Words)(c.bits[:]), i, t)
	default:
		bitmap.AtLeast5(x, &c.bits, i, t)
	}
	d[i] = d[i]&first | before&^first
	d[j] &= ^uint64(0) >> (-hi & 63)
}

// ends are the places at which runs begin and end, in ascending order: those
// in one word are chained, and the words that have any are marked.
type ends struct {
	words [bitmap.BlockSize / 64 / 64]uint64
	head  [bitmap.BlockSize / 64]int16
	place [2 * segmentEnds]uint16
	step  [2 * segmentEnds]int8 // +1: a run begins here; −1: one has ended before
	next  [2 * segmentEnds]int16
	n     int
}

func (e *ends) runs(rs []bitmap.Run) {
	for _, x := range rs {
		e.add(x.Start, 1)
		if x.Last < bitmap.BlockSize-1 {
			e.add(x.Last+1, -1)
		}
	}
}

func (e *ends) add(place uint16, step int8) {
	k := e.n
	e.n++
	e.place[k], e.step[k], e.next[k] = place, step, -1
	w := place >> 6
	bit := uint64(1) << (w & 63)
	if e.words[w>>6]&bit == 0 {
		e.words[w>>6] |= bit
		e.head[w] = int16(k)
		return
	}
	at := &e.head[w]
	for *at >= 0 && e.place[*at] < place {
		at = &e.next[*at]
	}
	e.next[k], *at = *at, int16(k)
}
