package expr

import "slices"

// complement moves NOT out of operands and down to a difference:
// A∖(U∖B) = A∩B (double negation is A = U), A∪(U∖B) = U∖(B∖A),
// A⊕(U∖B) = U∖(A⊕B). That A∩(U∖B) = A∖B follows from flatten and constants.
// So a complement is only ever built once, at the top of what needs it.
//
// Safe because complement is relative to a universe that contains every set.
func complement(f *forest, n *Node) (*Node, bool) {
	switch n.Op {
	case And:
		return n, complementNeg(f, n)
	case Or:
		return complementOr(f, n)
	case Xor:
		return complementXor(f, n)
	}
	return n, false
}

func complementNeg(f *forest, n *Node) bool {
	if !slices.ContainsFunc(n.Neg, isNot) {
		return false
	}
	neg := make([]*Node, 0, len(n.Neg))
	pos := slices.Clone(n.Pos)
	for _, k := range n.Neg {
		if isNot(k) {
			pos = append(pos, f.or(k.Neg))
		} else {
			neg = append(neg, k)
		}
	}
	n.Pos, n.Neg = pos, neg
	return true
}

// complementOr: (U∖B)∪(U∖C)∪A = U∖((B∩C)∖A), B and C being unions themselves.
func complementOr(f *forest, n *Node) (*Node, bool) {
	if !slices.ContainsFunc(n.Pos, isNot) {
		return n, false
	}
	inner := &Node{Op: And}
	for _, k := range n.Pos {
		if isNot(k) {
			inner.Pos = append(inner.Pos, f.or(k.Neg))
		} else {
			inner.Neg = append(inner.Neg, k)
		}
	}
	return f.not(f.normal(inner)), true
}

func complementXor(f *forest, n *Node) (*Node, bool) {
	flips := 0
	for i, k := range n.Pos {
		if isNot(k) {
			n.Pos[i] = f.or(k.Neg)
			flips++
		}
	}
	if flips%2 == 1 {
		return f.not(f.normal(n)), true
	}
	return n, flips > 0
}
