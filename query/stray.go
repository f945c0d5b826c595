package query

import (
	"cmp"
	"fmt"
)

// What to say of a token that stands where it cannot. Most of it is about
// forms that people know from elsewhere.

// stray refuses the next token, which follows a complete expression.
func (p *parser) stray() {
	off := p.tok.off
	switch p.tok.kind {
	case tokClose:
		p.fail(off, `")" without a "(" before it`, "")
	case tokComma:
		p.fail(off, "a comma stands between the operands of a function alone", p.lex.commaHint(off))
	case tokNot:
		hint := "write AND NOT, or MINUS"
		if w := p.ahead(); w == "in" || w == "between" {
			hint = "NOT stands before the attribute: NOT 年龄 in (1, 2)"
		}
		p.fail(off, fmt.Sprintf("missing operator before %s", p.found()), hint)
	case tokOrder, tokBy, tokByWeight, tokLimit, tokOffset:
		switch {
		case p.nest > 0:
			p.fail(off, "an operand has no LIMIT, no OFFSET and no order", "they stand at the end of the whole query")
		case p.tok.kind == tokLimit || p.tok.kind == tokOffset:
			p.fail(off, fmt.Sprintf("%s is here twice", p.found()), "")
		default:
			p.fail(off, p.found()+" comes too late or twice", "the order of the parts is: expression, score(…), ORDER BY keys, LIMIT, OFFSET")
		}
	case tokCompare:
		p.fail(off, "a comparison needs the name of an attribute before it", "write 消费金额 >= 1000; to name a tag with such a character, quote it")
	default:
		if p.tailed {
			p.fail(off, fmt.Sprintf("unexpected %s after the end of the query", p.found()), p.tailHint())
			return
		}
		p.fail(off, fmt.Sprintf("missing operator before %s", p.found()),
			cmp.Or(wordHint(p.word()), `write AND, OR or MINUS; quote a name that holds blanks: "…"`))
	}
}

// tailHint says what may go on behind a part of the tail.
func (p *parser) tailHint() string {
	if p.word() == "score" {
		return "score(…) stands before ORDER BY"
	}
	return cmp.Or(directionHint(p.word()), "keys of ORDER BY have commas between them; nothing follows LIMIT and OFFSET")
}

// noOperand refuses the next token, which stands where an operand should.
func (p *parser) noOperand() *node {
	off := p.tok.off
	switch p.tok.kind {
	case tokEnd:
		if first := (&lexer{text: p.lex.text}); first.next().kind == tokEnd {
			return p.fail(off, "the query is empty", "write the name of a tag, or everyone")
		}
		return p.fail(off, "the query ends where a tag or a parenthesis should follow", "")
	case tokNumber:
		return p.fail(off, p.found()+" is a number, where a tag was expected", p.quoteHint())
	case tokDuration:
		return p.fail(off, p.found()+" is a duration, where a tag was expected", p.quoteHint())
	case tokDate:
		return p.fail(off, p.found()+" is a date, where a tag was expected", p.quoteHint())
	case tokClose:
		return p.fail(off, `a tag or a parenthesis is missing before ")"`, "")
	case tokOrder, tokBy, tokByWeight, tokLimit, tokOffset:
		return p.fail(off, p.found()+" is a reserved word, where a tag was expected", p.quoteHint())
	}
	return p.fail(off, fmt.Sprintf("a tag or a parenthesis is missing before %s", p.found()), "")
}

// quoteHint says how to make a name of the next token.
func (p *parser) quoteHint() string {
	switch p.tok.kind {
	case tokNumber, tokDuration, tokDate:
		switch p.ahead() {
		case "<", "<=", ">", ">=", "=", "!=":
			return "the attribute comes first: 消费金额 >= 1000, or 年龄 between 18 and 30"
		}
	}
	switch p.tok.kind {
	case tokNumber, tokDuration, tokDate, tokOrder, tokBy, tokByWeight, tokLimit, tokOffset, tokEveryone, tokNobody:
		if word := p.lex.text[p.tok.off:p.tok.end]; len(word) <= briefly {
			return "quote it if it is a tag's name: " + quoted(word)
		}
		return "quote it if it is a tag's name"
	}
	return ""
}
