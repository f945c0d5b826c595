package expr

// counts turns a count of operands into a plainer operator where it is one.
// Of n operands: 0..n is everyone; k > n and Hi < Lo are nobody; 1..n is ∪;
// n..n is ∩; 1..1 of two is ⊕; and 0..k with k < n is the complement of k+1..n,
// so that what is left to count always asks for at least two of three
// or for an upper bound.
//
// Safe because the number of operands that a member is in lies in 0..n.
func counts(f *forest, n *Node) (*Node, bool) {
	if n.Op != Count {
		return n, false
	}
	size := len(n.Pos)
	lo, hi := max(n.Lo, 0), min(n.Hi, size)
	switch {
	case lo > hi:
		return f.leaf(Empty, 0), true
	case lo == 0 && hi == size:
		return f.leaf(All, 0), true
	case lo == 0:
		return f.not(f.normal(&Node{Op: Count, Pos: n.Pos, Lo: hi + 1, Hi: size})), true
	case lo == size:
		return &Node{Op: And, Pos: n.Pos}, true
	case lo == 1 && hi == size:
		return &Node{Op: Or, Pos: n.Pos}, true
	case lo == 1 && hi == 1 && size == 2:
		return &Node{Op: Xor, Pos: n.Pos}, true
	case lo != n.Lo || hi != n.Hi:
		n.Lo, n.Hi = lo, hi
		return n, true
	}
	return n, false
}
