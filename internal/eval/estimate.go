package eval

import (
	"math"

	"github.com/tagroar/tagroar/internal/expr"
)

// Estimates take the operands as independent: a member is in each with the
// probability |operand| ÷ |universe|, whatever the others say. That is wrong for
// tags that go together, as all textbook estimates are (P. G. Selinger et al.,
// "Access Path Selection in a Relational Database Management System", SIGMOD
// 1979), but only the plan's text and the order of equals depend on it: within
// a block, true upper bounds decide (bound.go).

// estimate is the expected cardinality of n, whose operands are in p already.
func (p *Program) estimate(n *node) float64 {
	all := float64(p.universe.Len())
	if all == 0 {
		return 0
	}
	share := func(i int32) float64 { return p.nodes[i].est / all }
	switch n.op {
	case expr.And:
		s := 1.0
		for _, k := range n.pos {
			s *= share(k)
		}
		for _, k := range n.neg {
			s *= 1 - share(k)
		}
		return s * all
	case expr.Or:
		none := 1.0
		for _, k := range n.pos {
			none *= 1 - share(k)
		}
		return (1 - none) * all
	case expr.Xor:
		odd := 0.0
		for _, k := range n.pos {
			s := share(k)
			odd += s - 2*odd*s
		}
		return odd * all
	}
	return p.between(n, share) * all
}

// maxExact bounds the work of an exact count distribution: operands × bound.
const maxExact = 1 << 16

// between is the probability that between lo and hi operands have a member:
// exactly, by adding one operand after the other to the distribution, or for
// very many operands by the normal distribution with the same mean and variance.
func (p *Program) between(n *node, share func(int32) float64) float64 {
	size := len(n.pos)
	lo, hi := max(n.lo, 0), min(n.hi, size)
	if lo > hi {
		return 0
	}
	if size*(hi+1) > maxExact {
		mean, variance := 0.0, 0.0
		for _, k := range n.pos {
			s := share(k)
			mean += s
			variance += s * (1 - s)
		}
		below := func(x float64) float64 { return math.Erfc((mean-x)/math.Sqrt(2*variance+1e-9)) / 2 }
		return below(float64(hi)+0.5) - below(float64(lo)-0.5)
	}
	chance := make([]float64, hi+2) // by number of operands; more than hi: lost
	chance[0] = 1
	for i, k := range n.pos {
		s := share(k)
		for c := min(i, hi) + 1; c > 0; c-- {
			chance[c] = chance[c]*(1-s) + chance[c-1]*s
		}
		chance[0] *= 1 - s
	}
	sum := 0.0
	for _, c := range chance[lo : hi+1] {
		sum += c
	}
	return sum
}
