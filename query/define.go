package query

import (
	"math"
	"time"

	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/tagset"
)

// A definition is bound as a query is, names to ids and values to numbers, but to
// what outlives the version: no set is pinned, and ages stay ages, to be told when
// the composite is asked. Each comparison stays by itself and each operator stands
// where it was written, so that [Definition] finds them again.

// Define makes name a composite tag, whose members are always those of the
// expression; of one that is a composite already it changes the expression. The
// expression is a query without ORDER BY, LIMIT, OFFSET, score, boosts and
// parameters, which would mean nothing to a set of members. Days and ages in it are
// told in UTC, at the time of the view that is asked. An expression may speak of
// other composites, but not of itself by way of them, and it follows renames of its
// tags. Missing parents of name are created. Nothing is evaluated: the cost is
// linear in the expression.
//
// Errors are a *SyntaxError or *BindError for the expression, which is bound to
// what the transaction has done so far, and those of package tagset for the name:
// ErrBadName; ErrTagExists for a tag that is no composite; ErrCycle with the way
// round; ErrUnsupported below a composite, and ErrExclusive below an exclusive
// group; ErrPolicy. After an error the tag is as it was.
func Define(tx *tagset.Tx, name, expr string) error {
	q, err := Parse(expr)
	if err != nil {
		return err
	}
	return q.Define(tx, name)
}

// Define is the function Define for a query that has been parsed or built.
func (q *Query) Define(tx *tagset.Tx, name string) error {
	if err := q.refused(); err != nil {
		return err
	}
	if err := q.definable(); err != nil {
		return err
	}
	view := tx.View()
	d := definer{binder: binder{query: q, src: view, now: view.Time(), zone: time.UTC, out: &bound{}}}
	f, err := d.formula()
	if err != nil {
		return err
	}
	return tx.DefineComposite(name, f)
}

// definable refuses what a composite tag cannot have.
func (q *Query) definable() error {
	if q.tailed() {
		off := q.tail
		if off == len(q.text) { // the tail is a constructor's
			off = -1
		}
		return q.complain(off, "a composite tag is a set of members: it has no ORDER BY, LIMIT, OFFSET and score(…)",
			"order and cut the queries that ask for it")
	}
	return q.undefinable(q.root)
}

// undefinable finds a boost or a parameter. It recurses to the depth of the tree.
func (q *Query) undefinable(n *node) error {
	const hint = "give it to the queries that ask for the composite"
	switch {
	case n.boosted:
		return q.complain(n.off, "a composite tag has one weight, its own: no boosts in its expression", hint)
	case n.param:
		return q.complain(n.off, "a composite tag has no parameters: $"+n.name+" stands for nothing", "write the tag's name")
	case n.test != nil:
		for _, v := range n.test.values {
			if v.kind == valueParam {
				return q.complain(v.off, "a composite tag has no parameters: $"+v.text+" stands for nothing", "write the value")
			}
		}
	}
	for _, kid := range n.kids {
		if err := q.undefinable(kid); err != nil {
			return err
		}
	}
	return nil
}

// complain is a SyntaxError at an offset of the query's text.
func (q *Query) complain(off int, msg, hint string) error {
	e := &SyntaxError{Offset: -1, Msg: msg, Hint: hint}
	if q.text != "" && off >= 0 {
		at := placeOf(q.text, off)
		e.Offset, e.Line, e.Column, e.excerpt = off, at.line, at.column, at.excerpt
	}
	return e
}

// definer binds an expression to a formula.
type definer struct {
	binder
	where []expr.Condition
}

func (d *definer) formula() (*expr.Formula, error) {
	root, err := d.bind(d.query.root, 1)
	if err != nil {
		return nil, err
	}
	f := &expr.Formula{Root: root}
	if len(d.where) > 0 {
		f.Where = d.where
	}
	return f, nil
}

// definedLevels bounds the levels of a formula. A level of the text is one of
// them, but each change of join in a chain makes another.
const definedLevels = 1_000

// bind recurses to the depth of the tree, which its limits bound.
func (d *definer) bind(n *node, level int) (*expr.Node, error) {
	switch n.op {
	case opEveryone:
		return &expr.Node{Op: expr.All}, nil
	case opNobody:
		return &expr.Node{Op: expr.Empty}, nil
	case opTag, opSegment, opOnly:
		tag, err := d.tag(n)
		if err != nil {
			return nil, err
		}
		o := expr.Tag
		if n.op == opOnly {
			o = expr.Only
		}
		return &expr.Node{Op: o, ID: uint32(tag.ID)}, nil
	case opAttr, opTagged:
		return d.comparison(n)
	}
	if level += steps(n.joins); level > definedLevels {
		return nil, d.query.complain(n.off, "the expression alternates too often between OR, MINUS and XOR for a composite tag", hintDepth)
	}
	kids, conditions := make([]*expr.Node, len(n.kids)), len(d.where)
	for i, kid := range n.kids {
		var err error
		if kids[i], err = d.bind(kid, level); err != nil {
			return nil, err
		}
	}
	switch n.op {
	case opNot:
		return expr.Not(kids[0]), nil
	case opAnd:
		return &expr.Node{Op: expr.And, Pos: kids}, nil
	case opChain:
		return nest(kids[0], stepsOf(kids[1:], n.joins)), nil
	}
	count := boundCount(n.op, n.k, kids)
	if count.IsLeaf() { // a constant, in which nothing is compared
		d.where = d.where[:conditions]
	}
	return &count, nil
}

// steps is how many levels an operator with the joins takes.
func steps(joins []op) int {
	n := 1
	for i := 1; i < len(joins); i++ {
		if joins[i] != joins[i-1] {
			n++
		}
	}
	return n
}

// comparison binds a comparison to a condition.
func (d *definer) comparison(n *node) (*expr.Node, error) {
	s, xs, ages, err := d.values(n)
	if err != nil {
		return nil, err
	}
	var ranges []expr.Range
	if ages {
		ranges = []expr.Range{n.test.ages()}
	} else if ranges = rangesOf(n.test.rel, xs); len(ranges) == 0 {
		return &expr.Node{Op: expr.Empty}, nil
	}
	c := expr.Condition{Any: ranges}
	if n.op == opAttr {
		c.Attr = n.name
	} else {
		c.Tag = uint32(s.tag)
	}
	d.where = append(d.where, c)
	return &expr.Node{Op: expr.Where, ID: uint32(len(d.where) - 1)}, nil
}

// rangesOf are the numbers in relation to the values, in the normal form of
// intervals.
func rangesOf(rel relation, xs []column.Interval) []expr.Range {
	var out []expr.Range
	for _, x := range column.Normalize(rel.intervals(xs)) {
		out = append(out, expr.Range{Lo: expr.Bound{N: x.Lo}, Hi: expr.Bound{N: x.Hi}})
	}
	return out
}

// ages are the instants that a comparison with ages means.
func (t *test) ages() expr.Range {
	r := expr.Range{Lo: expr.Bound{N: math.MinInt64}, Hi: expr.Bound{N: math.MaxInt64}}
	first, last := boundOf(t.values[0]), boundOf(t.values[len(t.values)-1])
	first.Open = t.rel == relLt || t.rel == relGt
	switch t.rel {
	case relLt, relLe:
		r.Lo = first
	case relGt, relGe:
		r.Hi = first
	default: // between
		r.Lo, r.Hi = last, first
	}
	return r
}

func boundOf(v value) expr.Bound {
	return expr.Bound{N: v.n, Unit: expr.Unit(v.unit)}
}
