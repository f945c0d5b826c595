package expr

// flatten merges an operand that has its parent's operator into the parent:
// A∩(B∩C∖D) = A∩B∩C∖D, A∪(B∪C) = A∪B∪C, A⊕(B⊕C) = A⊕B⊕C, and what is taken
// away as a union is taken away piece by piece: A∖(B∪C) = A∖B∖C.
//
// Safe because ∩, ∪ and ⊕ are associative, and by De Morgan for the last.
func flatten(f *forest, n *Node) (*Node, bool) {
	switch n.Op {
	case And:
		return n, spliceAnd(n) || spliceNeg(n)
	case Or, Xor:
		pos, ok := splice(n.Op, n.Pos)
		n.Pos = pos
		return n, ok
	}
	return n, false
}

// splice replaces the operands that have operator op by their operands.
func splice(op Op, list []*Node) ([]*Node, bool) {
	size, found := 0, false
	for _, k := range list {
		if k.Op == op {
			size += len(k.Pos)
			found = true
		} else {
			size++
		}
	}
	if !found {
		return list, false
	}
	out := make([]*Node, 0, size)
	for _, k := range list {
		if k.Op == op {
			out = append(out, k.Pos...)
		} else {
			out = append(out, k)
		}
	}
	return out, true
}

func spliceAnd(n *Node) bool {
	neg := n.Neg
	for _, k := range n.Pos {
		if k.Op == And {
			neg = append(neg[:len(neg):len(neg)], k.Neg...)
		}
	}
	pos, ok := splice(And, n.Pos)
	n.Pos, n.Neg = pos, neg
	return ok
}

func spliceNeg(n *Node) bool {
	neg, ok := splice(Or, n.Neg)
	n.Neg = neg
	return ok
}
