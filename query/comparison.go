package query

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/tagroar/tagroar/internal/tagname"
)

// What compares: attributes behind their name, times of tagging within
// tagged(…), and the boosts of tags.

// word is the next token in lower case if it is a name without quotes, which
// may be a word that counts by its position; else "".
func (p *parser) word() string {
	if p.tok.kind != tokName {
		return ""
	}
	return strings.ToLower(tagname.Fold(p.lex.text[p.tok.off:p.tok.end]))
}

// compares reports whether the next token begins a test.
func (p *parser) compares() bool {
	if p.tok.kind == tokCompare {
		return true
	}
	w := p.word()
	return w == "between" || w == "in"
}

// comparison = name test . The name has been read; t is its token.
func (p *parser) comparison(t token, name string) *node {
	test := p.test()
	if test == nil {
		return nil
	}
	return p.tested(t.off, opAttr, name, false, test)
}

// tested makes the leaf of a test.
func (p *parser) tested(off int, o op, name string, param bool, t *test) *node {
	n := p.newNode(off)
	n.op, n.name, n.param, n.test = o, name, param, t
	if err := p.limits.measure(n); err != nil {
		return p.refuse(off, err)
	}
	if p.leaves += n.size; p.leaves > p.limits.nodes {
		return p.refuse(off, p.limits.tooMany())
	}
	return n
}

// test = relation value | "between" value and value | "in" "(" value { "," value } ")" .
func (p *parser) test() *test {
	word := p.word()
	if word == "" {
		word = tagname.Fold(p.lex.text[p.tok.off:p.tok.end])
	}
	rel, ok := relationOf(word)
	if !ok || rel == relHas {
		p.fail(p.tok.off, fmt.Sprintf("expected a comparison, not %s", p.found()), "write = != < <= > >=, between … and …, or in (…)")
		return nil
	}
	t := &test{rel: rel}
	p.advance()
	switch rel {
	case relBetween:
		ok = p.value(t, word)
		if ok && p.tok.kind != tokAnd {
			p.fail(p.tok.off, fmt.Sprintf("expected AND and the upper end of between, not %s", p.found()), "write between 18 and 30")
			return nil
		}
		if ok {
			p.advance()
			ok = p.value(t, "and")
		}
	case relIn:
		ok = p.list(t)
	default:
		ok = p.value(t, word)
	}
	if !ok {
		return nil
	}
	return t
}

// list reads the values of in.
func (p *parser) list(t *test) bool {
	open := p.tok.off
	if p.tok.kind != tokOpen {
		p.fail(open, fmt.Sprintf("expected a list of values after in, not %s", p.found()), "write in (1, 2, 5)")
		return false
	}
	for {
		p.advance()
		if !p.value(t, "in") {
			return false
		}
		if p.leaves+len(t.values) > p.limits.nodes {
			p.refuse(t.values[0].off, p.limits.tooMany())
			return false
		}
		if p.tok.kind != tokComma {
			return p.close(open)
		}
	}
}

// value reads one value of t, which stands behind the word.
func (p *parser) value(t *test, word string) bool {
	switch p.tok.kind {
	case tokNumber, tokDuration, tokDate, tokParam:
	default:
		p.fail(p.tok.off, fmt.Sprintf("expected a number, a duration or a date after %s, not %s", word, p.found()), p.valueHint(word))
		return false
	}
	v, err := p.lex.readValue(p.tok)
	if err != nil {
		p.fail(p.tok.off, err.msg, err.hint)
		return false
	}
	t.values = append(t.values, v)
	number := p.tok.kind == tokNumber
	p.advance()
	if number && unitOf(p.word()) != 0 {
		p.fail(p.tok.off, fmt.Sprintf("the unit %s stands apart from its number", p.found()), "write 90d or 90天, without a blank")
		return false
	}
	return p.err == nil
}

// attribute reads the name of an attribute, which the function wants.
func (p *parser) attribute(function string) (string, bool) {
	switch p.tok.kind {
	case tokName, tokQuoted:
		name, ok := p.name()
		if ok {
			p.advance()
		}
		return name, ok
	case tokParam:
		p.fail(p.tok.off, "a parameter stands for a tag or a value, not for an attribute", "write the attribute's name")
	case tokEnd, tokError:
		p.fail(p.tok.off, "the query ends where the name of an attribute should follow", "")
	default:
		p.fail(p.tok.off, fmt.Sprintf("expected the name of an attribute in %s, not %s", function, p.found()), p.quoteHint())
	}
	return "", false
}

// has = "has" "(" attribute ")" , of which the name and "(" have been read.
func (p *parser) has() *node {
	off := p.tok.off
	name, ok := p.attribute("has(…)")
	if !ok {
		return nil
	}
	switch {
	case p.tok.kind == tokComma:
		return p.fail(p.tok.off, "has(…) takes one attribute", "write has(a) AND has(b), or OR")
	case p.compares():
		return p.fail(p.tok.off, "has(…) takes an attribute, not a comparison", "write the comparison alone: it holds only where there is a value")
	case p.tok.kind != tokClose && p.tok.kind != tokEnd:
		return p.fail(p.tok.off, fmt.Sprintf(`expected ")" after the attribute of has, not %s`, p.found()), "has takes the name of one attribute")
	}
	return p.tested(off, opAttr, name, false, &test{rel: relHas})
}

// tagged = "tagged" "(" tag [ "," test ] ")" , of which the name and "(" have
// been read.
func (p *parser) tagged() *node {
	tag := p.tagOf("tagged", opTagged)
	if tag == nil {
		return nil
	}
	t := &test{rel: relHas}
	if p.tok.kind == tokComma {
		p.advance()
		if t = p.test(); t == nil {
			return nil
		}
	} else if p.tok.kind != tokClose && p.tok.kind != tokEnd {
		return p.fail(p.tok.off, fmt.Sprintf("expected a comma after the tag of tagged(…), not %s", p.found()), "write tagged(a, > 30d)")
	}
	p.leaves-- // tag is not a node by itself
	return p.tested(tag.off, opTagged, tag.name, tag.param, t)
}

// boost = [ "^" number ] , behind a primary.
func (p *parser) boost(n *node, boostable bool) *node {
	if n == nil || p.tok.kind != tokBoost {
		return n
	}
	if !boostable {
		return p.fail(p.tok.off, "only a tag can be boosted", "boost the tags of an expression one by one")
	}
	p.advance()
	if p.tok.kind != tokNumber {
		return p.fail(p.tok.off, fmt.Sprintf("expected a number after ^, not %s", p.found()), "write VIP^3")
	}
	w, ok := p.integer()
	if ok && (w < math.MinInt32 || w > math.MaxInt32) {
		return p.fail(p.tok.off, "the boost "+strconv.Itoa(w)+" is out of range", "weights have 32 bits")
	}
	if !ok {
		return nil
	}
	n.boosted, n.boost = true, int32(w)
	p.advance()
	if p.tok.kind == tokBoost {
		return p.fail(p.tok.off, "a tag has one boost", "")
	}
	return n
}
