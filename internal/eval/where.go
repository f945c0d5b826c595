package eval

import (
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/expr"
)

// A condition on values is a leaf of the expression, but has no set that could
// be looked at: package column makes the members of a block when asked. So it
// goes where operators go. Its candidates are the members that have a value, a
// set like any other, by which the walk skips blocks; its bound comes from the
// column's zone maps, so that blocks out of range are never looked into; and
// asked about a few members it reads their values, not the block's.

// where appends the condition n and returns its index.
func (c *compiler) where(n *expr.Node) int32 {
	k := leafKey{op: n.Op, id: n.ID}
	if i, ok := c.find(fewNode{leaf: k}); ok {
		if c.share {
			c.shareNode(i)
			return i
		}
	}
	p := c.src.Predicate(n.ID)
	m := node{op: n.Op, leaf: -1, memo: -1, shared: 1, size: 1, where: p}
	m.within = c.set(p.Candidates())
	m.name = c.src.Name(n.Op, n.ID)
	m.est = p.Estimate()
	m.work = float64(p.Candidates().Len()) * costValue
	i := c.push(m)
	c.remember(fewNode{leaf: k, at: i})
	return i
}

// where is the members of the condition n in the block at hand.
func (r *run) where(n *node) value {
	m := r.mark()
	w := r.bits()
	b := n.where.Block(uint16(r.num), w)
	if b.Form() != bitmap.Bits || b.Words() != w {
		r.release(m)
	}
	return value{b, b.Len()}
}
