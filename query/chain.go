package query

import "github.com/tagroar/tagroar/internal/expr"

// A chain of ∪, ∖ and ⊕ is evaluated from the left, so the natural bound tree
// of a mixed chain of n operators is n deep. Neighbours with one join become
// one n-ary node; what is still long after that is folded as a balanced tree
// instead. Each step is, member by member, a function of what came before it:
//
//	x → (x ∖ cut) ⊕ add
//
// with cut = add = b for ∪ b, cut = b for ∖ b, and add = b for ⊕ b. Two such
// functions compose to a third:
//
//	cut = cut₁ ∪ cut₂    add = (add₁ ∖ cut₂) ⊕ add₂
//
// and composing halves gives a graph of logarithmic depth whose nodes are
// linear in the chain, because cut₂ is shared, not copied.

// maxNest is how many steps are nested as they stand: that is the smallest
// tree, and what people write.
const maxNest = 8

// chainStep is a run of operands with one join.
type chainStep struct {
	join     op
	operands []*expr.Node
}

// chain binds a chain; it owns kids.
func (b *binder) chain(kids []*expr.Node, joins []op) *expr.Node {
	if uniform(joins) {
		if joins[0] == joinMinus {
			return b.and(kids[:1:1], kids[1:])
		}
		if joins[0] == joinOr {
			return b.or(kids)
		}
		return b.node(expr.Node{Op: chainOp(joins[0]), Pos: kids})
	}
	steps := stepsOf(kids[1:], joins)
	if len(steps) <= maxNest {
		return nest(kids[0], steps)
	}
	return composeSteps(steps).apply(kids[0])
}

// stepsOf makes runs of the operands behind the first, each with its join.
func stepsOf(operands []*expr.Node, joins []op) (steps []chainStep) {
	for i := 0; i < len(joins); {
		j := i
		for j < len(joins) && joins[j] == joins[i] {
			j++
		}
		steps = append(steps, chainStep{joins[i], operands[i:j]})
		i = j
	}
	return steps
}

func uniform(joins []op) bool {
	for _, j := range joins {
		if j != joins[0] {
			return false
		}
	}
	return true
}

func chainOp(join op) expr.Op {
	if join == joinXor {
		return expr.Xor
	}
	return expr.Or
}

func nest(x *expr.Node, steps []chainStep) *expr.Node {
	for _, s := range steps {
		if s.join == joinMinus {
			x = &expr.Node{Op: expr.And, Pos: []*expr.Node{x}, Neg: s.operands}
			continue
		}
		pos := make([]*expr.Node, 0, 1+len(s.operands))
		x = &expr.Node{Op: chainOp(s.join), Pos: append(append(pos, x), s.operands...)}
	}
	return x
}

// stepFunc is x → (x ∖ cut) ⊕ add; a nil operand is the empty set.
type stepFunc struct {
	cut, add *expr.Node
	within   bool // add ⊆ cut, so that ⊕ is ∪, the cheaper of the two
}

func (f stepFunc) apply(x *expr.Node) *expr.Node {
	return plus(minus(x, f.cut), f.add, f.within)
}

func composeSteps(steps []chainStep) stepFunc {
	if len(steps) == 1 {
		s := steps[0]
		b := gather(chainOp(s.join), s.operands)
		switch s.join {
		case joinOr:
			return stepFunc{b, b, true}
		case joinMinus:
			return stepFunc{b, nil, true}
		}
		return stepFunc{nil, b, false}
	}
	f, g := composeSteps(steps[:len(steps)/2]), composeSteps(steps[len(steps)/2:])
	return stepFunc{
		cut:    plus(f.cut, g.cut, true),
		add:    plus(minus(f.add, g.cut), g.add, g.within),
		within: f.within && g.within,
	}
}

func gather(o expr.Op, operands []*expr.Node) *expr.Node {
	if len(operands) == 1 {
		return operands[0]
	}
	return &expr.Node{Op: o, Pos: operands}
}

// plus returns a ∪ b, or a ⊕ b where they may overlap and must not count twice.
func plus(a, b *expr.Node, union bool) *expr.Node {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case union:
		return &expr.Node{Op: expr.Or, Pos: []*expr.Node{a, b}}
	}
	return &expr.Node{Op: expr.Xor, Pos: []*expr.Node{a, b}}
}

func minus(a, b *expr.Node) *expr.Node {
	if a == nil || b == nil {
		return a
	}
	return &expr.Node{Op: expr.And, Pos: []*expr.Node{a}, Neg: []*expr.Node{b}}
}
