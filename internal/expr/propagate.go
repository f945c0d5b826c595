package expr

import "slices"

// propagate tells an operand what its siblings already decide. Within an
// intersection a member is in every positive and in no negative operand:
// A∖(A∩B) = A∖B, A∖(B∖A) = A, (A∩(B∪C))∖B = (A∩C)∖B. Within a union only those
// members matter that no sibling has: A∪(B∖A) = A∪B.
//
// Safe because an operand is only asked about members for which the sibling's
// answer is that constant.
func propagate(f *forest, n *Node) (*Node, bool) {
	switch n.Op {
	case And:
		return n, propagatePos(f, n) || propagateNeg(f, n)
	case Or:
		return n, propagateOr(f, n)
	}
	return n, false
}

// propagatePos takes out of unions in Pos what n takes away.
func propagatePos(f *forest, n *Node) bool {
	if len(n.Neg) == 0 || !has(n.Pos, Or) {
		return false
	}
	f.mark(n.Neg)
	return f.replace(&n.Pos, func(k *Node) *Node {
		if k.Op != Or || !f.anyMarked(k.Pos) {
			return nil
		}
		return &Node{Op: Or, Pos: f.unmarked(k.Pos)}
	})
}

// propagateNeg takes out of intersections in Neg what n asks for anyway.
func propagateNeg(f *forest, n *Node) bool {
	if !has(n.Neg, And) {
		return false
	}
	f.mark(n.Pos)
	return f.replace(&n.Neg, func(k *Node) *Node {
		switch {
		case k.Op != And:
			return nil
		case f.anyMarked(k.Neg): // disjoint from n
			return &Node{Op: Or}
		case !isNot(k) && f.anyMarked(k.Pos):
			return &Node{Op: And, Pos: f.unmarked(k.Pos), Neg: slices.Clone(k.Neg)}
		}
		return nil
	})
}

// propagateOr takes out of the Neg of an operand what a sibling has. Several
// operands may change at once: none contains itself, so it is as if those that
// contain others had changed first.
func propagateOr(f *forest, n *Node) bool {
	if !has(n.Pos, And) {
		return false
	}
	f.mark(n.Pos)
	return f.replace(&n.Pos, func(k *Node) *Node {
		if k.Op != And || !f.anyMarked(k.Neg) {
			return nil
		}
		return &Node{Op: And, Pos: slices.Clone(k.Pos), Neg: f.unmarked(k.Neg)}
	})
}

// replace puts the normal form of draft(k) in the place of each operand k for
// which there is one. All drafts are asked for before the first is normalised,
// because that forgets the marks they are made by.
func (f *forest) replace(list *[]*Node, draft func(k *Node) *Node) bool {
	var out []*Node
	for i, k := range *list {
		d := draft(k)
		if d == nil {
			continue
		}
		if out == nil {
			out = slices.Clone(*list)
		}
		out[i] = d
	}
	if out == nil {
		return false
	}
	for i, k := range out {
		if k.class == 0 {
			out[i] = f.normal(k)
		}
	}
	*list = out
	return true
}

// unmarked is a new list of the operands that are not marked.
func (f *forest) unmarked(list []*Node) []*Node {
	return slices.DeleteFunc(slices.Clone(list), f.marked)
}
