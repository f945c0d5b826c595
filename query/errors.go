package query

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// A SyntaxError says why a text, a JSON tree or a tree made by constructors is
// not a query. Line and Column count from 1, Column in characters (runes), and
// Offset in bytes from 0. For trees made by constructors, which have no text,
// Offset is -1 and Line and Column are 0.
type SyntaxError struct {
	Offset, Line, Column int
	Msg, Hint            string

	excerpt string
}

// Error shows the place, the line with a caret under it, and the hint.
func (e *SyntaxError) Error() string {
	return report(e.Offset, e.Line, e.Column, e.excerpt, e.Msg, e.Hint)
}

// A BindError says why a query does not fit the source or the arguments it is
// compiled with: a tag or a parameter that is not there, or a value of the
// wrong type. Offset is -1 if the query has no text or no place in it is to
// blame. Suggestions are up to three known names, the nearest first.
type BindError struct {
	Offset      int
	Name, Msg   string
	Suggestions []string

	at place
}

// Error shows what SyntaxError's does, with the suggestions as the hint.
func (e *BindError) Error() string {
	hint := ""
	for i, s := range e.Suggestions {
		switch {
		case i == 0:
			hint = "did you mean "
		case i == len(e.Suggestions)-1:
			hint += " or "
		default:
			hint += ", "
		}
		hint += strconv.Quote(s)
	}
	if hint != "" {
		hint += "?"
	}
	return report(e.Offset, e.at.line, e.at.column, e.at.excerpt, e.Msg, hint)
}

// emptyQuery is what the zero Query and a nil one are refused with.
func emptyQuery() error {
	return &SyntaxError{Offset: -1, Msg: "the query is empty", Hint: "make one with Parse or the constructors"}
}

func report(off, line, column int, excerpt, msg, hint string) string {
	var b strings.Builder
	b.WriteString("query: ")
	if off >= 0 && line > 0 {
		b.WriteString("line " + strconv.Itoa(line) + ", column " + strconv.Itoa(column) +
			" (byte " + strconv.Itoa(off) + "): ")
	}
	b.WriteString(msg)
	if excerpt != "" {
		b.WriteString("\n" + excerpt)
	}
	if hint != "" {
		b.WriteString("\nhint: " + hint)
	}
	return b.String()
}

// place is a byte offset as people see it.
type place struct {
	line, column int
	excerpt      string
}

// placeOf finds the place of off in text, which may be past its end. Linear in
// the text, so it is called for errors alone.
func placeOf(text string, off int) place {
	off = min(off, len(text))
	start := strings.LastIndexByte(text[:off], '\n') + 1
	return place{
		line:    1 + strings.Count(text[:start], "\n"),
		column:  1 + utf8.RuneCountInString(text[start:off]),
		excerpt: excerptOf(text, start, off),
	}
}

const (
	excerptIndent = "    "
	// An excerpt shows this many columns at most, and so many of them before the
	// caret: an 80-column terminal with the indent and two ellipses.
	columnsShown  = 72
	columnsBefore = 48
	// Zero-width marks take no columns, so characters are counted as well.
	charsAround = 4 * columnsBefore
)

// excerptOf returns the line that begins at start, cut around off, with a
// caret under off on a second line; nothing if there is nothing to see.
func excerptOf(text string, start, off int) string {
	from, columns := off, 0
	for n := 0; from > start && n < charsAround; n++ {
		r, size := utf8.DecodeLastRuneInString(text[start:from])
		if columns += columnsOf(r); columns > columnsBefore {
			columns -= columnsOf(r)
			break
		}
		from -= size
	}
	to := endOf(text, off, columnsShown-columns)
	if strings.TrimSpace(text[from:to]) == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString(excerptIndent)
	if from > start {
		b.WriteString("…")
		columns++
	}
	for _, r := range text[from:to] {
		b.WriteRune(shown(r))
	}
	if to < len(text) && text[to] != '\n' && text[to] != '\r' {
		b.WriteString("…")
	}
	b.WriteString("\n" + excerptIndent + strings.Repeat(" ", columns) + "^")
	return b.String()
}

// endOf returns where the line at off ends, or where so many columns of it do.
func endOf(text string, off, columns int) int {
	to := off
	for range charsAround {
		r, size := utf8.DecodeRuneInString(text[to:])
		if size == 0 || r == '\n' || r == '\r' && strings.HasPrefix(text[to:], "\r\n") {
			break
		}
		if columns -= columnsOf(r); columns < 0 {
			break
		}
		to += size
	}
	return to
}

// shown replaces what would move a terminal's cursor or reorder the line.
func shown(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case forbidden(r), r == utf8.RuneError:
		return '\uFFFD'
	}
	return r
}

// columnsOf is the width of r on a terminal (UAX #11; ambiguous is narrow).
func columnsOf(r rune) int {
	if r < 0x300 {
		return 1
	}
	if forbidden(r) {
		return 1 // shown as U+FFFD
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
