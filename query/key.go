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

// A Key is one key of an order as the language writes it behind ORDER BY, such as
// "WEIGHT", "消费金额 DESC" or "ID": the score, the value of an attribute, or the
// member itself. Members without a value come last in either direction. OrderBy
// reads keys and refuses what is none, so one may come from outside.
type Key string

const (
	// ByWeight is the sum of the weights of the tags that a member carries, of
	// those that the query names (see [Query.Score]); the greatest first.
	ByWeight Key = "WEIGHT DESC"
	// ByID is the member's ordinal, the smallest first.
	ByID Key = "ID ASC"
)

// ByAttr is the value of an attribute, the smallest first. The name is taken as
// it is, whatever it holds.
func ByAttr(name string) Key {
	name = tagname.Fold(strings.ToValidUTF8(name, "\x00")) // refused where the key is read
	return Key(quoted(name) + " ASC")
}

// Desc is the key with the greatest first.
func (k Key) Desc() Key { return k.directed(true) }

// Asc is the key with the smallest first.
func (k Key) Asc() Key { return k.directed(false) }

func (k Key) directed(desc bool) Key {
	x, err := k.read()
	if err != nil {
		return k // for OrderBy to refuse
	}
	x.desc = desc
	return Key(x.String())
}

// read parses the key.
func (k Key) read() (orderKey, *SyntaxError) {
	p := parser{lex: lexer{text: string(k)}, limits: defaultLimits()}
	if len(k) > p.limits.bytes {
		return orderKey{}, &SyntaxError{Offset: -1, Msg: brief(string(k)) + " is too long for a key"}
	}
	p.advance()
	x, ok := p.key()
	if ok {
		p.direction(&x)
	}
	if p.err == nil && p.tok.kind != tokEnd {
		p.fail(p.tok.off, fmt.Sprintf("unexpected %s after it", p.found()), "")
	}
	if p.err != nil {
		return orderKey{}, &SyntaxError{Offset: -1, Hint: p.err.Hint, Msg: fmt.Sprintf("the key %s: %s", brief(string(k)), p.err.Msg)}
	}
	x.off = -1
	return x, nil
}

// orderKey is a key that has been read.
type orderKey struct {
	by   keyKind
	desc bool
	name string // of the attribute, in normal form
	off  int    // byte offset in the text; -1: not from text
}

// String is the key in canonical spelling.
func (k orderKey) String() string {
	var b strings.Builder
	k.writeName(&b)
	if k.desc {
		b.WriteString(" DESC")
	} else {
		b.WriteString(" ASC")
	}
	return b.String()
}

func (k orderKey) writeName(b *strings.Builder) {
	switch {
	case k.by == byWeight:
		b.WriteString("WEIGHT")
	case k.by == byID:
		b.WriteString("ID")
	case strings.EqualFold(k.name, "weight") || strings.EqualFold(k.name, "id"):
		b.WriteString(quoted(k.name))
	default:
		writeName(b, k.name)
	}
}

// same reports whether two keys order by the same thing, in any direction.
func (k orderKey) same(l orderKey) bool { return k.by == l.by && k.name == l.name }

// equal reports whether two keys are the same but for their places.
func (k orderKey) equal(l orderKey) bool { return k.same(l) && k.desc == l.desc }

// maxKeys is how many keys an order may have: a cursor carries a value for
// each, and nobody tells members apart by a fifth.
const maxKeys = eval.MaxKeys

// checkKey reports why k cannot be the next key behind order.
func checkKey(order []orderKey, k orderKey) *SyntaxError {
	if slices.ContainsFunc(order, k.same) {
		var name strings.Builder
		k.writeName(&name)
		return &SyntaxError{Offset: -1, Msg: fmt.Sprintf("the key %s is here twice", name.String())}
	}
	if len(order) == maxKeys {
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
		x, err := k.read()
		if err == nil {
			err = checkKey(ordered.order, x)
		}
		if err != nil {
			return refusedWith(err)
		}
		ordered.order = append(ordered.order, x)
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
