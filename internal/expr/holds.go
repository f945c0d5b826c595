package expr

// Holds reports whether a member is in the tree n, which [Check] must have
// accepted. Leaf tells whether it is in a Tag, Only or Where; a leaf is asked once
// each time that it stands in the graph, and only where it matters.
func Holds(n *Node, leaf func(*Node) bool) bool {
	h := holder{leaf: leaf}
	return h.holds(n)
}

type holder struct {
	leaf  func(*Node) bool
	known map[*Node]bool
}

func (h *holder) holds(n *Node) bool {
	switch n.Op {
	case Empty:
		return false
	case All:
		return true
	case Tag, Only, Where:
		return h.leaf(n)
	}
	in, ok := h.known[n]
	if !ok {
		in = h.decide(n)
		if h.known == nil {
			h.known = make(map[*Node]bool)
		}
		h.known[n] = in
	}
	return in
}

func (h *holder) decide(n *Node) bool {
	count := 0
	for _, k := range n.Pos {
		switch in := h.holds(k); {
		case in && n.Op == Or:
			return true
		case in:
			count++
		case n.Op == And:
			return false
		}
	}
	switch n.Op {
	case And:
		for _, k := range n.Neg {
			if h.holds(k) {
				return false
			}
		}
		return true
	case Xor:
		return count%2 == 1
	case Count:
		return n.Lo <= count && count <= n.Hi
	}
	return false
}
