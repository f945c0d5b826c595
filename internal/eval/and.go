package eval

import (
	"cmp"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// intersect is ∩pos ∖ ∪neg in the block at hand: everyone's block if pos covers it.
//
// The operands are ranked by their bounds. One without members ends the block,
// one that has the whole block falls out. If a leaf's block is a short array,
// or short runs, the result is a part of it: narrow asks the other operands
// about those few values. If the smallest operand is an operator and promises
// few members, it is evaluated first in the hope of the same. Otherwise bits
// are combined.
func (r *run) intersect(pos, neg []int32, count bool) value {
	m := r.mark()
	if !r.rank(pos) {
		r.release(m)
		return value{}
	}
	list := r.ranks[m.ranks:]
	if !r.p.options.NoSparse && len(list) > 0 {
		if seed := r.seed(list); seed >= 0 {
			b := r.block(r.p.nodes[list[seed].id].leaf)
			return r.keep(m, r.narrow(b, list, seed, neg))
		}
		if first := list[0]; r.p.nodes[first.id].leaf < 0 && first.bound <= bitmap.MaxArray {
			v := r.eval(first.id)
			if v.n == 0 {
				r.release(m)
				return v
			}
			if v.b.Form() == bitmap.Array {
				return r.keep(m, r.narrow(v.b, list, 0, neg))
			}
			return r.keep(m, r.combine(list[1:], v, neg, count))
		}
	}
	return r.keep(m, r.combine(list, value{}, neg, count))
}

// rank pushes the operands with their bounds, least bound first; false: one of
// them has no member here. Leaves that have the whole block are left out.
func (r *run) rank(pos []int32) bool {
	base := len(r.ranks)
	for _, id := range pos {
		b := r.bound(id)
		if b == 0 {
			return false
		}
		if b == r.total && r.p.nodes[id].leaf >= 0 {
			continue
		}
		r.ranks = append(r.ranks, ranked{int32(b), id})
	}
	list := r.ranks[base:]
	if len(list) > 12 {
		slices.SortStableFunc(list, func(x, y ranked) int { return cmp.Compare(x.bound, y.bound) })
		return true
	}
	for i := 1; i < len(list); i++ { // nearly sorted: operands stand by size overall
		x, k := list[i], i
		for ; k > 0 && list[k-1].bound > x.bound; k-- {
			list[k] = list[k-1]
		}
		list[k] = x
	}
	return true
}

// seed is the place in list of the smallest leaf whose block can be narrowed as
// an array; -1: there is none.
func (r *run) seed(list []ranked) int {
	for k, o := range list {
		if o.bound > bitmap.MaxArray {
			break
		}
		if leaf := r.p.nodes[o.id].leaf; leaf >= 0 && r.block(leaf).Form() != bitmap.Bits {
			return k
		}
	}
	return -1
}
