package query

import (
	"fmt"
	"strings"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/eval"
	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/tagset"
)

// A Plan is a query bound to one version of a source, ready to run as often as
// wanted. It is immutable and safe for concurrent use, and it goes on answering
// for its version whatever happens to the store.
//
// Count, Set and Members speak of one result: the members of the expression in
// ascending order, after OFFSET and LIMIT. A plan keeps the sets of its tags
// from being collected, as a View does.
type Plan struct {
	program *eval.Program
	src     Source // for the tags of Facets
	limit   int    // -1: none
	offset  int
}

// Compile looks up the names of the query in src and plans its evaluation. The
// sets are those that src has now. Errors are *BindError: an unknown tag, a
// missing parameter or one of another type; a query that was refused when it was
// made gives its *SyntaxError. Cost is linear in the expression and independent
// of the number of members.
func (q *Query) Compile(src Source, args Args, o ...Option) (*Plan, error) {
	b, err := q.bind(src, args, optionsOf(o))
	if err != nil {
		return nil, err
	}
	program, err := eval.Compile(b.root, b, eval.Options{})
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	return &Plan{program: program, src: src, limit: b.limit, offset: b.offset}, nil
}

// String is the plan, one operator or tag a line, operands indented under their
// operator in the order in which they are looked at. Tags come with their
// cardinality, operators with an estimate (≈) that takes tags as independent of
// each other, and with the way they are going to be evaluated.
func (p *Plan) String() string { return p.window() + p.program.String() }

// window is the line on OFFSET and LIMIT, if there are any.
func (p *Plan) window() string {
	var b strings.Builder
	if p.limit >= 0 {
		fmt.Fprintf(&b, "limit %d  ", p.limit)
	}
	if p.offset > 0 {
		fmt.Fprintf(&b, "offset %d  ", p.offset)
	}
	if b.Len() == 0 {
		return ""
	}
	return strings.TrimSuffix(b.String(), "  ") + " · stops early\n"
}

// A bound query is the evaluator's source: leaves were pinned by bind.

// Leaf is the set of a tag.
func (b *bound) Leaf(op expr.Op, id uint32) bitmap.Bitmap { return b.leaves[leafKey{op, id}].set }

// Universe is the members that there are.
func (b *bound) Universe() bitmap.Bitmap { return b.universe }

// Predicate is a condition on an attribute.
func (b *bound) Predicate(id uint32) *column.Predicate { return b.where[id].predicate }

// Name is a tag's name, or a condition's text, for plans.
func (b *bound) Name(op expr.Op, id uint32) string {
	if op == expr.Where {
		return b.where[id].text
	}
	return b.leaves[leafKey{op, id}].name
}

// Contains reports whether m is in the expression; OFFSET and LIMIT do not
// matter. It looks into at most one block of each tag.
func (p *Plan) Contains(m tagset.Member) bool { return p.program.Contains(uint32(m)) }
