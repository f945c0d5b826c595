package query

import (
	"slices"

	"github.com/tagroar/tagroar/internal/tagname"
)

// Tag is the members of a tag: its own, those of its sub-tags and of the tags that
// it includes; of a composite tag, those of its expression. The name is taken as it
// is, whatever it holds; it needs no quotes.
func Tag(name string) *Query { return named(opTag, name) }

// Segment is the members of a tag that must be a composite one: those of its
// expression. Tag says the same of a composite, but of any other tag as well.
func Segment(name string) *Query { return named(opSegment, name) }

// Only is the direct members of a tag, without those of its sub-tags.
func Only(name string) *Query { return named(opOnly, name) }

// Everyone is every live member; in a scoped view, of the scope.
func Everyone() *Query { return made(newNode(opEveryone), nil) }

// Nobody is the empty set.
func Nobody() *Query { return made(newNode(opNobody), nil) }

// And is the members of all operands; without operands, everyone.
func And(of ...*Query) *Query {
	switch kids, err := operands(of); {
	case err != nil:
		return refusedWith(err)
	case len(kids) == 0:
		return Everyone()
	case len(kids) == 1:
		return of[0]
	default:
		n := newNode(opAnd)
		return made(n, defaultLimits().and(n, kids))
	}
}

// Or is the members of one operand or more; without operands, nobody.
func Or(of ...*Query) *Query { return joined(joinOr, of) }

// Xor is the members of an odd number of operands: of exactly one, if there
// are two; without operands, nobody.
func Xor(of ...*Query) *Query { return joined(joinXor, of) }

// Not is every live member who is not in q.
func Not(q *Query) *Query {
	kids, err := operands([]*Query{q})
	if err != nil {
		return refusedWith(err)
	}
	n := newNode(opNot)
	return made(n, defaultLimits().not(n, kids[0]))
}

// Minus is the members of q who are in none of the others; q itself, if there
// are no others.
func (q *Query) Minus(others ...*Query) *Query {
	return joined(joinMinus, append([]*Query{q}, others...))
}

// AtLeast is the members of k or more of the operands; an operand that is
// repeated counts each time. With k ≤ 0 that is everyone, with k greater than
// the number of operands nobody.
func AtLeast(k int, of ...*Query) *Query { return counted(opAtLeast, k, of) }

// AtMost is the members of k or fewer of the operands, counted as AtLeast does.
func AtMost(k int, of ...*Query) *Query { return counted(opAtMost, k, of) }

// Exactly is the members of k operands, counted as AtLeast does.
func Exactly(k int, of ...*Query) *Query { return counted(opExactly, k, of) }

// Limit is q cut to its first n members in order; the last Limit counts. A
// query with a limit or an offset is no operand of another.
func (q *Query) Limit(n int) *Query {
	return q.withTail(n, "LIMIT", func(q *Query) { q.limit = n })
}

// Offset is q without its first n members in order; the last Offset counts.
func (q *Query) Offset(n int) *Query {
	return q.withTail(n, "OFFSET", func(q *Query) { q.offset = n })
}

func (q *Query) withTail(n int, word string, set func(*Query)) *Query {
	if err := q.refused(); err != nil {
		return refusedWith(err)
	}
	if n < 0 {
		return refusedWith(&SyntaxError{Offset: -1, Msg: word + " must not be negative"})
	}
	cut := *q
	set(&cut)
	return &cut
}

func newNode(o op) *node { return &node{op: o, off: -1, depth: 1, size: 1} }

// made is the query of a node, or a refused one.
func made(n *node, err *SyntaxError) *Query {
	if err != nil {
		return refusedWith(err)
	}
	return &Query{root: n, limit: -1}
}

func refusedWith(err error) *Query { return &Query{limit: -1, err: err} }

// operands returns the trees of queries that may be operands.
func operands(of []*Query) ([]*node, error) {
	kids := make([]*node, len(of))
	for i, q := range of {
		if err := q.refused(); err != nil {
			return nil, err
		}
		if q.tailed() {
			return nil, errTail()
		}
		kids[i] = q.root
	}
	return kids, nil
}

func errTail() *SyntaxError {
	return &SyntaxError{Offset: -1, Msg: "an operand has no LIMIT, no OFFSET and no order", Hint: "set them on the whole query"}
}

func named(o op, name string) *Query {
	normal, err := tagname.Normalize(name)
	if err != nil {
		return refusedWith(&SyntaxError{Offset: -1, Msg: brief(name) + " is not a tag's name: " + err.Error()})
	}
	n := newNode(o)
	n.name = normal
	return made(n, nil)
}

func joined(join op, of []*Query) *Query {
	switch kids, err := operands(of); {
	case err != nil:
		return refusedWith(err)
	case len(kids) == 0:
		return Nobody()
	case len(kids) == 1:
		return of[0]
	default:
		n := newNode(opChain)
		return made(n, defaultLimits().chain(n, kids, slices.Repeat([]op{join}, len(kids)-1)))
	}
}

// counted folds a count of no operands, which the text cannot write.
func counted(o op, k int, of []*Query) *Query {
	kids, err := operands(of)
	if err != nil {
		return refusedWith(err)
	}
	if len(kids) == 0 {
		if o == opAtLeast && k <= 0 || o == opAtMost && k >= 0 || o == opExactly && k == 0 {
			return Everyone()
		}
		return Nobody()
	}
	n := newNode(o)
	return made(n, defaultLimits().count(n, o, k, kids))
}
