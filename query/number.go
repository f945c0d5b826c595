package query

import (
	"time"

	"github.com/tagroar/tagroar/internal/tagname"
)

// A run that begins with a digit may be a number, a duration or a date. It is
// a name if it is none of them as a whole: 30天未登录, 3次以上.

// numeral finds out what the run t is. Decimals and times of day go on behind
// the run.
func (l *lexer) numeral(t token) token {
	s := tagname.Fold(l.text[t.off:t.end])
	if dateShaped(s) {
		return l.date(t, s)
	}
	n := digits(s)
	switch {
	case n == 0:
		return t
	case n == len(s):
		t.kind = tokNumber
		return l.fraction(t)
	case unitOf(s[n:]) != 0:
		t.kind = tokDuration
	}
	return t
}

// digits is the length of the digits that s begins with, single underscores
// between them included; 0 if an underscore is elsewhere.
func digits(s string) int {
	i := 0
	for i < len(s) && (digit(rune(s[i])) || s[i] == '_') {
		if s[i] == '_' && (i == 0 || s[i-1] == '_' || i+1 == len(s) || !digit(rune(s[i+1]))) {
			return 0
		}
		i++
	}
	return i
}

// fraction takes in a decimal point and the digits behind it.
func (l *lexer) fraction(t token) token {
	point, size := l.at(t.end)
	if first, _ := l.at(t.end + size); point != '.' || !digit(first) {
		return t
	}
	off := t.end + size
	end := off
	for r, n := l.at(end); nameChar(r); r, n = l.at(end) {
		end += n
	}
	if s := tagname.Fold(l.text[off:end]); digits(s) != len(s) {
		return l.fail(t.off, "this is not a number", `quote a name that holds ".": "…"`)
	}
	return token{tokNumber, t.off, end}
}

// dateShaped reports whether s begins like 2026-01-31, whole or up to the hour
// of a time: 2026-01-31T08.
func dateShaped(s string) bool { return shaped(s, "0000-00-00") || shaped(s, "0000-00-00T00") }

// shaped reports whether s looks like shape, where 0 is any digit.
func shaped(s, shape string) bool {
	if len(s) != len(shape) {
		return false
	}
	for i := range len(s) {
		if shape[i] == '0' && !digit(rune(s[i])) || shape[i] != '0' && s[i] != shape[i] {
			return false
		}
	}
	return true
}

// date checks a date, and takes in the rest of a time, which ends its run at
// the first colon.
func (l *lexer) date(t token, s string) token {
	t.kind = tokDate
	layout := time.DateOnly
	if len(s) > len(time.DateOnly) {
		if colon, _ := l.at(t.end); colon != ':' {
			t.kind = tokName // 2026-01-31T08 alone is a name
			return t
		}
		for t.end < len(l.text) {
			r, size := l.at(t.end)
			if !digit(r) && r != ':' && r != '.' && r != '+' && r != '-' && r != 'Z' {
				break
			}
			t.end += size
		}
		layout, s = time.RFC3339, tagname.Fold(l.text[t.off:t.end])
	}
	if _, err := time.Parse(layout, s); err != nil {
		return l.fail(t.off, brief(s)+" is not a date or time",
			`write 2026-01-31 or 2026-01-31T08:00:00+08:00; quote it if it is a name`)
	}
	return t
}
