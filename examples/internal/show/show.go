// Package show prints what the examples do: headings, aligned columns also for
// wide scripts, colour on a terminal. It counts the answers that were checked.
package show

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/text/width"
)

// A Printer writes headings and aligned tables to W; in colour if Color is set.
type Printer struct {
	W     io.Writer
	Color bool
	part  int
}

// What [Printer.Paint] knows.
const (
	Bold  = "1"
	Dim   = "2"
	Green = "32"
	Red   = "31"
)

// Terminal is a printer to f, in colour if f is a terminal that wants it.
func Terminal(f *os.File) *Printer { return &Printer{W: f, Color: isTerminal(f)} }

// Paint gives s a style, if there is colour.
func (p *Printer) Paint(style, s string) string {
	if !p.Color || s == "" {
		return s
	}
	return "\x1b[" + style + "m" + s + "\x1b[0m"
}

// Line prints a line, indented as all but headings are.
func (p *Printer) Line(format string, args ...any) {
	fmt.Fprintf(p.W, strings.TrimRight("   "+format, " ")+"\n", args...)
}

// Block prints text of several lines, dimmed.
func (p *Printer) Block(text string) {
	for l := range strings.Lines(strings.TrimRight(text, "\n")) {
		p.Line("%s", p.Paint(Dim, strings.TrimRight(l, "\r\n")))
	}
}

// Heading begins the next part.
func (p *Printer) Heading(title, remark string) {
	p.part++
	fmt.Fprintf(p.W, "\n%s  %s\n", p.Paint(Bold, fmt.Sprintf("%d  %s", p.part, title)), p.Paint(Dim, remark))
}

// Table prints rows in columns; align has a letter for each: l or r.
func (p *Printer) Table(align string, rows [][]string) {
	widths := make([]int, len(align))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], Columns(cell))
		}
	}
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-Columns(cell))
			if i > 0 {
				b.WriteString("  ")
			}
			if align[i] == 'r' {
				b.WriteString(pad + cell)
			} else {
				b.WriteString(cell + pad)
			}
		}
		p.Line("%s", strings.TrimRight(b.String(), " "))
	}
}

// Columns is how many columns of a terminal s takes: two for each wide character,
// none for the escapes that set colours.
func Columns(s string) int {
	n := 0
	escape := false
	for _, r := range s {
		switch {
		case r == '\x1b':
			escape = true
		case escape:
			escape = r != 'm'
		default:
			n++
			if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
				n++
			}
		}
	}
	return n
}

// Took prints a duration in about three digits.
func Took(d time.Duration) string {
	switch {
	case d < 10*time.Microsecond:
		return fmt.Sprintf("%.1f µs", float64(d)/float64(time.Microsecond))
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	default:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
}

// Grouped prints 18536 as 18,536.
func Grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func isTerminal(f *os.File) bool {
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
