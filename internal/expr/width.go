package expr

// Flattened is how many operands the operators of n have once those of one kind
// are merged into their parents, or a little more; it stops counting at limit. In
// a graph an operator that is wide is merged into each of its parents, so this,
// not the number of nodes, bounds what [Rewrite] takes.
func Flattened(n *Node, limit int) int {
	widths := make(map[*Node]int)
	total := 0
	for n := range n.distinct() {
		width := 0
		add := func(k *Node, merges bool) {
			if merges {
				width += widths[k]
			} else {
				width++
			}
		}
		for _, k := range n.Pos {
			add(k, n.Op == k.Op && n.Op != Count)
		}
		for _, k := range n.Neg {
			add(k, k.Op == Or)
		}
		widths[n] = max(width, 1)
		if total += width; total >= limit {
			return limit
		}
	}
	return total
}
