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
// way). Otherwise counters run over all members at once.
func (r *run) between(n *node, count bool) value {
	m := r.mark()
	lo, hi, live := n.lo, n.hi, 0
	sum := 0
	for _, id := range n.pos {
		switch b := r.bound(id); {
		case b == 0:
		case b == r.total && r.p.nodes[id].leaf >= 0:
			lo--
			hi--
		default:
			r.ids = append(r.ids, id)
			live++
			sum += b
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
	if lo > 0 && !r.p.options.NoSparse {
		if v, ok := r.candidates(list, lo, hi); ok {
			return r.keep(m, v)
		}
	}
	return r.keep(m, r.counters(list, lo, hi, count))
}

// counters counts in bit planes; see planes.go. No more than scratchHeld
// operators' results are held at a time.
func (r *run) counters(list []int32, lo, hi int, count bool) value {
	limit := len(list) // the largest number that has to be told apart from lower ones
	top := lo
	if hi < limit {
		top = hi + 1
	}
	m := r.mark()
	p := r.planes(bits.Len(uint(top)))
	ptrs, held := len(r.ptrs), r.w
	for _, id := range list {
		v := r.eval(id)
		if v.b.Form() == bitmap.Bits {
			r.ptrs = append(r.ptrs, v.b.Words())
		} else {
			p.addBlock(v.b)
		}
		if r.w-held > scratchHeld {
			p.addBits(r.ptrs[ptrs:])
			r.ptrs = r.ptrs[:ptrs]
			r.w = held
		}
	}
	p.addBits(r.ptrs[ptrs:])
	d := p.overflow // its content is used up word by word
	switch {
	case lo <= 0: // members of none count, too: everyone but those of more than hi
		p.atLeast(d, hi+1)
		x := r.bits()
		r.block(everyone).CopyTo(x)
		bitmap.AndNot(d, x, d)
	case hi >= limit:
		if count {
			n := p.atLeastCount(lo)
			r.release(m)
			return value{n: n}
		}
		p.atLeast(d, lo)
	default:
		p.within(d, lo, hi)
	}
	return r.keep(m, r.scratchBits(d))
}

// candidates counts by narrowing, if the operands but the lo−1 largest have no
// more than MaxArray members together, all in short arrays or runs of leaves.
func (r *run) candidates(list []int32, lo, hi int) (value, bool) {
	m := r.mark()
	if !r.rank(list) {
		return value{}, false
	}
	ranks := r.ranks[m.ranks:]
	small := len(ranks) - (lo - 1)
	sum := 0
	for _, o := range ranks[:small] {
		leaf := r.p.nodes[o.id].leaf
		if sum += int(o.bound); leaf < 0 || sum > bitmap.MaxArray || r.block(leaf).Form() == bitmap.Bits {
			r.release(m)
			return value{}, false
		}
	}
	x, spare, flat := r.array()[:], r.array()[:], r.array()[:]
	a := x[:0]
	for _, o := range ranks[:small] {
		b := r.block(r.p.nodes[o.id].leaf)
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
		if leaf := r.p.nodes[id].leaf; leaf < 0 && len(a) > probeMax {
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
