package expr

// collapse replaces an operator by its only operand: the intersection, union or
// symmetric difference of one set is that set, and of none at all it is the
// universe (see constants), the empty set and the empty set.
//
// Safe by definition of the operators.
func collapse(f *forest, n *Node) (*Node, bool) {
	switch {
	case n.Op != And && n.Op != Or && n.Op != Xor || len(n.Neg) > 0:
		return n, false
	case len(n.Pos) == 1:
		return n.Pos[0], true
	case len(n.Pos) == 0 && n.Op != And:
		return f.leaf(Empty, 0), true
	}
	return n, false
}
