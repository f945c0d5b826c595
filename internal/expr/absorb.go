package expr

import "slices"

// absorb drops an operand that a sibling makes redundant:
// A∩(A∪B) = A, A∪(A∩B∖C) = A, A∖B∖(B∩C) = A∖B.
//
// Safe because A ⊆ A∪B and A∩B∖C ⊆ A: the larger of two nested sets adds
// nothing to an intersection, the smaller adds nothing to a union.
func absorb(f *forest, n *Node) (*Node, bool) {
	switch n.Op {
	case And:
		pos := f.absorbed(&n.Pos, Or)
		neg := f.absorbed(&n.Neg, And)
		return n, pos || neg
	case Or:
		return n, f.absorbed(&n.Pos, And)
	}
	return n, false
}

// absorbed removes the operands with operator op one of whose own positive
// operands stands beside them in list.
func (f *forest) absorbed(list *[]*Node, op Op) bool {
	if len(*list) < 2 || !has(*list, op) {
		return false
	}
	f.mark(*list)
	before := len(*list)
	*list = slices.DeleteFunc(*list, func(k *Node) bool { return k.Op == op && f.anyMarked(k.Pos) })
	return len(*list) < before
}
