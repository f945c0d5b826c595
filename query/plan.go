package query

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

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
// Count, Set, Members and Top speak of one result: the members of the
// expression in their order, by default ascending, after OFFSET and LIMIT. A plan
// keeps the sets of its tags and the values of its attributes from being
// collected, as a View does. Calls with much to do are shared by several goroutines,
// which end with the call: see [Workers].
type Plan struct {
	program *eval.Program
	src     Source // for the tags of Facets, and for Explain
	query   *Query // for Explain, with what else it was compiled with
	args    Args
	zone    *time.Location
	inlined []string  // composite tags whose expressions are part of the program
	order   *ordering // nil: by ascending member
	limit   int       // -1: none
	offset  int
	after   *eval.Item // the cursor; nil: none
	passed  uint32     // members of the result up to the cursor
	err     error      // of the cursor; every answer gives it
}

// Compile looks up the names of the query in src and plans its evaluation. The
// sets and values are those that src has now, and the time by which ages are
// told is that of its frame. Errors are *BindError: an unknown tag or attribute,
// a value that does not fit its attribute, a missing parameter or one of another
// type; a query that was refused when it was made gives its *SyntaxError. Cost is
// linear in the expression and independent of the number of members.
func (q *Query) Compile(src Source, args Args, o ...Option) (*Plan, error) {
	options := optionsOf(o)
	b, err := q.bind(src, args, options)
	if err != nil {
		return nil, err
	}
	program, err := eval.Compile(b.root, b, options.evaluation())
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	return &Plan{
		program: program, src: src, query: q, args: maps.Clone(args), zone: options.zone,
		inlined: b.inlined, order: b.order, limit: b.limit, offset: b.offset,
	}, nil
}

// String is the plan, one operator, tag or comparison a line, operands indented
// under their operator in the order in which they are looked at. Tags come with
// their cardinality, operators with an estimate (≈) that takes tags as
// independent of each other, and with the way they are going to be evaluated.
// Above them stand the composite tags that were put in as their expressions, and
// how the result is cut and ordered.
func (p *Plan) String() string {
	var b strings.Builder
	for _, line := range p.composites() {
		b.WriteString("inlined  " + line + "\n")
	}
	return b.String() + p.head() + p.program.String()
}

// composites are the composite tags that were inlined, outer ones before those that
// they are made of, each with its expression, cut to a line.
func (p *Plan) composites() []string {
	var lines []string
	for i, name := range p.inlined {
		if i == maxInlinedShown {
			return append(lines, strconv.Itoa(len(p.inlined)-i)+" more")
		}
		var b strings.Builder
		writeName(&b, name)
		if q, ok := Definition(p.src, name); ok {
			b.WriteString(" = " + cutLine(q.String()))
		}
		lines = append(lines, b.String())
	}
	return lines
}

// cutLine is s as far as a line of a plan shows it.
func cutLine(s string) string {
	n := 0
	for i := range s {
		if n++; n > lineShown {
			return s[:i] + "…"
		}
	}
	return s
}

// What a plan tells of composite tags.
const (
	maxInlinedShown = 20  // of them; the others are counted
	lineShown       = 200 // characters of an expression
)

// head is the lines on OFFSET and LIMIT, on the cursor and on the order, as far
// as there are any.
func (p *Plan) head() string {
	var b strings.Builder
	if p.err != nil {
		return p.err.Error() + "\n"
	}
	var cuts []string
	if p.limit >= 0 {
		cuts = append(cuts, fmt.Sprintf("limit %d", p.left()))
	}
	if p.offset > 0 {
		cuts = append(cuts, fmt.Sprintf("offset %d", p.offset))
	}
	if p.after != nil {
		cuts = append(cuts, fmt.Sprintf("after member %d", p.after.Member))
	}
	if len(cuts) > 0 {
		b.WriteString(strings.Join(cuts, "  "))
		if p.order == nil && p.limit >= 0 {
			b.WriteString(" · stops early")
		}
		b.WriteByte('\n')
	}
	if p.order != nil {
		b.WriteString(p.ordered() + "\n" + p.order.terms())
	}
	return b.String()
}

// ordered says how the result is ordered.
func (p *Plan) ordered() string {
	k := p.left()
	if k >= 0 {
		k = sum(k, p.offset)
	}
	return p.program.ExplainOrder(&p.order.by, k)
}

// A bound query is the evaluator's source while it compiles: leaves were pinned by
// bind, or are now.

// Leaf is the set of a tag.
func (b *bound) Leaf(op expr.Op, id uint32) bitmap.Bitmap {
	x := b.leaves[leafKey{op, id}]
	if x.late {
		fetch := b.src.Set
		if op == expr.Only {
			fetch = b.src.Direct
		}
		set, _ := fetch(x.name) // the source knows the tag
		return set.Blocks()
	}
	return x.set
}

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
