package eval

import (
	"math/bits"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Bit-sliced addition (D. Rinfret, P. O'Neil, E. O'Neil, "Bit-Sliced Index
// Arithmetic", SIGMOD 2001): 64 members are scored at a time by adding the terms'
// words up in full adders, one column of them for each bit of a weight. The sums
// come out as planes, and comparing them with a constant costs an operation a
// plane. This rules out almost everyone when the first k are wanted and the
// k-th so far is known.
//
// Where we differ: the circuit only has to give a bound, so weights are first
// rounded up to a few bits, w ≤ 2^s·⌈w/2^s⌉, whatever their size. What passes is
// scored exactly. So the answer is exact, and long weights cost what short ones
// do. A negative weight −w is w for those who are not in the term, and −w for
// everyone; it is rounded down. The same sums bound scores from below, to within
// what all rounding adds up to: that rules out what comes before a cursor.
//
// Terms that are rare in the block do not go in one by one. It is only found who
// is in any of them and who in several: the former count for the greatest of their
// weights, the latter for all of them. So they are two inputs, however many.
//
// A lane of 64 words goes through the whole circuit before the next one, as in
// planes.go, so sums are never written out; and what passes in one lane raises
// the threshold for the next. The circuit is planned anew only when other terms
// are in it than in the block before.

const (
	// keepBits is what weights are rounded to. The first 100 of 300,000 members
	// over 20 terms, by the bits kept, in milliseconds, of adders in plain Go; with
	// vectors it takes half as long, and three stay best:
	//
	//	                    1     2     3     4
	//	weights of 3 bits   1.43  0.92  0.87  0.87
	//	weights of 11 bits  1.14  0.98  0.96  1.15
	keepBits = 3
	// maxSliced bounds the terms in a circuit, and so its scratch.
	maxSliced = 128
	// rareMembers bounds the members of rare terms together: about as many as
	// may have to be scored because of them.
	rareMembers = 2048
	// flushAt is how many members that pass are gathered before they are scored.
	flushAt = 128
)

// adders is a circuit and its registers. The first registers are the inputs.
type adders struct {
	ops  []bitmap.Adder
	out  []int32 // the sum's planes, lowest first
	regs []lane
	at   []*lane         // of each register: in regs, or in in
	in   []*bitmap.Words // the inputs in the block at hand; see orderlanes.go

	weights []int64 // of the inputs
	planned []int64 // those that the circuit is for
	quant   []int64 // the same rounded, without signs
	shift   int
	total   int64   // no sum is greater
	offset  int64   // sums are too great by this much
	slack   int64   // score ≥ (sum−offset)·2^shift − slack, negative rare terms aside
	taken   float64 // roughly the nanoseconds a block takes

	dense, rare []int32 // terms in the block at hand
	down        int64   // negative weights of the rare ones

	columns [16][]int32 // 130 inputs of 8 at most come to 11 bits, and two carries
	free    []int32
}

// drop lets go of all blocks, and with them of the circuit.
func (c *adders) drop() {
	clear(c.at[:cap(c.at)])
	clear(c.in[:cap(c.in)])
	c.planned = c.planned[:0]
}

// plan makes the circuit for the terms in the block at hand.
func (c *adders) plan(t *terms) {
	c.part(t)
	if slices.Equal(c.planned, c.weights) {
		return
	}
	c.planned = append(c.planned[:0], c.weights...)
	c.round()
	for i := range c.columns {
		c.columns[i] = c.columns[i][:0]
	}
	for i, q := range c.quant {
		for b := 0; q>>b != 0; b++ {
			if q>>b&1 != 0 {
				c.columns[b] = append(c.columns[b], int32(i))
			}
		}
	}
	c.wire()
	c.taken = c.cost()
}

// part tells rare terms from the others and lists the inputs' weights: those of
// the others, of who is in any rare term, and of who is in several.
func (c *adders) part(t *terms) {
	c.dense, c.rare, c.weights, c.down = c.dense[:0], c.rare[:0], c.weights[:0], 0
	left := rareMembers
	most, all := int64(0), int64(0)
	for _, k := range t.here {
		x := &t.all[k]
		n := x.block.Len()
		if !x.loaded || n > min(left, bitmap.MaxArray) {
			c.dense = append(c.dense, k)
			c.weights = append(c.weights, x.weight)
			continue
		}
		left -= n
		c.rare = append(c.rare, k)
		most = max(most, x.weight)
		all += max(x.weight, 0)
		c.down += min(x.weight, 0)
	}
	c.weights = append(c.weights, most, all-most)
}

// round sets the rounded weights, all of them positive, and what they entail.
func (c *adders) round() {
	dense := len(c.weights) - 2
	most := max(c.weights[dense], c.weights[dense+1]>>3) // several stand for all rare terms together
	for _, w := range c.weights[:dense] {
		most = max(most, w, -w)
	}
	c.shift = max(bits.Len64(uint64(most))-keepBits, 0)
	c.quant, c.total, c.offset, c.slack = c.quant[:0], 0, 0, 0
	unit := int64(1) << c.shift
	for i, w := range c.weights {
		q := (w + unit - 1) >> c.shift
		if q == 7 || q == -7 { // one bit, or two, instead of three
			q++
		}
		c.slack += q << c.shift
		if i < dense {
			c.slack -= w
		}
		if q < 0 {
			q = -q
			c.offset += q
		}
		c.quant = append(c.quant, q)
		c.total += q
	}
}

// wire adds the columns up from the lowest. A column's sum is what is left in it.
func (c *adders) wire() {
	c.ops, c.out, c.free = c.ops[:0], c.out[:0], c.free[:0]
	inputs := int32(len(c.weights))
	next := inputs
	take := func() int32 {
		if n := len(c.free); n > 0 {
			r := c.free[n-1]
			c.free = c.free[:n-1]
			return r
		}
		next++
		return next - 1
	}
	zero := take() // a plane without members; it stays
	last := bits.Len64(uint64(c.total))
	for b := range last {
		q := c.columns[b]
		for len(q) > 1 {
			var op bitmap.Adder
			switch n := len(q); {
			case n >= 7:
				op.N = 7
			case n >= 5:
				op.N = 5
			case n >= 3:
				op.N = 3
			default:
				op.N = 2
			}
			from := q[len(q)-int(op.N):]
			copy(op.In[:], from)
			for _, r := range from {
				if r >= inputs {
					c.free = append(c.free, r)
				}
			}
			q = q[:len(q)-int(op.N)]
			// Outputs may be inputs: each word is read before it is written.
			op.Out[0], op.Out[1] = take(), take()
			q = append(q, op.Out[0])
			c.columns[b+1] = append(c.columns[b+1], op.Out[1])
			if op.N >= 5 {
				op.Out[2] = take()
				up := b + 1
				if op.N == 7 {
					up = b + 2
				}
				c.columns[up] = append(c.columns[up], op.Out[2])
			}
			c.ops = append(c.ops, op)
		}
		c.columns[b] = q
		if len(q) == 0 {
			c.out = append(c.out, zero)
		} else {
			c.out = append(c.out, q[0])
		}
	}
	for len(c.regs) < int(next) {
		c.regs = append(c.regs, lane{})
	}
	c.at = resize(c.at, int(next))
	for i := range c.at {
		c.at[i] = &c.regs[i]
	}
	*c.at[zero] = lane{}
}

// sift offers the heap the members of within whose score may be in the band: all
// that are, and few others.
func (s *ordering) sift(h *best, within *bitmap.Words, after *Item) {
	r, t, c := s.r, &s.terms, &s.adders
	for _, k := range t.here {
		if x := &t.all[k]; !x.loaded {
			x.load(r.num, r.bits())
		}
	}
	c.plan(t)
	c.inputs(s)
	s.sliced = true
	need, most := s.band(h, after)
	n := 0
	for at := 0; at < bitmap.BlockSize/64 && need <= t.high; at += chunk {
		in := laneOf(within, at)
		if emptyLane(in) {
			continue
		}
		c.seek(at)
		bitmap.AddUp(c.at, c.ops)
		some := *in
		if !c.between(t, &some, max(need, t.low), min(most, t.high)) {
			continue
		}
		for i, x := range some {
			base := uint16(at+i) << 6
			for ; x != 0; x &= x - 1 {
				s.list[n] = base | uint16(bits.TrailingZeros64(x))
				n++
			}
		}
		if n >= flushAt {
			s.offerScores(h, s.list[:n], after)
			need, _ = s.band(h, after)
			n = 0
		}
	}
	s.offerScores(h, s.list[:n], after)
	s.sliced = false
}

// between keeps in d those whose score may be from need to most, and tells whether
// there are any.
func (c *adders) between(t *terms, d *lane, need, most int64) bool {
	if to := (most-t.base-c.down+c.slack)>>c.shift + c.offset; to < c.total {
		over := *d
		if c.atLeast(&over, to+1) {
			for i, x := range over {
				d[i] &^= x
			}
		}
	}
	return c.atLeast(d, (need-t.base+1<<c.shift-1)>>c.shift+c.offset)
}

// atLeast keeps in d those whose sum is at least t, and tells whether there may be
// any.
func (c *adders) atLeast(d *lane, t int64) bool {
	switch {
	case t <= 0:
		return true
	case t > c.total:
		return false
	}
	return bitmap.Above(d, c.at, c.out, uint64(t-1))
}
