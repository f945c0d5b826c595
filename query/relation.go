package query

import (
	"slices"
	"strings"
)

// relation is how a value is compared.
type relation uint8

const (
	relLt relation = iota + 1
	relLe
	relEq
	relNe
	relGe
	relGt
	relBetween // with two values, both ends included
	relIn      // with one value or more
	relHas     // with none: there is a value
)

// relationWords are the relations as they are written, in text and in JSON.
var relationWords = [...]string{relLt: "<", relLe: "<=", relEq: "=", relNe: "!=", relGe: ">=", relGt: ">", relBetween: "between", relIn: "in", relHas: "has"}

func (r relation) String() string { return relationWords[r] }

// relationOf is the relation that is written so.
func relationOf(word string) (relation, bool) {
	i := slices.Index(relationWords[1:], word)
	return relation(i + 1), i >= 0
}

// fits reports whether r may have so many values.
func (r relation) fits(values int) bool {
	switch r {
	case relBetween:
		return values == 2
	case relIn:
		return values >= 1
	case relHas:
		return values == 0
	}
	return values == 1
}

// A test is a condition on a member's value of an attribute, or on the time of
// its tagging. It is false where there is no value, whatever the relation.
type test struct {
	rel    relation
	values []value
}

// equal reports whether two tests are the same but for their places.
func (t *test) equal(u *test) bool {
	if t == nil || u == nil {
		return t == u
	}
	return t.rel == u.rel && slices.EqualFunc(t.values, u.values, value.equal)
}

// write appends the test as it stands behind the name of an attribute: with a
// blank before it, and with one after a symbol.
func (t *test) write(b *strings.Builder) {
	b.WriteString(" " + t.rel.String() + " ")
	switch t.rel {
	case relBetween:
		b.WriteString(t.values[0].String() + " and " + t.values[1].String())
	case relIn:
		b.WriteByte('(')
		for i, v := range t.values {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(v.String())
		}
		b.WriteByte(')')
	default:
		b.WriteString(t.values[0].String())
	}
}
