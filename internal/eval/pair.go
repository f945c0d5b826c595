package eval

import (
	"context"

	"github.com/tagroar/tagroar/internal/expr"
)

// Two leaves are counted straight from their blocks, with no scratch and no
// ranking: |A∩B| has a loop for every pair of forms, and the rest follows,
// |A∖B| = |A|−|A∩B|, |A∪B| = |A|+|B|−|A∩B|, |A⊕B| = |A|+|B|−2|A∩B|.

// pairing says how the count of two leaves follows from that of their
// intersection: |A| and |B|, each if it is asked for, plus times |A∩B|.
type pairing struct {
	a, b     int32 // leaves
	addA     bool
	addB     bool
	times    int
	notation string
}

// pair is the program's two leaves, if it is no more than those.
func (p *Program) pair() (pairing, bool) {
	n := p.rootNode()
	leaf := func(i int32) int32 { return p.nodes[i].leaf }
	switch {
	case p.options.NoPair || n.leaf >= 0 || len(n.pos)+len(n.neg) != 2 || len(n.pos) == 0:
		return pairing{}, false
	case n.op == expr.And && len(n.neg) == 1:
		x := pairing{leaf(n.pos[0]), leaf(n.neg[0]), true, false, -1, "|A|−|A∩B|"}
		return x, x.a >= 0 && x.b >= 0
	}
	x := pairing{a: leaf(n.pos[0]), b: leaf(n.pos[1])}
	switch n.op {
	case expr.And:
		x.times, x.notation = 1, "|A∩B|"
	case expr.Or:
		x.addA, x.addB, x.times, x.notation = true, true, -1, "|A|+|B|−|A∩B|"
	case expr.Xor:
		x.addA, x.addB, x.times, x.notation = true, true, -2, "|A|+|B|−2|A∩B|"
	default:
		return pairing{}, false
	}
	return x, x.a >= 0 && x.b >= 0
}

// direct counts a leaf or a pair of leaves; false: it is neither.
func (p *Program) direct(ctx context.Context) (int, bool, error) {
	if n := p.rootNode(); n.leaf >= 0 {
		return p.leaves[n.leaf].Len(), true, nil
	}
	x, ok := p.pair()
	if !ok {
		return 0, false, nil
	}
	a, b := &p.leaves[x.a], &p.leaves[x.b]
	n := 0
	if x.addA {
		n += a.Len()
	}
	if x.addB {
		n += b.Len()
	}
	both := 0
	switch {
	case x.a == everyone:
		both = b.Len() // every set is within the universe
	case x.b == everyone:
		both = a.Len()
	default:
		var err error
		if both, err = p.both(ctx, x.a, x.b); err != nil {
			return 0, true, err
		}
	}
	return n + x.times*both, true, nil
}

// both is how many members two leaves share.
func (p *Program) both(ctx context.Context, a, b int32) (int, error) {
	if n := p.workers(p.work()); n > 1 {
		return p.pairShared(ctx, n, a, b)
	}
	return p.leaves[a].AndLenWhile(p.leaves[b], ctx.Err)
}
