package eval

import (
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/expr"
)

// block is the block of a leaf at hand, empty if it has none; not to be written.
func (r *run) block(leaf int32) *bitmap.Block {
	if h := &r.here[leaf]; h.Num == r.num {
		return h.Block
	}
	return r.align(leaf)
}

// align is block for a leaf that does not stand there.
func (r *run) align(leaf int32) *bitmap.Block {
	h := &r.here[leaf]
	if h.Num < r.num {
		h.Move(&r.rest[leaf], r.num)
		if h.Num == r.num {
			return h.Block
		}
	}
	return &r.none
}

// absent tells that the leaf has no block at hand: of many leaves most have none,
// which is found without making it so.
func (r *run) absent(leaf int32) bool { return r.here[leaf].Num > r.num }

// bound is an upper bound of the members of node i in the block at hand: of a
// leaf its cardinality, of a condition what its column's bounds tell, of an
// intersection the least of the operands, of a union their sum, and of a count
// their sum divided by how often each member has to occur in it.
func (r *run) bound(i int32) int {
	if leaf := r.leafOf[i]; leaf >= 0 {
		if r.absent(leaf) {
			return 0
		}
		return r.block(leaf).Len()
	}
	s := &r.inner[i]
	if s.at == r.num+1 {
		return int(s.bound)
	}
	n := &r.p.nodes[i]
	b := r.total
	switch {
	case n.where != nil:
		b = n.where.Bound(uint16(r.num))
	case n.op == expr.And:
		for _, k := range n.pos {
			if b = min(b, r.bound(k)); b == 0 {
				break
			}
		}
	case n.op != expr.Count:
		b = min(b, r.sum(n.pos, b))
	case n.lo > 0:
		lo := min(n.lo, maxSum/bitmap.BlockSize) // fewer occurrences: a bound still
		b = min(b, r.sum(n.pos, b*lo)/lo)
	}
	s.at, s.bound = r.num+1, int32(b)
	return b
}

// maxSum caps sums of bounds, of which there may be as many as a query may have
// nodes, to what an int of 32 bits holds.
const maxSum = 1 << 30

// sum adds the bounds up, to enough at most.
func (r *run) sum(list []int32, enough int) int {
	s := 0
	for _, k := range list {
		switch leaf := r.leafOf[k]; {
		case leaf < 0:
			s += r.bound(k)
		case r.absent(leaf):
			continue
		default:
			s += r.block(leaf).Len()
		}
		if s >= enough {
			break
		}
	}
	return s
}

// ranked is an operand with its bound in the block at hand.
type ranked struct {
	bound int32
	id    int32
}
