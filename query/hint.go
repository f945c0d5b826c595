package query

import (
	"strings"

	"github.com/tagroar/tagroar/internal/tagname"
)

// Hints for what people write from habit: other units, other ways to write
// dates, and words of SQL or of everyday Chinese. Whether it is an error is
// decided elsewhere, and what it says, too.

// valueHint says what a comparison takes instead of the next token, which
// stands behind the word.
func (p *parser) valueHint(word string) string {
	text := p.lex.text[p.tok.off:p.tok.end]
	switch word + text {
	case "==":
		return `"equal" is a single =`
	case "<>":
		return `"not equal" is !=`
	case "=>", "=<":
		return "write >= or <="
	}
	switch p.tok.kind {
	case tokName:
		return nameHint(tagname.Fold(text))
	case tokQuoted:
		if s := strings.TrimLeft(p.lex.unquoted(p.tok), "-"); s != "" && digit(rune(s[0])) {
			return "numbers, durations and dates have no quotes: 1000, 2.5, 90d, 2026-01-31"
		}
		return nameHint("")
	}
	return "write 1000, 2.5, 90d or 2026-01-31"
}

// nameHint says how to write a value that was read as the name s.
func nameHint(s string) string {
	n := digits(s)
	rest := strings.TrimLeft(s[n:], "-/年")
	switch {
	case n == 0:
		return "attributes are numbers and times (1000, 2.5, 90d, 2026-01-31); what has a name is a tag"
	case rest != s[n:] && rest != "" && digit(rune(rest[0])):
		return "write dates as 2026-01-31, with two digits for month and day"
	case exponent(s[n:]):
		return "write all digits: 1000000, or 1_000_000"
	}
	for _, word := range gluedWords {
		if strings.Contains(s[n:], word) {
			return "put blanks around " + word + " if it is meant as an operator"
		}
	}
	return "the units are d h min w mo y, or 天 小时 分钟 周 个月 年; a number has none: 1000, 2.5"
}

// exponent reports whether s is what follows the digits of 1e9.
func exponent(s string) bool {
	return len(s) > 1 && (s[0] == 'e' || s[0] == 'E') && digits(s[1:]) == len(s)-1
}

// gluedWords are operators that a run of name characters takes in where no
// blanks are around them.
var gluedWords = [...]string{"且", "或", "减", "排除", "-"}

// wordHint says what may be meant by a word that stands where an operator
// should; "" if nothing is known of it.
func wordHint(word string) string {
	switch word {
	case "is":
		return "write has(…), or NOT has(…) for those without a value"
	case "大于", "小于", "等于", "不等于", "大于等于", "小于等于", "不小于", "不大于":
		return "write > < = != >= <="
	case "介于":
		return "write between 18 and 30"
	case "top", "first", "前":
		return "write LIMIT 10, or 取 10"
	}
	switch {
	case strings.HasPrefix(word, "按权重"):
		return "put a blank behind 按权重: 按权重 降序"
	case strings.HasPrefix(word, "按"):
		return "put a blank behind 按: 按 消费金额"
	}
	return ""
}

// directionHint says what may be meant by a word behind a key of an order.
func directionHint(word string) string {
	switch word {
	case "descending", "倒序", "逆序":
		return "write DESC, or 降序"
	case "ascending", "正序", "顺序":
		return "write ASC, or 升序"
	case "nulls":
		return "members without a value come last, in either direction"
	}
	return ""
}

// ahead is the token behind the next one, in lower case.
func (p *parser) ahead() string {
	l := p.lex // to look, and come back
	t := l.next()
	return strings.ToLower(tagname.Fold(l.text[t.off:t.end]))
}

// symbolHint says what to write instead of a character that nothing begins with.
func symbolHint(r rune) string {
	switch r {
	case '≥', '≤', '≠':
		return "write >=, <= or !="
	case '.', '+', '￥', '¥', '€', '£':
		return `numbers are digits with a point between: 1000, 0.5, -3; quote a name that holds ` + string(r) + `: "…"`
	}
	return `quote a name that holds it: "…"`
}

// commaHint says what to write instead of a comma at offset off of text, where
// none belongs.
func (l *lexer) commaHint(off int) string {
	_, size := l.at(off)
	if next, _ := l.at(off + size); digit(next) && off > 0 && digit(rune(l.text[off-1])) {
		return "group digits by _ or not at all: 1_000"
	}
	return "write AND or OR"
}
