package query

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind is what a token means to the parser; spellings are gone.
type tokenKind uint8

const (
	tokEnd tokenKind = iota
	tokError
	tokName
	tokQuoted
	tokParam
	tokNumber
	tokDuration
	tokDate
	tokOpen  // (
	tokClose // )
	tokComma
	tokCompare // = != < <= > >=
	tokBoost   // ^
	tokNot
	tokAnd
	tokOr
	tokMinus
	tokXor
	tokEveryone
	tokNobody
	tokOrder    // ORDER
	tokBy       // 按
	tokByWeight // 按权重
	tokLimit
	tokOffset
)

// A token is a piece of the text, text[off:end].
type token struct {
	kind     tokenKind
	off, end int
}

// operand reports whether a token of kind k ends an operand, so that what
// follows it is an operator: a '-' behind it is no sign.
func (k tokenKind) operand() bool {
	switch k {
	case tokName, tokQuoted, tokParam, tokNumber, tokDuration, tokDate, tokClose, tokEveryone, tokNobody:
		return true
	}
	return false
}

// A lexer cuts a text into tokens, one at a time, in one pass: no character is
// looked at more than a few times. After an error it gives nothing but that.
type lexer struct {
	text string
	off  int
	last token
	err  *SyntaxError // Offset, Msg and Hint
}

// Character classes beside letters, marks and numbers.
const invalid rune = -1 // not UTF-8

// at returns the character at offset i, full-width ASCII folded, and its size.
// At the end of the text it returns 0, 0.
func (l *lexer) at(i int) (rune, int) {
	if i >= len(l.text) {
		return 0, 0
	}
	if c := l.text[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	r, size := utf8.DecodeRuneInString(l.text[i:])
	switch {
	case r == utf8.RuneError && size == 1:
		return invalid, 1
	case r >= 0xFF01 && r <= 0xFF5E:
		return r - 0xFEE0, size
	}
	return r, size
}

// nameChar reports whether r may stand in a name without quotes (a '-' may,
// too, between two such characters).
func nameChar(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r|0x20 >= 'a' && r|0x20 <= 'z' || r >= '0' && r <= '9' || r == '_' || r == '/'
	case r >= 0x4E00 && r <= 0x9FFF: // Han, the usual case after ASCII
		return true
	}
	return unicode.In(r, unicode.L, unicode.M, unicode.N)
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

// blank reports whether r separates tokens: spaces of any width, tabs and line
// ends, but not U+2028 and U+2029, which look like line ends and count as none.
func blank(r rune) bool {
	switch {
	case r == ' ', r == '\t', r == '\n', r == '\r':
		return true
	case r < utf8.RuneSelf:
		return false
	}
	return unicode.Is(unicode.Zs, r)
}

// forbidden reports whether r is refused everywhere, comments included:
// control characters, and what reorders the text around it or breaks lines
// behind a reader's back.
func forbidden(r rune) bool {
	switch {
	case r == '\t', r == '\n', r == '\r':
		return false
	case r < 0xA0:
		return r < ' ' || r >= 0x7F
	}
	return r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r)
}

// next returns the next token.
func (l *lexer) next() token {
	if l.err != nil {
		return token{tokError, l.off, l.off}
	}
	if !l.skip() {
		return token{tokError, l.off, l.off}
	}
	t := token{tokEnd, l.off, l.off}
	r, size := l.at(l.off)
	if size == 0 {
		l.last = t
		return t
	}
	if nameChar(r) {
		t = l.run(l.off)
	} else {
		t = l.symbol(r, size)
	}
	if l.err != nil {
		t.kind = tokError
	}
	l.off = t.end
	l.last = t
	return t
}

// fail notes an error at offset off; the token it returns is of no use.
func (l *lexer) fail(off int, msg, hint string) token {
	if l.err == nil {
		l.err = &SyntaxError{Offset: off, Msg: msg, Hint: hint}
	}
	return token{tokError, off, off}
}

// skip passes over blanks and comments.
func (l *lexer) skip() bool {
	comment := false
	for {
		r, size := l.at(l.off)
		switch {
		case size == 0:
			return true
		case r == invalid || forbidden(r):
			l.refuse(l.off, r)
			return false
		case comment:
			comment = r != '\n'
		case r == '#':
			comment = true
		case !blank(r):
			return true
		}
		l.off += size
	}
}

// refuse reports a character that may stand nowhere.
func (l *lexer) refuse(off int, r rune) token {
	if r == invalid {
		return l.fail(off, "the text is not valid UTF-8 here", "")
	}
	return l.fail(off, "the character "+fmt.Sprintf("%U", r)+" is invisible and not allowed", "remove it")
}

// symbol reads a token that does not begin with a name character.
func (l *lexer) symbol(r rune, size int) token {
	off := l.off
	one := func(k tokenKind) token { return token{k, off, off + size} }
	twice := func(second rune, k, k2 tokenKind) token { // r, or r and second
		if r2, size2 := l.at(off + size); r2 == second {
			return token{k2, off, off + size + size2}
		}
		return one(k)
	}
	switch r {
	case '(':
		return one(tokOpen)
	case ')':
		return one(tokClose)
	case ',', '、':
		return one(tokComma)
	case '"':
		return l.quoted(size, '"')
	case '“':
		return l.quoted(size, '”')
	case '$':
		return l.param(size)
	case '-':
		return l.hyphen(size)
	case '!':
		return twice('=', tokNot, tokCompare)
	case '¬':
		return one(tokNot)
	case '&':
		return twice('&', tokAnd, tokAnd)
	case '∩':
		return one(tokAnd)
	case '|':
		return twice('|', tokOr, tokOr)
	case '∪':
		return one(tokOr)
	case '\\', '∖':
		return one(tokMinus)
	case '⊕':
		return one(tokXor)
	case '*':
		return one(tokEveryone)
	case '^':
		return one(tokBoost)
	case '=':
		return one(tokCompare)
	case '<', '>':
		return twice('=', tokCompare, tokCompare)
	case '”':
		return l.fail(off, "a closing quote without an opening one", `write names in quotes as "…" or “…”`)
	case '−', '–', '—', '‐', '‑':
		return l.fail(off, "the character "+fmt.Sprintf("%U", r)+" is not the minus sign",
			`write "-" with a blank on both sides, or MINUS`)
	}
	if unicode.Is(unicode.Cf, r) {
		return l.refuse(off, r)
	}
	return l.fail(off, "unexpected character "+fmt.Sprintf("%q", r), symbolHint(r))
}

// hyphen reads a '-' that no name took in: the sign of a number, or MINUS.
func (l *lexer) hyphen(size int) token {
	next, nextSize := l.at(l.off + size)
	if digit(next) && !l.last.kind.operand() || digit(next) && l.lastIs("between") {
		switch t := l.run(l.off + size); t.kind {
		case tokNumber:
			return token{tokNumber, l.off, t.end}
		case tokDuration:
			return l.fail(l.off, "a duration has no sign", "an age counts from now into the past: > 90d is longer ago than 90 days")
		}
		l.err = nil
	}
	before, _ := utf8.DecodeLastRuneInString(l.text[:l.off])
	if (l.off == 0 || blank(before)) && (nextSize == 0 || blank(next)) {
		return token{tokMinus, l.off, l.off + size}
	}
	return l.fail(l.off, `this "-" is neither inside a name nor an operator`,
		`for the difference put a blank on both sides ("a - b"); quote a name that begins or ends with "-"`)
}

// lastIs reports whether the last token was the name word, in any case: words
// that count by position stand before operands without being reserved.
func (l *lexer) lastIs(word string) bool {
	return l.last.kind == tokName && strings.EqualFold(l.text[l.last.off:l.last.end], word)
}

// quoted reads a name in quotes up to the closing one. What it may contain
// besides is the business of the rules for names.
func (l *lexer) quoted(size int, closing rune) token {
	for i := l.off + size; ; {
		r, n := l.at(i)
		switch {
		case n == 0:
			return l.fail(l.off, "this quote is not closed", "")
		case r == invalid || forbidden(r):
			return l.refuse(i, r)
		case r == '\n' || r == '\r' || r == '\t':
			return l.fail(i, "a name has no line ends and tabs", "is the quote before it closed?")
		case r == closing:
			return token{tokQuoted, l.off, i + n}
		case r == '\\':
			e, en := l.at(i + n)
			if e != '"' && e != '\\' {
				return l.fail(i, `a backslash in quotes stands before " or \ alone`, `write \\ for a backslash`)
			}
			n += en
		}
		i += n
	}
}

// unquoted returns the text of a quoted name, folded but not yet normalised.
func (l *lexer) unquoted(t token) string {
	_, size := l.at(t.off)
	var b strings.Builder
	b.Grow(t.end - t.off)
	for i := t.off + size; i < t.end; {
		r, n := l.at(i)
		i += n
		if i == t.end { // the closing quote
			break
		}
		if r == '\\' {
			r, n = l.at(i)
			i += n
		}
		b.WriteRune(r)
	}
	return b.String()
}

// param reads $name.
func (l *lexer) param(size int) token {
	start := l.off + size
	if r, _ := l.at(start); !nameChar(r) {
		return l.fail(l.off, `"$" without the name of a parameter`, "write $name")
	}
	end := start
	for r, n := l.at(end); nameChar(r); r, n = l.at(end) {
		if r == '/' {
			return l.fail(end, `the name of a parameter holds no "/"`, "give the whole path as the parameter's value")
		}
		end += n
	}
	return token{tokParam, l.off, end}
}
