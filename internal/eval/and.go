package eval

import (
	"cmp"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// intersect is ∩pos ∖ ∪neg in the block at hand: everyone's block if pos covers it.
//
// One without members ends the block, one that has the whole block falls out.
// If a leaf's block is a short array, or short runs, the result is a part of it:
// narrow asks the other operands about those few values. Otherwise they are
// ranked by their bounds. If the smallest operand is an operator and promises
// few members, it is evaluated first in the hope of the same. Otherwise bits
// are combined.
func (r *run) intersect(pos, neg []int32, count bool) value {
	m := r.mark()
	if seed, some := r.leafSeed(pos); !some {
		r.release(m)
		return value{}
	} else if seed >= 0 {
		list := r.ranks[m.ranks:]
		b := r.block(r.p.nodes[list[seed].id].leaf)
		return r.keep(m, r.narrow(*b, list, seed, neg))
	}
	if !r.rank(pos) {
		r.release(m)
		return value{}
	}
	list := r.ranks[m.ranks:]
	if !r.p.options.NoSparse && len(list) > 0 {
		if first := list[0]; r.leafOf[first.id] < 0 && first.bound <= bitmap.MaxArray {
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
		if b == r.total && r.leafOf[id] >= 0 {
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

// leafSeed finds the smallest leaf whose block can be narrowed as an array and
// pushes it and the other operands, unranked: what is left of a few members may
// be nobody before any operator's bound has been worked out. Its place among
// them is -1, and nothing is pushed, if there is none; some is false if a leaf
// has no member here.
func (r *run) leafSeed(pos []int32) (seed int, some bool) {
	seed, least := -1, bitmap.MaxArray+1
	for k, id := range pos {
		leaf := r.leafOf[id]
		if leaf < 0 {
			continue
		}
		b := r.block(leaf)
		n := b.Len()
		if n == 0 {
			return -1, false
		}
		if n < least && b.Form() != bitmap.Bits && n < r.total {
			seed, least = k, n
		}
	}
	if seed < 0 || r.p.options.NoSparse {
		return -1, true
	}
	base, at := len(r.ranks), 0
	for k, id := range pos {
		if leaf := r.leafOf[id]; leaf >= 0 && r.block(leaf).Len() == r.total {
			continue
		}
		if k == seed {
			at = len(r.ranks) - base
		}
		r.ranks = append(r.ranks, ranked{id: id})
	}
	return at, true
}
