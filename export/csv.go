package export

import (
	"bufio"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// CSVOptions says how CSV is written. The zero value gives what RFC 4180
// describes: UTF-8, a header row, commas, cells quoted where needed, and CRLF at
// the end of every row.
//
// Whatever the options, a text cell (a name, an owner, a key) is guarded against
// being run as a formula: if its first character, blanks aside, is one of = + - @,
// their full-width forms, a tab or a line break, it is written with an apostrophe
// before it, in quotes. Numbers, negative ones
// too, and times are written by this package and stay as they are.
type CSVOptions struct {
	// BOM begins the output with a UTF-8 byte order mark. Excel needs it to
	// read Chinese text; most other programs do without.
	BOM bool
	// LF ends rows in a line feed alone, for Unix tools that count lines.
	// Line breaks inside a cell are never changed.
	LF bool
}

// csvWriter writes one row at a time into a buffer. It remembers the first error
// of the underlying writer and returns it from every later call, so that a caller
// needs to look only once a row.
type csvWriter struct {
	w     *bufio.Writer
	end   string
	cells int    // in the row under way
	num   []byte // scratch for numbers and times
}

const bom = "\ufeff"

func newCSVWriter(w io.Writer, o CSVOptions) *csvWriter {
	c := &csvWriter{w: bufio.NewWriterSize(w, 32<<10), end: "\r\n"}
	if o.LF {
		c.end = "\n"
	}
	if o.BOM {
		c.w.WriteString(bom) // bufio keeps the first error for row and flush
	}
	return c
}

// text writes a cell that came from outside.
func (c *csvWriter) text(s string) {
	c.comma()
	switch {
	case looksLikeFormula(s):
		c.w.WriteString(`"'`)
		c.inQuotes(s)
	case strings.ContainsAny(s, "\",\r\n\t;") || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " "):
		// RFC 4180 asks for the first four. Tab and semicolon are the separators of
		// other dialects; blanks at the ends are trimmed by some readers.
		c.w.WriteByte('"')
		c.inQuotes(s)
	default:
		c.w.WriteString(s)
	}
}

// inQuotes writes s with its quotes doubled, and the closing quote.
func (c *csvWriter) inQuotes(s string) {
	for {
		before, after, found := strings.Cut(s, `"`)
		c.w.WriteString(before)
		if !found {
			break
		}
		c.w.WriteString(`""`)
		s = after
	}
	c.w.WriteByte('"')
}

// number writes a cell as a number, never guarded: -5 is a number, not a formula.
func (c *csvWriter) number(n int64) {
	c.comma()
	c.num = strconv.AppendInt(c.num[:0], n, 10)
	c.w.Write(c.num)
}

// time writes a cell as RFC 3339 in UTC, to the second; the zero time is empty.
func (c *csvWriter) time(t time.Time) {
	c.comma()
	if t.IsZero() {
		return
	}
	c.num = t.UTC().AppendFormat(c.num[:0], time.RFC3339)
	c.w.Write(c.num)
}

func (c *csvWriter) comma() {
	if c.cells > 0 {
		c.w.WriteByte(',')
	}
	c.cells++
}

// row ends the row under way.
func (c *csvWriter) row() error {
	c.cells = 0
	_, err := c.w.WriteString(c.end)
	return err
}

func (c *csvWriter) header(names ...string) error {
	for _, n := range names {
		c.text(n)
	}
	return c.row()
}

func (c *csvWriter) flush() error { return c.w.Flush() }

// looksLikeFormula reports whether a spreadsheet might evaluate the cell: OWASP's
// list for CSV injection, with the full-width forms that East Asian input methods
// give and some programs fold. Leading blanks are looked through, for programs
// that trim them, and so are the marks that show nothing.
func looksLikeFormula(s string) bool {
	for _, r := range s {
		switch r {
		case '\t', '\r', '\n', '=', '+', '-', '@', '\uff1d', '\uff0b', '\uff0d', '\uff20':
			return true
		}
		if !unicode.IsSpace(r) && !unicode.IsControl(r) && !unicode.Is(unicode.Cf, r) && r != utf8.RuneError {
			return false
		}
	}
	return false
}
