package query

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tagroar/tagroar/internal/eval"
	"github.com/tagroar/tagroar/internal/tagname"
)

// keyKind is what a key orders by.
type keyKind uint8

const (
	byWeight keyKind = iota + 1
	byAttr
	byID
)

// A Key is one key of an order: the score, an attribute, or the member itself,
// in one of two directions. Members without a value of the attribute come last
// either way. Keys are values; Desc and Asc return another one.
type Key struct {
	by   keyKind
	desc bool
	name string // of the attribute, in normal form
	off  int    // byte offset in the text; -1: not from text
	err  *SyntaxError
}

// The keys that need no name. Nothing is to be assigned to them.
var (
	// ByWeight is the sum of the weights of the tags that a member carries, of
	// those that the query names (see [Query.Score]); the greatest first.
	ByWeight = Key{by: byWeight, desc: true, off: -1}
	// ByID is the member's ordinal, the smallest first.
	ByID = Key{by: byID, off: -1}
)

// ByAttr is the value of an attribute, the smallest first.
func ByAttr(name string) Key {
	normal, err := tagname.Normalize(name)
	if err != nil {
		return Key{err: &SyntaxError{Offset: -1, Msg: brief(name) + " is not an attribute's name: " + err.Error()}}
	}
	return Key{by: byAttr, name: normal, off: -1}
}

// Desc is the key with the greatest first.
func (k Key) Desc() Key {
	k.desc = true
	return k
}

// Asc is the key with the smallest first.
func (k Key) Asc() Key {
	k.desc = false
	return k
}

// String is the key as ORDER BY has it.
func (k Key) String() string {
	var b strings.Builder
	switch k.by {
	case byWeight:
		b.WriteString("WEIGHT")
	case byID:
		b.WriteString("ID")
	default:
		if strings.EqualFold(k.name, "weight") || strings.EqualFold(k.name, "id") {
			b.WriteString(quoted(k.name))
		} else {
			writeName(&b, k.name)
		}
	}
	if k.desc {
		b.WriteString(" DESC")
	} else {
		b.WriteString(" ASC")
	}
	return b.String()
}

// same reports whether two keys order by the same thing, in any direction.
func (k Key) same(l Key) bool { return k.by == l.by && k.name == l.name }

// equal reports whether two keys are the same but for their places.
func (k Key) equal(l Key) bool { return k.same(l) && k.desc == l.desc }

// maxKeys is how many keys an order may have: a cursor carries a value for
// each, and nobody tells members apart by a fifth.
const maxKeys = eval.MaxKeys

// checkKey reports why k cannot be the next key behind order.
func checkKey(order []Key, k Key) *SyntaxError {
	switch {
	case k.err != nil:
		return k.err
	case k.by == 0:
		return &SyntaxError{Offset: -1, Msg: "the key is empty", Hint: "use ByWeight, ByAttr or ByID"}
	case slices.ContainsFunc(order, k.same):
		return &SyntaxError{Offset: -1, Msg: fmt.Sprintf("the key %s is here twice", strings.TrimSuffix(strings.TrimSuffix(k.String(), " DESC"), " ASC"))}
	case len(order) == maxKeys:
		return &SyntaxError{Offset: -1, Msg: fmt.Sprintf("an order has at most %d keys", maxKeys)}
	}
	return nil
}

// OrderBy is q in the order of the keys, at most four of them; what they leave
// equal comes in ascending order of members. It replaces the order that q had;
// without keys the order is that of members.
func (q *Query) OrderBy(keys ...Key) *Query {
	if err := q.refused(); err != nil {
		return refusedWith(err)
	}
	ordered := *q
	ordered.order = nil
	for _, k := range keys {
		k.off = -1
		if err := checkKey(ordered.order, k); err != nil {
			return refusedWith(err)
		}
		ordered.order = append(ordered.order, k)
	}
	return &ordered
}

// Score names the tags whose weights ByWeight adds up, in place of those in the
// expression: Tag, Only and Tagged, each with or without a Boost. It replaces the
// list that q had; an empty one means the tags in the expression that stand in
// positive position, below an even number of NOT and right sides of MINUS.
func (q *Query) Score(of ...*Query) *Query {
	kids, err := operands(of)
	if err == nil {
		err = q.refused()
	}
	if err != nil {
		return refusedWith(err)
	}
	for _, kid := range kids {
		if !kid.namesTag() {
			return refusedWith(&SyntaxError{Offset: -1, Msg: "a score lists tags alone", Hint: "use Tag, Only and Tagged, with or without Boost"})
		}
	}
	if err := defaultLimits().scored(q.root, kids); err != nil {
		return refusedWith(err)
	}
	scored := *q
	scored.score = kids
	if len(kids) == 0 {
		scored.score = nil
	}
	return &scored
}
