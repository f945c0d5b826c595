package eval

import "github.com/tagroar/tagroar/internal/expr"

// eval is the members of node i in the block at hand.
func (r *run) eval(i int32) value {
	n := &r.p.nodes[i]
	if n.leaf >= 0 {
		return stored(r.block(n.leaf))
	}
	if n.memo < 0 {
		return r.compute(i, false)
	}
	k := &r.memos[n.memo]
	if k.at == r.num+1 {
		return k.v
	}
	m := r.mark()
	return r.remember(k, m, r.compute(i, false))
}

// operand is eval for an operand that may have no member here: an operator is
// not evaluated if its bound says so.
func (r *run) operand(i int32) value {
	if leaf := r.p.nodes[i].leaf; leaf >= 0 {
		b := r.block(leaf)
		return value{b, b.Len()}
	}
	if r.bound(i) == 0 {
		return value{}
	}
	return r.eval(i)
}

// count is the number of members of node i in the block at hand.
func (r *run) count(i int32) int {
	n := &r.p.nodes[i]
	if n.leaf >= 0 {
		return r.block(n.leaf).Len()
	}
	m := r.mark()
	v := r.counted(r.compute(i, true))
	r.release(m)
	return v.n
}

// compute evaluates the operator i. If count is set the caller wants no more
// than the cardinality and may get a value without a block.
func (r *run) compute(i int32, count bool) value {
	if r.trace != nil {
		return r.trace.compute(r, i, count)
	}
	return r.operate(&r.p.nodes[i], count)
}

func (r *run) operate(n *node, count bool) value {
	switch n.op {
	case expr.Where:
		return r.where(n)
	case expr.And:
		return r.intersect(n.pos, n.neg, count)
	case expr.Or:
		return r.unite(n.pos, count)
	case expr.Xor:
		return r.differ(n.pos, count)
	}
	return r.between(n, count)
}
