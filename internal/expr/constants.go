package expr

import "slices"

// constants folds the empty set and the universe: A∩∅ = ∅, A∩U = A, A∪∅ = A,
// A∪U = U, A∖∅ = A, A∖U = ∅, A⊕∅ = A, A⊕U = U∖A; among counted operands ∅ never
// counts and U always does.
//
// Safe because every set lies between ∅ and U (invariant I3).
func constants(f *forest, n *Node) (*Node, bool) {
	switch n.Op {
	case And:
		return constantAnd(f, n)
	case Or:
		if has(n.Pos, All) {
			return f.leaf(All, 0), true
		}
		return n, drop(&n.Pos, Empty) > 0
	case Xor:
		empties, alls := drop(&n.Pos, Empty), drop(&n.Pos, All)
		if alls%2 == 1 {
			return f.not(f.normal(n)), true
		}
		return n, empties+alls > 0
	case Count:
		empties, alls := drop(&n.Pos, Empty), drop(&n.Pos, All)
		n.Lo -= alls
		n.Hi -= alls
		return n, empties+alls > 0
	}
	return n, false
}

func constantAnd(f *forest, n *Node) (*Node, bool) {
	if has(n.Pos, Empty) || has(n.Neg, All) {
		return f.leaf(Empty, 0), true
	}
	changed := drop(&n.Neg, Empty) > 0
	switch alls := drop(&n.Pos, All); {
	case len(n.Pos) > 0:
		changed = changed || alls > 0
	default: // nothing but the universe: it stands for the empty intersection
		n.Pos = append(n.Pos, f.leaf(All, 0))
		changed = changed || alls != 1
	}
	return n, changed
}

func has(list []*Node, op Op) bool {
	return slices.ContainsFunc(list, func(n *Node) bool { return n.Op == op })
}

// drop removes the operands that have operator op and returns their number.
func drop(list *[]*Node, op Op) int {
	before := len(*list)
	if !has(*list, op) {
		return 0
	}
	*list = slices.DeleteFunc(*list, func(n *Node) bool { return n.Op == op })
	return before - len(*list)
}
