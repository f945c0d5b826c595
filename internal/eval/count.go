package eval

import (
	"math/bits"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// between is the members of between n.lo and n.hi of n.pos in the block at hand.
//
// Operands without members here fall out, those with all members are counted
// off. What then has to be counted may be a union or an intersection of few
// operands, or impossible. If all but lo−1 operands are short arrays, every
// member of the result is in one of those: their union is narrowed (this is
// the T-occurrence problem; S. Sarawagi, A. Kirpal, "Efficient set joins on
// similarity predicates", SIGMOD 2004, set the longest lists aside in the same
// way). Otherwise counters run over all members at once, or if few
// operands are bits over the segments between the ends of runs.
func (r *run) between(n *node, count bool) value {
	m := r.mark()
	lo, hi, live := n.lo, n.hi, 0
	sum := 0
	for _, id := range n.pos {
		b, leaf := 0, r.leafOf[id]
		switch {
		case leaf < 0:
			b = r.bound(id)
		case !r.absent(leaf):
			b = r.block(leaf).Len()
		}
		switch {
		case b == 0:
		case b == r.total && leaf >= 0:
			lo--
			hi--
		default:
			r.ids = append(r.ids, id)
			live++
			sum = min(sum+b, maxSum)
		}
	}
	list := r.ids[m.ids:]
	switch {
	case live < lo || hi < 0 || hi < lo || sum < lo:
		r.release(m)
		return value{}
	case lo <= 0 && hi >= live:
		r.release(m)
		return stored(r.block(everyone))
	case lo == live && lo > 0:
		return r.keep(m, r.intersect(list, nil, count))
	case lo == 1 && hi >= live:
		return r.keep(m, r.unite(list, count))
	}
	if v, ok := r.reach(list, lo, hi, sum, count); ok {
		return r.keep(m, v)
	}
	if v, ok := r.segments(list, lo, hi, sum, count); ok {
		return r.keep(m, v)
	}
	if lo > 0 && !r.p.options.NoSparse {
		if v, ok := r.scan(list, lo, hi, count); ok {
			return r.keep(m, v)
		}
		if v, ok := r.candidates(list, lo, hi); ok {
			return r.keep(m, v)
		}
	}
	return r.keep(m, r.counters(list, lo, hi, count))
}

const (
	// countHeld is how many bit blocks of scratch are held until they are
	// counted together: the results of operators, and arrays made into bits.
	countHeld = 16
	// rasterFrom is the length from which it is cheaper to make an array into
	// bits than to add its values to counters one by one.
	rasterFrom = 160
)

// counters counts in bit planes; see planes.go. With more operators than can be
// held, the planes are whole blocks, to which batches of operands are added.
func (r *run) counters(list []int32, lo, hi int, count bool) value {
	top := lo // the largest number that has to be told apart from lower ones
	if hi < len(list) {
		top = hi + 1
	}
	c := counting{r: r, lo: lo, hi: hi, n: len(list), m: r.mark()}
	width := max(bits.Len(uint(top)), 2)
	operators := 0
	for _, id := range list {
		if r.leafOf[id] < 0 {
			operators++
		}
	}
	d := r.bits()
	if operators > countHeld {
		from := r.w
		for range width + 1 {
			r.bits()
		}
		c.whole = r.words[from:r.w]
	} else {
		words := [2]*bitmap.Words{r.bits(), r.bits()}
		c.planes.within(&words, width)
	}
	c.held = r.w
	for _, id := range list {
		v := r.eval(id)
		switch form := v.b.Form(); {
		case form == bitmap.Bits:
			r.ptrs = append(r.ptrs, v.b.Words())
		case form == bitmap.Array && v.n >= rasterFrom && r.w-c.held < countHeld:
			w := r.bits()
			v.b.CopyTo(w)
			r.ptrs = append(r.ptrs, w)
		default:
			r.blocks = append(r.blocks, v.b)
		}
		if c.whole != nil && r.w-c.held >= countHeld {
			c.flush()
		}
	}
	n, inverse := c.finish(d, count)
	switch {
	case !inverse && count:
		return value{n: n}
	case inverse: // members of none count, too: everyone but those of more than hi
		x := r.bits()
		r.block(everyone).CopyTo(x)
		bitmap.AndNot(d, x, d)
	}
	return r.scratchBits(d)
}

// counting is one block of counters on its way.
type counting struct {
	r         *run
	lo, hi, n int
	m         mark
	held      int // words in use before the operands
	planes    planes
	whole     []*bitmap.Words // nil: lane by lane
	begun     bool            // whole has something in it
}

// operands are those gathered since the last flush.
func (c *counting) operands() operands {
	r := c.r
	o := operands{bits: r.ptrs[c.m.ptrs:], blocks: r.blocks[c.m.blocks:]}
	r.ids = r.ids[:c.m.ids]
	for range o.blocks {
		r.ids = append(r.ids, 0)
	}
	o.at = r.ids[c.m.ids:]
	return o
}

// fill counts the gathered operands in the lane at from.
func (c *counting) fill(o *operands, from int) {
	if c.whole != nil {
		c.planes.across(c.whole, from)
	}
	if c.begun {
		c.planes.add(o, from)
	} else {
		c.planes.set(o, from)
	}
}

// flush counts the gathered operands and lets go of them.
func (c *counting) flush() {
	o := c.operands()
	for from := 0; from < bitmap.BlockSize/64; from += chunk {
		c.fill(&o, from)
	}
	c.begun = true
	r := c.r
	r.w, r.ptrs, r.blocks = c.held, r.ptrs[:c.m.ptrs], r.blocks[:c.m.blocks]
}

// finish counts what is left and compares: the result is in d, or its
// cardinality is n; or the complement of the result is in d.
func (c *counting) finish(d *bitmap.Words, count bool) (n int, inverse bool) {
	o := c.operands()
	for from := 0; from < bitmap.BlockSize/64; from += chunk {
		c.fill(&o, from)
		x := laneOf(d, from)
		if inverse = c.planes.between(x, c.lo, c.hi, c.n); count && !inverse {
			n += bitmap.CountLane(x)
		}
	}
	return n, inverse
}

// candidates counts by narrowing, if the operands but the lo−1 largest have no
// more than MaxArray members together, all in short arrays or runs of leaves.
func (r *run) candidates(list []int32, lo, hi int) (value, bool) {
	if len(list) > maxTally {
		return value{}, false
	}
	m := r.mark()
	large := 0
	for _, id := range list {
		leaf := r.leafOf[id]
		if leaf < 0 || r.block(leaf).Form() == bitmap.Bits {
			large++
		}
	}
	if large >= lo {
		return value{}, false
	}
	if !r.rank(list) {
		return value{}, false
	}
	ranks := r.ranks[m.ranks:]
	small := len(ranks) - (lo - 1)
	sum := 0
	for _, o := range ranks[:small] {
		leaf := r.leafOf[o.id]
		if sum += int(o.bound); leaf < 0 || sum > bitmap.MaxArray || r.block(leaf).Form() == bitmap.Bits {
			r.release(m)
			return value{}, false
		}
	}
	x, spare, flat := r.array()[:], r.array()[:], r.array()[:]
	a := x[:0]
	for _, o := range ranks[:small] {
		b := r.block(r.leafOf[o.id])
		next := flat[:0]
		if b.Form() == bitmap.Runs {
			next = appendRuns(next, b.Runs())
		} else {
			next = b.Array()
		}
		k := uniteArrays(spare, a, next)
		a, spare = spare[:k], a[:bitmap.MaxArray]
	}
	t := r.array()[:len(a)]
	clear(t)
	for _, id := range list {
		if n := &r.p.nodes[id]; n.leaf < 0 && (n.size > maxTally || !r.cheaper(n, len(a))) {
			tallyBlock(r.eval(id).b, a, t)
		} else {
			r.tally(id, a, t)
		}
	}
	k := 0
	for j, v := range a {
		a[k] = v
		if c := int(t[j]); lo <= c && c <= hi {
			k++
		}
	}
	return r.scratchArray(a[:k]), true
}
