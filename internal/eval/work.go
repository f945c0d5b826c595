package eval

import (
	"math"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/expr"
)

// How much there is to do, in nanoseconds, before anything is evaluated: what tells
// whether a call is worth sharing (split.go). It is made of the estimates of
// estimate.go and of cardinalities alone, so that compiling costs no look at any
// directory. The question is decided by factors of ten and more, and a call that is
// wrongly shared loses some microseconds, so it need not be right by more than a
// factor of two or three.

const (
	costOperand = 250 // one operand in bits, in one block, out of the third cache
	costMember  = 1.5 // one member of an operand in an array
	costValue   = 0.2 // comparing one value of a column
	costCounted = 3   // counting operands, in times of combining them
	costTerm    = 150 // one term of a score, in one block
	costSorted  = 12  // one member by one key
)

// work is what evaluating the program, block by block, takes.
func (p *Program) work() float64 { return p.rootNode().work }

// workTo is what it takes to find so many members.
func (p *Program) workTo(enough int64) float64 {
	n := p.rootNode()
	if float64(enough) < n.est {
		return n.work * float64(enough) / n.est
	}
	return n.work
}

// topWork is what finding the first k of an order takes: hardly ever less than a
// look at the terms' blocks, or at the members' values.
func (p *Program) topWork(o *Order) float64 {
	n := p.rootNode()
	work := n.work
	if o.first().Kind == ByColumn {
		return work + n.est*costValue
	}
	for _, t := range o.Terms {
		members := t.Set.Len()
		if t.Where != nil {
			members = t.Where.Candidates().Len()
		}
		work += min(p.leafWork(members), n.est*costProbe) + min(n.est, float64(p.blocks))*costTerm
	}
	return work
}

// wholeWork is what putting all members in order takes.
func (p *Program) wholeWork(o *Order) float64 {
	work := p.topWork(o)
	return work + p.rootNode().est*costSorted*float64(max(len(o.Keys), 1))
}

// leafWork is what an operand with so many members adds to a combination.
func (p *Program) leafWork(members int) float64 {
	return min(float64(min(members, p.blocks))*costOperand, float64(members)*costMember)
}

// workOf is what evaluating n takes, whose operands are in p already and in their
// order.
func (p *Program) workOf(n *node) float64 {
	sum := 0.0
	for _, list := range [2][]int32{n.pos, n.neg} {
		for _, k := range list {
			sum += p.nodes[k].work
		}
	}
	switch {
	case n.op == expr.Count:
		return sum * costCounted
	case n.op == expr.And && len(n.pos) > 0:
		return min(sum, p.narrowWork(n))
	}
	return sum
}

// narrowWork is what it takes to find the members of the intersection n by asking all
// operands, one after the other, about the members that are left of the first.
func (p *Program) narrowWork(n *node) float64 {
	first := &p.nodes[n.pos[0]]
	if first.est > float64(bitmap.MaxArray*p.blocks) {
		return math.MaxFloat64 // there are too many in a block
	}
	work, left, universe := 0.0, first.est, float64(max(p.universe.Len(), 1))
	if first.leaf < 0 {
		work = first.work
	}
	for pass := range 2 { // leaves come before operators
		for i, list := range [2][]int32{n.pos[1:], n.neg} {
			for _, k := range list {
				x := &p.nodes[k]
				if (x.leaf >= 0) != (pass == 0) {
					continue
				}
				work += min(x.work, left*costMember*float64(x.size))
				if share := x.est / universe; i == 0 {
					left *= share
				} else {
					left *= 1 - share
				}
			}
		}
	}
	return work
}
