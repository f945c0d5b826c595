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
// the threshold for the next. Terms in arrays and runs are set into a lane when
// its turn comes. The circuit is planned anew only when other terms are in it
// than in the block before.

const (
	// keepBits is what weights are rounded to. Measured over 20 terms with
	// weights of 11 bits, 10M members, k = 100: see orderplan.go.
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
	ops  []adder
	out  []int32 // the sum's planes, lowest first; −1: always zero
	regs []lane
	at   []*lane // of each register: in regs, or in a term's block
	skip []int32 // of each term, rare ones last: what of its block is before the lane

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
	none    lane // no member
}

// adder adds registers of one column: 2 into sum and carry, 3 the same, 5 into a
// sum and two carries, 7 into a sum, a carry and a carry of the next column.
type adder struct {
	n   int32
	in  [7]int32
	out [3]int32
}

// drop lets go of all blocks, and with them of the circuit.
func (c *adders) drop() {
	clear(c.at[:cap(c.at)])
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
	any, all := int64(0), int64(0)
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
		any = max(any, x.weight)
		all += max(x.weight, 0)
		c.down += min(x.weight, 0)
	}
	c.weights = append(c.weights, any, all-any)
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

// wire adds up the columns from the lowest. A column's sum is what is left in it.
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
	last := bits.Len64(uint64(c.total))
	for b := range last {
		q := c.columns[b]
		for len(q) > 1 {
			var op adder
			switch n := len(q); {
			case n >= 7:
				op.n = 7
			case n >= 5:
				op.n = 5
			case n >= 3:
				op.n = 3
			default:
				op.n = 2
			}
			from := q[len(q)-int(op.n):]
			copy(op.in[:], from)
			for _, r := range from {
				if r >= inputs {
					c.free = append(c.free, r)
				}
			}
			q = q[:len(q)-int(op.n)]
			// Outputs may be inputs: each word is read before it is written.
			op.out[0], op.out[1] = take(), take()
			q = append(q, op.out[0])
			c.columns[b+1] = append(c.columns[b+1], op.out[1])
			if op.n >= 5 {
				op.out[2] = take()
				up := b + 1
				if op.n == 7 {
					up = b + 2
				}
				c.columns[up] = append(c.columns[up], op.out[2])
			}
			c.ops = append(c.ops, op)
		}
		c.columns[b] = q
		if len(q) == 0 {
			c.out = append(c.out, -1)
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
	c.skip = resize(c.skip, len(c.dense)+len(c.rare))
	clear(c.skip)
	need, most := s.band(h, after)
	n := 0
	for at := 0; at < bitmap.BlockSize/64 && need <= t.high; at += chunk {
		in := laneOf(within, at)
		if emptyLane(in) {
			continue
		}
		c.inputs(t, at)
		c.run()
		var some lane
		c.between(t, &some, max(need, t.low), min(most, t.high))
		for i, x := range some {
			base := uint16(at+i) << 6
			for x &= in[i]; x != 0; x &= x - 1 {
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
}

func emptyLane(d *lane) bool {
	x := uint64(0)
	for _, y := range d {
		x |= y
	}
	return x == 0
}

// inputs sets the first registers to the terms' lanes from word at on.
func (c *adders) inputs(t *terms, at int) {
	for i, k := range c.dense {
		x := &t.all[k]
		switch x.block.Form() {
		case bitmap.Bits:
			c.at[i] = laneOf(x.block.Words(), at)
		default:
			c.at[i] = &c.regs[i]
			c.regs[i] = lane{}
			c.skip[i] = setBlock(c.at[i], x.block, c.skip[i], at)
		}
		if x.weight < 0 {
			invert(&c.regs[i], c.at[i])
			c.at[i] = &c.regs[i]
		}
	}
	c.rareInputs(t, at)
}

// rareInputs sets the last two inputs: who is in any rare term, and in several.
func (c *adders) rareInputs(t *terms, at int) {
	n := len(c.dense)
	u := union{any: &c.regs[n], several: &c.regs[n+1]}
	*u.any, *u.several = lane{}, lane{}
	for i, k := range c.rare {
		b, skip := t.all[k].block, &c.skip[n+i]
		switch b.Form() {
		case bitmap.Array:
			*skip = u.addArray(b.Array(), *skip, at)
		case bitmap.Runs:
			*skip = u.addRuns(b.Runs(), *skip, at)
		case bitmap.Bits: // few members of a predicate
			for i, x := range laneOf(b.Words(), at) {
				u.add(i, x)
			}
		}
	}
}

// union is the members of any of some sets, and those of several.
type union struct{ any, several *lane }

func (u union) add(i int, x uint64) {
	u.several[i] |= u.any[i] & x
	u.any[i] |= x
}

func (u union) addArray(a []uint16, skip int32, at int) int32 {
	first, last := at<<6, (at+chunk)<<6-1
	k := int(skip)
	for ; k < len(a) && int(a[k]) <= last; k++ {
		if v := int(a[k]); v >= first {
			u.add((v>>6)%chunk, 1<<(v&63))
		}
	}
	return int32(k)
}

func (u union) addRuns(runs []bitmap.Run, skip int32, at int) int32 {
	first, last := at<<6, (at+chunk)<<6-1
	k := int(skip)
	for ; k < len(runs) && int(runs[k].Start) <= last; k++ {
		lo, hi := max(int(runs[k].Start), first)-first, min(int(runs[k].Last), last)-first
		if lo <= hi {
			i, j := lo>>6, hi>>6
			from, to := ^uint64(0)<<(lo&63), ^uint64(0)>>(63-hi&63)
			if i == j {
				u.add(i, from&to)
			} else {
				u.add(i, from)
				for i++; i < j; i++ {
					u.add(i, ^uint64(0))
				}
				u.add(j, to)
			}
		}
		if int(runs[k].Last) > last {
			break
		}
	}
	return int32(k)
}

// setBlock adds to d, which is empty, the members that b has in the lane at word
// at; those before skip are in earlier lanes. It returns the skip of the next lane.
func setBlock(d *lane, b bitmap.Block, skip int32, at int) int32 {
	switch b.Form() {
	case bitmap.Array:
		return setArray(d, b.Array(), skip, at)
	case bitmap.Runs:
		return setRuns(d, b.Runs(), skip, at)
	}
	return 0
}

func setArray(d *lane, a []uint16, skip int32, at int) int32 {
	first, last := at<<6, (at+chunk)<<6-1
	k := int(skip)
	for ; k < len(a) && int(a[k]) <= last; k++ {
		if v := int(a[k]); v >= first {
			d[(v>>6)%chunk] |= 1 << (v & 63)
		}
	}
	return int32(k)
}

func setRuns(d *lane, runs []bitmap.Run, skip int32, at int) int32 {
	first, last := at<<6, (at+chunk)<<6-1
	k := int(skip)
	for ; k < len(runs) && int(runs[k].Start) <= last; k++ {
		lo, hi := max(int(runs[k].Start), first)-first, min(int(runs[k].Last), last)-first
		if lo <= hi {
			fillLane(d, lo, hi)
		}
		if int(runs[k].Last) > last {
			break
		}
	}
	return int32(k)
}

func fillLane(d *lane, lo, hi int) {
	i, j := lo>>6, hi>>6
	first, last := ^uint64(0)<<(lo&63), ^uint64(0)>>(63-hi&63)
	if i == j {
		d[i] |= first & last
		return
	}
	d[i] |= first
	for i++; i < j; i++ {
		d[i] = ^uint64(0)
	}
	d[j] |= last
}

// run computes all sums of a lane.
func (c *adders) run() {
	for i := range c.ops {
		op := &c.ops[i]
		sum, carry := c.at[op.out[0]], c.at[op.out[1]]
		x, y := c.at[op.in[0]], c.at[op.in[1]]
		switch op.n {
		case 2:
			half2(sum, carry, x, y)
		case 3:
			full3(sum, carry, x, y, c.at[op.in[2]])
		case 5:
			full5(sum, carry, c.at[op.out[2]], x, y, c.at[op.in[2]], c.at[op.in[3]], c.at[op.in[4]])
		default:
			full7(sum, carry, c.at[op.out[2]], x, y, c.at[op.in[2]], c.at[op.in[3]], c.at[op.in[4]], c.at[op.in[5]], c.at[op.in[6]])
		}
	}
}

// between sets d to the members of the lane whose score may be from need to most.
func (c *adders) between(t *terms, d *lane, need, most int64) {
	c.atLeast(d, (need-t.base+1<<c.shift-1)>>c.shift+c.offset)
	if to := (most-t.base-c.down+c.slack)>>c.shift + c.offset; to < c.total {
		var over lane
		c.atLeast(&over, to+1)
		for i, x := range over {
			d[i] &^= x
		}
	}
}

// atLeast sets d to the members whose sum is at least t: greater than t−1, which
// is found from the lowest plane up.
func (c *adders) atLeast(d *lane, t int64) {
	*d = lane{}
	switch {
	case t <= 0:
		for i := range d {
			d[i] = ^uint64(0)
		}
		return
	case t > c.total:
		return
	}
	t--
	// A plane is taken by AND where t has the bit, otherwise by OR.
	out := c.out
	for ; len(out) >= 2; out, t = out[2:], t>>2 {
		a, b := c.plane(out[0]), c.plane(out[1])
		switch t & 3 {
		case 0:
			for i, x := range a {
				d[i] |= x | b[i]
			}
		case 1:
			for i, x := range a {
				d[i] = d[i]&x | b[i]
			}
		case 2:
			for i, x := range a {
				d[i] = (d[i] | x) & b[i]
			}
		default:
			for i, x := range a {
				d[i] &= x & b[i]
			}
		}
	}
	if len(out) == 0 {
		return
	}
	a := c.plane(out[0])
	if t&1 != 0 {
		for i, x := range a {
			d[i] &= x
		}
		return
	}
	for i, x := range a {
		d[i] |= x
	}
}

func (c *adders) plane(r int32) *lane {
	if r < 0 {
		return &c.none
	}
	return c.at[r]
}
