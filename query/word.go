package query

import "unicode/utf8"

// run reads the longest run of name characters from off on, and says what the
// whole of it is: number, duration, date, reserved word, or name.
func (l *lexer) run(off int) token {
	end := off
	for {
		r, size := l.at(end)
		if r == '-' && end > off {
			if after, _ := l.at(end + size); !nameChar(after) {
				break
			}
		} else if !nameChar(r) {
			break
		}
		end += size
	}
	t := token{tokName, off, end}
	if first, _ := l.at(off); digit(first) {
		return l.numeral(t)
	}
	var buf [maxWord]byte
	if word, ok := l.word(&buf, off, end); ok {
		if kind, ok := reserved(word); ok {
			t.kind = kind
		}
	}
	return t
}

// maxWord is the length of the longest reserved word, 按权重.
const maxWord = 9

// word returns the folded, lower-case text of a run that is short enough to be
// a reserved word. The result is on the caller's stack.
func (l *lexer) word(buf *[maxWord]byte, off, end int) ([]byte, bool) {
	b := buf[:0]
	for i := off; i < end; {
		r, size := l.at(i)
		if 'A' <= r && r <= 'Z' {
			r |= 0x20
		}
		if len(b)+utf8.RuneLen(r) > maxWord {
			return nil, false
		}
		b = utf8.AppendRune(b, r)
		i += size
	}
	return b, true
}

// reserved returns what a word means that is no name without quotes.
func reserved(word []byte) (tokenKind, bool) {
	switch string(word) {
	case "not", "非":
		return tokNot, true
	case "and", "且":
		return tokAnd, true
	case "or", "或":
		return tokOr, true
	case "minus", "except", "减", "排除":
		return tokMinus, true
	case "xor":
		return tokXor, true
	case "everyone", "全部":
		return tokEveryone, true
	case "nobody":
		return tokNobody, true
	case "order":
		return tokOrder, true
	case "按":
		return tokBy, true
	case "按权重":
		return tokByWeight, true
	case "limit", "取":
		return tokLimit, true
	case "offset", "跳过":
		return tokOffset, true
	}
	return 0, false
}
