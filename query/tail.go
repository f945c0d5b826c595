package query

import (
	"fmt"
	"strings"
)

// tail = [ score ] [ order ] [ limit number ] [ offset number ] .
func (p *parser) tail(q *Query) {
	if p.word() == "score" && !p.scores(q) {
		return
	}
	switch p.tok.kind {
	case tokOrder, tokBy, tokByWeight:
		if !p.order(q) {
			return
		}
	}
	if p.tok.kind == tokLimit {
		if q.limit = p.bound("LIMIT"); p.err != nil {
			return
		}
	}
	if p.tok.kind == tokOffset {
		if q.offset = p.bound("OFFSET"); p.err != nil {
			return
		}
		if p.tok.kind == tokLimit {
			p.fail(p.tok.off, "LIMIT comes before OFFSET", "write LIMIT n OFFSET n, or 取 n 跳过 n")
		}
	}
}

// score = "score" "(" scored { "," scored } ")" .
// scored = tag [ boost ] | "segment" … | "only" … | "tagged" … .
func (p *parser) scores(q *Query) bool {
	word := p.tok
	after := p.lex // to look one token further, and come back
	if after.next().kind != tokOpen {
		return true // a name where an operator is missing: the caller says so
	}
	p.advance()
	open := p.tok.off
	p.nest++
	for {
		p.advance()
		off := p.tok.off
		n := p.chain()
		if n == nil {
			return false
		}
		if !n.namesTag() {
			p.fail(off, "score(…) lists tags alone", "write score(VIP^3, only(new), …)")
			return false
		}
		q.score = append(q.score, n)
		if p.tok.kind != tokComma {
			break
		}
	}
	if !p.close(open) {
		return false
	}
	p.nest--
	if err := p.limits.scored(q.root, q.score); err != nil {
		p.refuse(word.off, err)
		return false
	}
	p.tailed = true
	return true
}

// order = ( "ORDER" "BY" | "按" ) key { "," key } | "按权重" [ direction ] { "," key } .
func (p *parser) order(q *Query) bool {
	p.tailed = true
	first := p.tok
	p.advance()
	switch {
	case first.kind == tokByWeight:
		if !p.addKey(q, orderKey{by: byWeight, desc: true, off: first.off}) {
			return false
		}
		if p.tok.kind != tokComma {
			return true
		}
		p.advance()
	case first.kind == tokOrder && p.word() != "by":
		p.fail(p.tok.off, fmt.Sprintf("expected BY after ORDER, not %s", p.found()), "write ORDER BY WEIGHT DESC")
		return false
	case first.kind == tokOrder:
		p.advance()
	}
	for {
		k, ok := p.key()
		if !ok || !p.addKey(q, k) {
			return false
		}
		if p.tok.kind != tokComma {
			return true
		}
		p.advance()
	}
}

// addKey reads the direction of k and adds it to the order.
func (p *parser) addKey(q *Query, k orderKey) bool {
	p.direction(&k)
	if err := checkKey(q.order, k); err != nil {
		p.fail(k.off, err.Msg, err.Hint)
		return false
	}
	q.order = append(q.order, k)
	return p.err == nil
}

// direction = "DESC" | "降序" | "ASC" | "升序" , which may be missing.
func (p *parser) direction(k *orderKey) {
	switch p.word() {
	case "desc", "降序":
		k.desc = true
		p.advance()
	case "asc", "升序":
		k.desc = false
		p.advance()
	}
}

// key = "WEIGHT" | "ID" | attribute .
func (p *parser) key() (orderKey, bool) {
	k := orderKey{by: byAttr, off: p.tok.off}
	switch {
	case p.tok.kind == tokByWeight:
		p.fail(k.off, "按权重 stands at the beginning of an order", "write WEIGHT here")
		return k, false
	case p.word() == "weight":
		k.by, k.desc = byWeight, true
	case p.word() == "id":
		k.by = byID
	default:
		var ok bool
		k.name, ok = p.attribute("the order")
		return k, ok
	}
	p.advance()
	return k, true
}

// bound reads the number behind LIMIT or OFFSET.
func (p *parser) bound(word string) int {
	p.tailed = true
	p.advance()
	if p.tok.kind != tokNumber {
		p.fail(p.tok.off, fmt.Sprintf("expected a number after %s, not %s", word, p.found()), "")
		return 0
	}
	n, ok := p.integer()
	if ok && n < 0 {
		p.fail(p.tok.off, word+" must not be negative", "")
	}
	p.advance()
	return n
}

// writeTail appends the tail in canonical spelling.
func (q *Query) writeTail(b *strings.Builder) {
	for i, n := range q.score {
		if i == 0 {
			b.WriteString(" score(")
		} else {
			b.WriteString(", ")
		}
		writeNode(b, n)
		if i == len(q.score)-1 {
			b.WriteByte(')')
		}
	}
	for i, k := range q.order {
		if i == 0 {
			b.WriteString(" ORDER BY ")
		} else {
			b.WriteString(", ")
		}
		b.WriteString(k.String())
	}
	if q.limit >= 0 {
		fmt.Fprintf(b, " LIMIT %d", q.limit)
	}
	if q.offset > 0 {
		fmt.Fprintf(b, " OFFSET %d", q.offset)
	}
}
