package expr

import "slices"

// repeats removes operands that occur again: A∩A = A, A∪A = A, A⊕A = ∅ and
// A∖A = ∅. Operands of Count stay, since a repeated one counts each time.
//
// Safe because equal subtrees are one node, so equal pointers are equal sets.
func repeats(f *forest, n *Node) (*Node, bool) {
	switch n.Op {
	case And:
		pos, neg := f.distinct(&n.Pos), f.distinct(&n.Neg)
		if len(n.Neg) > 0 {
			f.mark(n.Pos)
			if f.anyMarked(n.Neg) {
				return f.leaf(Empty, 0), true
			}
		}
		return n, pos || neg
	case Or:
		return n, f.distinct(&n.Pos)
	case Xor:
		return n, f.cancel(&n.Pos)
	}
	return n, false
}

// distinct keeps the first of equal operands.
func (f *forest) distinct(list *[]*Node) bool {
	if len(*list) < 2 {
		return false
	}
	f.mark(nil)
	before := len(*list)
	*list = slices.DeleteFunc(*list, func(k *Node) bool {
		if f.marked(k) {
			return true
		}
		f.marks[k.class] = f.round
		return false
	})
	return len(*list) < before
}

// cancel removes equal operands in pairs.
func (f *forest) cancel(list *[]*Node) bool {
	sorted := slices.Clone(*list)
	slices.SortFunc(sorted, func(a, b *Node) int { return int(a.class) - int(b.class) })
	out := sorted[:0]
	for _, k := range sorted {
		if m := len(out); m > 0 && out[m-1] == k {
			out = out[:m-1]
		} else {
			out = append(out, k)
		}
	}
	if len(out) == len(*list) {
		return false
	}
	*list = out
	return true
}
