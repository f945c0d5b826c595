package query

import (
	"fmt"
	"slices"
	"strings"
)

// functions are the names that call something when "(" follows.
var functions = [...]string{"only", "segment", "has", "tagged", "all", "any", "none", "atleast", "atmost", "exactly"}

// call = ( "only" | "segment" ) "(" tag ")"
//
//	| "has" "(" attribute ")"
//	| "tagged" "(" tag [ "," test ] ")"
//	| ( "all" | "any" | "none" ) "(" operands ")"
//	| ( "atleast" | "atmost" | "exactly" ) "(" number "," operands ")" .
//
// The name has been read, "(" is next; t is the name's token.
func (p *parser) call(name string, t token) *node {
	open := p.tok.off
	word := strings.ToLower(name)
	if word == "score" {
		return p.fail(t.off, "score(…) is no operand", "it stands behind the expression, before ORDER BY")
	}
	if !slices.Contains(functions[:], word) {
		return p.notFunction(name, t)
	}
	if !p.enter(t.off) {
		return nil
	}
	p.advance()
	var n *node
	switch word {
	case "only":
		n = p.oneTag(word, opOnly)
	case "segment":
		n = p.oneTag(word, opSegment)
	case "has":
		n = p.has()
	case "tagged":
		n = p.tagged()
	case "all":
		n = p.conjoin(t.off, p.operands(word))
	case "any":
		n = p.disjoin(t.off, p.operands(word))
	case "none":
		if any := p.disjoin(t.off, p.operands(word)); any != nil {
			n = p.newNode(t.off)
			n = p.made(n, p.limits.not(n, any))
		}
	case "atleast":
		n = p.countOf(t.off, opAtLeast, word)
	case "atmost":
		n = p.countOf(t.off, opAtMost, word)
	case "exactly":
		n = p.countOf(t.off, opExactly, word)
	}
	if n == nil || !p.close(open) {
		return nil
	}
	p.nest--
	return p.boost(n, word == "only" || word == "segment" || word == "tagged")
}

func (p *parser) notFunction(name string, t token) *node {
	hint := "write an operator before the parenthesis; the functions are " + strings.Join(functions[:], ", ")
	if near := nearest(name, slices.Values(functions[:])); len(near) > 0 {
		hint = fmt.Sprintf("did you mean %s(…)?", near[0])
	}
	return p.fail(t.off, brief(name)+" is not a function", hint)
}

// oneTag reads the tag of a function that takes nothing else.
func (p *parser) oneTag(function string, o op) *node {
	n := p.tagOf(function, o)
	if n != nil && p.tok.kind != tokClose && p.tok.kind != tokEnd {
		return p.fail(p.tok.off, fmt.Sprintf(`expected ")" after the tag of %s, not %s`, function, p.found()),
			fmt.Sprintf("%s takes one tag: write %[1]s(a) OR %[1]s(b)", function))
	}
	return n
}

// tagOf reads the tag that a function wants first.
func (p *parser) tagOf(function string, o op) *node {
	switch p.tok.kind {
	case tokName, tokQuoted, tokParam:
		return p.tag(o)
	case tokEnd, tokError:
		return p.noOperand()
	}
	return p.fail(p.tok.off, fmt.Sprintf("expected the name of a tag in %s(…), not %s", function, p.found()), p.quoteHint())
}

// operands = expression { "," expression } .
func (p *parser) operands(function string) []*node {
	if p.tok.kind == tokClose {
		p.fail(p.tok.off, function+" has no operands", "write them with commas between: a, b, c")
		return nil
	}
	bottom := len(p.kids)
	for {
		kid := p.chain()
		if kid == nil {
			return nil
		}
		p.kids = append(p.kids, kid)
		if p.tok.kind != tokComma {
			break
		}
		p.advance()
	}
	return p.popKids(bottom)
}

// conjoin is all(…): AND by another name, so that one tree has one shape.
func (p *parser) conjoin(off int, kids []*node) *node {
	if len(kids) < 2 {
		return alone(kids)
	}
	n := p.newNode(off)
	return p.made(n, p.limits.and(n, kids))
}

// disjoin is any(…): OR by another name.
func (p *parser) disjoin(off int, kids []*node) *node {
	if len(kids) < 2 {
		return alone(kids)
	}
	n := p.newNode(off)
	return p.made(n, p.limits.chain(n, kids, slices.Repeat([]op{joinOr}, len(kids)-1)))
}

// alone is what an operator of one operand is: that operand. No operands: nil.
func alone(kids []*node) *node {
	if len(kids) == 0 {
		return nil
	}
	return kids[0]
}

// countOf = number "," operands .
func (p *parser) countOf(off int, o op, function string) *node {
	if p.tok.kind != tokNumber {
		return p.fail(p.tok.off, fmt.Sprintf("expected a number first in %s(…), not %s", function, p.found()),
			fmt.Sprintf("write %s(2, a, b, c)", function))
	}
	k, ok := p.integer()
	if !ok {
		return nil
	}
	p.advance()
	if p.tok.kind != tokComma {
		return p.fail(p.tok.off, fmt.Sprintf("expected a comma after the number of %s(…), not %s", function, p.found()),
			fmt.Sprintf("write %s(%d, a, b)", function, k))
	}
	p.advance()
	kids := p.operands(function)
	if kids == nil {
		return nil
	}
	n := p.newNode(off)
	return p.made(n, p.limits.count(n, o, k, kids))
}
