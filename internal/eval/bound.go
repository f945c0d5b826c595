package eval

import (
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/expr"
)

// block is the block of a leaf at hand, empty if it has none.
func (r *run) block(leaf int32) bitmap.Block {
	s := &r.sets[leaf]
	if s.at != r.num+1 {
		s.align(r.num)
	}
	return s.here
}

// align makes block num the block at hand.
func (s *leafState) align(num uint32) {
	if s.num < num {
		s.seek(num)
	}
	s.at, s.here = num+1, bitmap.Block{}
	if s.num == num {
		s.here = s.block
	}
}

// bound is an upper bound of the members of node i in the block at hand: of a
// leaf its cardinality, of a condition what its column's bounds tell, of an intersection the least of the operands, of a
// union their sum, and of a count their sum divided by how often each member
// has to occur in it.
func (r *run) bound(i int32) int {
	n := &r.p.nodes[i]
	if n.leaf >= 0 {
		return r.block(n.leaf).Len()
	}
	s := &r.inner[i]
	if s.at == r.num+1 {
		return int(s.bound)
	}
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
		if leaf := r.p.nodes[k].leaf; leaf >= 0 {
			s += r.block(leaf).Len()
		} else {
			s += r.bound(k)
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
