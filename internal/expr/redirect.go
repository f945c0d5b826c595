package expr

// Redirect returns f, which must be valid, in canonical form with tag into
// wherever it speaks of tag from.
func (f *Formula) Redirect(from, into uint32) *Formula {
	made := make(map[*Node]*Node)
	list := func(list []*Node) []*Node {
		out := make([]*Node, len(list))
		for i, k := range list {
			out[i] = made[k]
		}
		return out
	}
	for n := range f.Root.distinct() { // operands first
		m := &Node{Op: n.Op, ID: n.ID, Lo: n.Lo, Hi: n.Hi, Pos: list(n.Pos), Neg: list(n.Neg)}
		if (n.Op == Tag || n.Op == Only) && n.ID == from {
			m.ID = into
		}
		made[n] = m
	}
	g := &Formula{Root: made[f.Root], Where: make([]Condition, len(f.Where))}
	for i, c := range f.Where {
		if c.Attr == "" && c.Tag == from {
			c.Tag = into
		}
		g.Where[i] = c
	}
	return g.Canonical()
}
