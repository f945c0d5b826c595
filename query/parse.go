package query

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tagroar/tagroar/internal/tagname"
)

// Parse reads a query. Its errors are *SyntaxError. It takes time linear in
// the text, and refuses text past the limits that the options set.
func Parse(text string, o ...ParseOption) (*Query, error) {
	l := limitsOf(o)
	if len(text) > l.bytes {
		e := &SyntaxError{Offset: l.bytes, Hint: hintDepth,
			Msg: fmt.Sprintf("the text has %d bytes, more than %d", len(text), l.bytes)}
		at := placeOf(text, l.bytes)
		e.Line, e.Column = at.line, at.column
		return nil, e
	}
	p := parser{lex: lexer{text: text}, limits: l}
	var kids [16]*node // first room for those of the parser, on the stack
	var joins [16]op
	p.kids, p.joins = kids[:0], joins[:0]
	q := p.query()
	if p.err != nil {
		at := placeOf(text, p.err.Offset)
		p.err.Line, p.err.Column, p.err.excerpt = at.line, at.column, at.excerpt
		return nil, p.err
	}
	return q, nil
}

// MustParse is Parse for texts that are part of a program; it panics on an
// error.
func MustParse(text string) *Query {
	q, err := Parse(text)
	if err != nil {
		panic(err)
	}
	return q
}

// A parser reads with one token of look-ahead: one method for each level of
// operators, loosest first, each returning nil once there is an error.
type parser struct {
	lex    lexer
	tok    token // the next token
	limits limits
	nest   int  // parentheses and NOTs around tok
	leaves int  // read so far
	tailed bool // something of the tail has been read
	err    *SyntaxError

	// Operands and joins read so far of the chains that are open, innermost
	// last; a chain takes its own off when it is complete.
	kids  []*node
	joins []op
	slab  []node // nodes to hand out, so that a query is few allocations
}

func (p *parser) advance() {
	p.tok = p.lex.next()
	if p.tok.kind == tokError && p.err == nil {
		p.err = p.lex.err
	}
}

// fail notes the first error; the nil it returns is for the caller to return.
func (p *parser) fail(off int, msg, hint string) *node {
	if p.err == nil {
		p.err = &SyntaxError{Offset: off, Msg: msg, Hint: hint}
	}
	return nil
}

// refuse notes that a limit was passed at offset off.
func (p *parser) refuse(off int, e *SyntaxError) *node { return p.fail(off, e.Msg, e.Hint) }

func (p *parser) newNode(off int) *node {
	if len(p.slab) == 0 {
		p.slab = make([]node, min(4+p.leaves, 256))
	}
	n := &p.slab[0]
	p.slab = p.slab[1:]
	n.off = off
	return n
}

// query = expression [tail] .
func (p *parser) query() *Query {
	p.advance()
	root := p.chain()
	if root == nil {
		return nil
	}
	q := &Query{root: root, limit: -1, text: p.lex.text, tail: p.tok.off}
	p.tail(q)
	if p.err == nil && p.tok.kind != tokEnd {
		p.stray()
	}
	return q
}

// chain = conjunction { join conjunction } .
func (p *parser) chain() *node {
	off, bottom, bottomJoin := p.tok.off, len(p.kids), len(p.joins)
	first := p.and()
	j, more := p.join()
	if first == nil || !more {
		return first
	}
	p.kids = append(p.kids, first)
	for more {
		p.joins = append(p.joins, j)
		p.advance()
		kid := p.and()
		if kid == nil {
			return nil
		}
		p.kids = append(p.kids, kid)
		j, more = p.join()
	}
	n := p.newNode(off)
	joins := make([]op, len(p.joins)-bottomJoin)
	copy(joins, p.joins[bottomJoin:])
	p.joins = p.joins[:bottomJoin]
	kids := p.popKids(bottom)
	return p.made(n, p.limits.chain(n, kids, joins))
}

// popKids takes off the kids from bottom on. (slices.Clone would force the
// parser's own list onto the heap.)
func (p *parser) popKids(bottom int) []*node {
	kids := make([]*node, len(p.kids)-bottom)
	copy(kids, p.kids[bottom:])
	p.kids = p.kids[:bottom]
	return kids
}

func (p *parser) join() (op, bool) {
	switch p.tok.kind {
	case tokOr:
		return joinOr, true
	case tokMinus:
		return joinMinus, true
	case tokXor:
		return joinXor, true
	}
	return 0, false
}

// conjunction = complement { and complement } .
func (p *parser) and() *node {
	off, bottom := p.tok.off, len(p.kids)
	first := p.not()
	if first == nil || p.tok.kind != tokAnd {
		return first
	}
	p.kids = append(p.kids, first)
	for p.tok.kind == tokAnd {
		p.advance()
		kid := p.not()
		if kid == nil {
			return nil
		}
		p.kids = append(p.kids, kid)
	}
	n := p.newNode(off)
	kids := p.popKids(bottom)
	return p.made(n, p.limits.and(n, kids))
}

// made returns the new node n, unless it was refused.
func (p *parser) made(n *node, err *SyntaxError) *node {
	if err != nil {
		return p.refuse(n.off, err)
	}
	return n
}

// enter counts a level of nesting before the parser recurses into it.
func (p *parser) enter(off int) bool {
	if p.nest++; p.nest > p.limits.depth {
		p.refuse(off, p.limits.tooDeep())
		return false
	}
	return true
}

// complement = { not } primary .
func (p *parser) not() *node {
	if p.tok.kind != tokNot {
		return p.primary()
	}
	off := p.tok.off
	if !p.enter(off) {
		return nil
	}
	p.advance()
	kid := p.not()
	if kid == nil {
		return nil
	}
	p.nest--
	n := p.newNode(off)
	return p.made(n, p.limits.not(n, kid))
}

// primary = tag [ boost ] | comparison | everyone | nobody | call | "(" expression ")" .
func (p *parser) primary() *node {
	t := p.tok
	var n *node
	switch t.kind {
	case tokOpen:
		n = p.group()
	case tokName, tokQuoted:
		name, ok := p.name()
		if !ok {
			return nil
		}
		p.advance()
		switch {
		case t.kind == tokName && p.tok.kind == tokOpen:
			return p.call(name, t)
		case p.compares():
			return p.boost(p.comparison(t, name), false)
		}
		return p.boost(p.leaf(t, opTag, name, false), true)
	case tokParam:
		if n = p.tag(opTag); n != nil && p.compares() {
			return p.fail(t.off, "a parameter stands for a tag or a value, not for an attribute", "write the attribute's name")
		}
		return p.boost(n, true)
	case tokEveryone:
		p.advance()
		n = p.leaf(t, opEveryone, "", false)
	case tokNobody:
		p.advance()
		n = p.leaf(t, opNobody, "", false)
	default:
		return p.noOperand()
	}
	return p.boost(n, false)
}

// group = "(" expression ")" .
func (p *parser) group() *node {
	open := p.tok.off
	if !p.enter(open) {
		return nil
	}
	p.advance()
	n := p.chain()
	if n == nil || !p.close(open) {
		return nil
	}
	p.nest--
	return n
}

// close takes the ")" that belongs to the "(" at offset open.
func (p *parser) close(open int) bool {
	switch p.tok.kind {
	case tokClose:
		p.advance()
		return true
	case tokEnd:
		p.fail(open, `this "(" is not closed`, `add ")"`)
	default:
		p.stray()
	}
	return false
}

// tag reads a name or a parameter into a leaf.
func (p *parser) tag(o op) *node {
	t := p.tok
	if t.kind == tokParam {
		_, size := p.lex.at(t.off)
		p.advance()
		return p.leaf(t, o, tagname.Fold(p.lex.text[t.off+size:t.end]), true)
	}
	name, ok := p.name()
	if !ok {
		return nil
	}
	p.advance()
	return p.leaf(t, o, name, false)
}

func (p *parser) leaf(t token, o op, name string, param bool) *node {
	n := p.newNode(t.off)
	n.op, n.name, n.param = o, name, param
	p.limits.measure(n) // one node, one level: always within limits
	// Leaves never go away again, so too many of them are refused on the spot.
	if p.leaves++; p.leaves > p.limits.nodes {
		return p.refuse(t.off, p.limits.tooMany())
	}
	return n
}

// name returns the normal form of the name that the next token is.
func (p *parser) name() (string, bool) {
	raw := p.lex.text[p.tok.off:p.tok.end]
	if p.tok.kind == tokQuoted {
		raw = p.lex.unquoted(p.tok)
	}
	name, err := tagname.Normalize(raw)
	if err != nil {
		p.fail(p.tok.off, fmt.Sprintf("%s is not a tag's name: %v", brief(raw), err), "")
		return "", false
	}
	return name, true
}

// integer returns the value of the number that the next token is.
func (p *parser) integer() (int, bool) {
	text := p.lex.text[p.tok.off:p.tok.end]
	if folded := strings.ReplaceAll(tagname.Fold(text), "_", ""); strings.Contains(folded, ".") {
		p.fail(p.tok.off, fmt.Sprintf("expected a whole number, not %s", brief(text)), "")
	} else if n, err := strconv.Atoi(folded); err != nil {
		p.fail(p.tok.off, fmt.Sprintf("the number %s is out of range", brief(text)), "")
	} else {
		return n, true
	}
	return 0, false
}

// found describes the next token for a message.
func (p *parser) found() string {
	switch p.tok.kind {
	case tokEnd:
		return "the end of the text"
	case tokQuoted:
		return brief(p.lex.unquoted(p.tok))
	}
	return brief(p.lex.text[p.tok.off:p.tok.end])
}

// briefly is how many bytes of a name or number messages repeat: what people
// type is whole.
const briefly = 60

// brief quotes s for a message, cut if it is long.
func brief(s string) string {
	if len(s) <= briefly {
		return strconv.Quote(s)
	}
	cut := briefly
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strconv.Quote(s[:cut]) + "…"
}
