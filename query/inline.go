package query

import (
	"slices"
	"strings"

	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/tagset"
)

// Where a query names a composite tag, the plan has the composite's expression,
// down to tags that have members of their own: its leaves are pinned with those of
// the query, its comparisons fuse with those beside them, and what both have in
// common is evaluated once. So a composite costs what its expression spelled out
// would, and no set of it is built. One that is met again is the same node: a
// composite of composites of composites, each used twice, is a graph of as many
// nodes as the definitions have, not a tree of their power.
//
// Inlining never fails. What would make the tree too deep or too wide, and what a
// source does not tell the expression of, is a leaf with the set that the source
// gives, as any other tag is. Ages in a composite are told in UTC, whatever the
// zone of the query: a composite has the same members in every query.

const (
	// inlineLevels is how many levels composites may add to a query. It leaves
	// most of [expr.MaxDepth] to the query itself, and is far above what people
	// build on each other.
	inlineLevels = 500

	// inlineRoom is how many nodes composites may add to a query, as many as ten
	// queries of the default limit have. An operand that is flattened into its
	// parent counts once more wherever that is, which keeps what rewriting
	// flattens linear as well.
	inlineRoom = 100_000
)

// formulaSource is what a Source may have besides, as a *tagset.View does: the
// expressions of composite tags.
type formulaSource interface {
	Formula(name string) (*expr.Formula, bool)
	TagByID(id tagset.TagID) (tagset.Tag, bool)
}

// inlined is a tree made of a formula, or of a part of it.
type inlined struct {
	root   *expr.Node // nil: it is not inlined
	levels int        // of the tree
	wide   int        // operands of the root, once those of its kind are flattened into it
}

// composite is the tree of a composite tag, which is to stand so many levels
// below a leaf of the query; false: it is to be a leaf itself.
func (b *binder) composite(tag tagset.Tag, level int) (inlined, bool) {
	x, known := b.composites[tag.ID]
	if !known {
		before := len(b.out.inlined)
		x = b.inline(tag, level)
		if b.composites == nil {
			b.composites = make(map[tagset.TagID]inlined)
		}
		b.composites[tag.ID] = x
		if x.root != nil {
			b.out.inlined = slices.Insert(b.out.inlined, before, tag.Name) // before what it is made of
		}
	}
	if x.root == nil || level+x.levels > inlineLevels || b.room < x.wide {
		return x, false
	}
	b.room -= x.wide
	return x, true
}

func (b *binder) inline(tag tagset.Tag, level int) inlined {
	src, ok := b.src.(formulaSource)
	if !ok {
		return inlined{}
	}
	formula, ok := src.Formula(tag.Name)
	if !ok || level >= inlineLevels {
		return inlined{}
	}
	i := inliner{binder: b, src: src, formula: formula, made: make(map[*expr.Node]inlined)}
	x, ok := i.bind(formula.Root, level)
	if !ok {
		return inlined{}
	}
	return x
}

// inliner binds one formula.
type inliner struct {
	*binder
	src     formulaSource
	formula *expr.Formula
	made    map[*expr.Node]inlined // operators; a formula may share them
}

// bind recurses to the depth of the formula, and into other formulas.
func (i *inliner) bind(n *expr.Node, level int) (inlined, bool) {
	if i.room--; i.room < 0 {
		return inlined{}, false
	}
	if n.IsLeaf() {
		return i.leaf(n, level)
	}
	if x, ok := i.made[n]; ok {
		return x, true
	}
	x := inlined{wide: 0}
	kids := make([]*expr.Node, 0, len(n.Pos)+len(n.Neg))
	for k, list := range [2][]*expr.Node{n.Pos, n.Neg} {
		for _, kid := range list {
			y, ok := i.bind(kid, level+1)
			if !ok {
				return x, false
			}
			kids = append(kids, y.root)
			x.levels = max(x.levels, y.levels+1)
			if flat := n.Op; k == 1 && y.root.Op == expr.Or || k == 0 && y.root.Op == flat && flat != expr.Count {
				x.wide += y.wide
			} else {
				x.wide++
			}
		}
	}
	if i.room -= x.wide; i.room < 0 {
		return x, false
	}
	pos, neg := kids[:len(n.Pos):len(n.Pos)], kids[len(n.Pos):]
	switch n.Op {
	case expr.And:
		x.root = i.and(pos, neg)
	case expr.Or:
		x.root = i.or(pos)
	default:
		x.root = i.node(expr.Node{Op: n.Op, Pos: pos, Lo: n.Lo, Hi: n.Hi})
	}
	i.made[n] = x
	return x, true
}

// leaf binds a leaf. A composite in the place of a tag is inlined in its turn.
func (i *inliner) leaf(n *expr.Node, level int) (inlined, bool) {
	x := inlined{root: n, levels: 1, wide: 1}
	switch n.Op {
	case expr.Where:
		x.root = i.where(&i.formula.Where[n.ID])
		return x, x.root != nil
	case expr.Tag, expr.Only:
		tag, ok := i.src.TagByID(tagset.TagID(n.ID))
		if ok {
			_, ok = i.binder.src.Tag(tag.Name) // in a scoped view it may be hidden
		}
		if !ok {
			return x, false
		}
		if n.Op == expr.Tag && tag.Kind == tagset.Composite {
			if y, ok := i.composite(tag, level); ok {
				return y, true
			}
		}
		i.pinLate(tag, n.Op)
	}
	return x, true
}

// pinLate has the set of a tag fetched if the plan comes to need it: the tree that
// it is in may still be given up, and of a composite the set must be computed.
func (i *inliner) pinLate(tag tagset.Tag, op expr.Op) {
	key := leafKey{op, uint32(tag.ID)}
	if _, ok := i.out.leaves[key]; !ok {
		i.out.leaves[key] = leaf{name: tag.Name, late: true}
	}
}

// where binds a condition; nil: the source does not have what it is about.
func (i *inliner) where(c *expr.Condition) *expr.Node {
	column, key, ok := i.conditionColumn(c)
	if !ok {
		return nil
	}
	return i.binder.where(key, column.Where(c.At(i.now)...), func() string {
		n, ok := definitionOf(i.binder.src, i.src).condition(c)
		if !ok {
			return key[1:]
		}
		var text strings.Builder
		writeNode(&text, n)
		return text.String()
	}, len(c.Any) > 1)
}

// conditionColumn is the column that c compares, with the key of its subject.
func (i *inliner) conditionColumn(c *expr.Condition) (tagset.Column, string, bool) {
	if c.Attr != "" {
		column, ok := i.binder.src.Column(c.Attr)
		return column, "a" + c.Attr, ok
	}
	tag, ok := i.src.TagByID(tagset.TagID(c.Tag))
	times, keeps := i.binder.src.(timesSource)
	if !ok || !keeps {
		return tagset.Column{}, "", false
	}
	column, ok := times.Times(tag.Name)
	return column, "t" + tag.Name, ok
}
