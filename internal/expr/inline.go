package expr

// Inlining puts the trees of composite tags in the place of the leaves that
// name them, down to plain tags, so that an expression of composites is
// evaluated as one tree: what they have in common is found and done once, and no
// composite's set has to be built on the way. A composite that is met again is
// the same Node, so a diamond stays one. Conditions are renumbered into one
// list, in which equal ones are one.

// Inline returns f with every Tag leaf for whose id formula gives a Formula
// replaced by the tree of that, and so on. The formulas must be valid, and must
// not go in circles or deeper than MaxDepth together. Where f itself is so deep
// that a tree would take it past MaxDepth, the leaf stays.
func Inline(f *Formula, formula func(tag uint32) *Formula) *Formula {
	in := inliner{formula: formula, out: new(Formula)}
	in.out.Root = in.tree(f).root
	return in.out
}

type inliner struct {
	formula func(uint32) *Formula
	out     *Formula
	made    map[uint32]inlined // by tag
	where   map[string]uint32  // in out, by the condition's wire form
}

// inlined is what a formula or a node came to: a tree, with its levels.
type inlined struct {
	root   *Node
	levels int
}

func (in *inliner) tree(f *Formula) inlined {
	c := copier{inliner: in, ids: make([]uint32, len(f.Where)), made: make(map[*Node]inlined)}
	c.levels, _ = height(f.Root, 1, map[*Node]int{})
	for i := range f.Where {
		c.ids[i] = in.condition(&f.Where[i])
	}
	return c.copy(f.Root)
}

// tag returns the tree of the composite tag id; false if it is none.
func (in *inliner) tag(id uint32) (inlined, bool) {
	if x, ok := in.made[id]; ok {
		return x, true
	}
	f := in.formula(id)
	if f == nil {
		return inlined{}, false
	}
	x := in.tree(f)
	if in.made == nil {
		in.made = make(map[uint32]inlined)
	}
	in.made[id] = x
	return x, true
}

// condition returns the number of c among those of the result.
func (in *inliner) condition(c *Condition) uint32 {
	key := string(appendCondition(nil, c))
	id, ok := in.where[key]
	if !ok {
		id = uint32(len(in.out.Where))
		in.out.Where = append(in.out.Where, *c)
		if in.where == nil {
			in.where = make(map[string]uint32)
		}
		in.where[key] = id
	}
	return id
}

// copier copies the tree of one formula.
type copier struct {
	*inliner
	levels int      // of the tree as it is
	ids    []uint32 // of its conditions in the result
	made   map[*Node]inlined
}

func (c *copier) copy(n *Node) inlined {
	if x, ok := c.made[n]; ok {
		return x
	}
	x := c.fresh(n)
	c.made[n] = x
	return x
}

func (c *copier) fresh(n *Node) inlined {
	switch {
	case n.Op == Tag:
		if x, ok := c.tag(n.ID); ok && x.levels+c.levels-1 <= MaxDepth {
			return x
		}
		return inlined{n, 1}
	case n.Op == Where:
		return inlined{&Node{Op: Where, ID: c.ids[n.ID]}, 1}
	case n.IsLeaf():
		return inlined{n, 1}
	}
	x := inlined{root: &Node{Op: n.Op, Lo: n.Lo, Hi: n.Hi}}
	x.root.Pos, x.levels = c.list(n.Pos, 0)
	x.root.Neg, x.levels = c.list(n.Neg, x.levels)
	x.levels++
	return x
}

// list copies operands and returns the largest of levels and theirs.
func (c *copier) list(list []*Node, levels int) ([]*Node, int) {
	if len(list) == 0 {
		return nil, levels
	}
	out := make([]*Node, len(list))
	for i, k := range list {
		x := c.copy(k)
		out[i], levels = x.root, max(levels, x.levels)
	}
	return out, levels
}
