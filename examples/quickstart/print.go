package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/text/width"
)

// A printer writes headings and aligned tables; in colour on a terminal.
type printer struct {
	w     io.Writer
	color bool
	part  int
}

const (
	bold  = "1"
	dim   = "2"
	green = "32"
	red   = "31"
)

func (p *printer) paint(style, s string) string {
	if !p.color || s == "" {
		return s
	}
	return "\x1b[" + style + "m" + s + "\x1b[0m"
}

func (p *printer) line(format string, args ...any) {
	fmt.Fprintf(p.w, strings.TrimRight("   "+format, " ")+"\n", args...)
}

// block prints text of several lines, dimmed.
func (p *printer) block(text string) {
	for l := range strings.Lines(strings.TrimRight(text, "\n")) {
		p.line("%s", p.paint(dim, strings.TrimRight(l, "\r\n")))
	}
}

func (p *printer) heading(title, remark string) {
	p.part++
	fmt.Fprintf(p.w, "\n%s  %s\n", p.paint(bold, fmt.Sprintf("%d  %s", p.part, title)), p.paint(dim, remark))
}

// table prints rows in columns; align has a letter for each: l or r.
func (p *printer) table(align string, rows [][]string) {
	widths := make([]int, len(align))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], columns(cell))
		}
	}
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-columns(cell))
			if i > 0 {
				b.WriteString("  ")
			}
			if align[i] == 'r' {
				b.WriteString(pad + cell)
			} else {
				b.WriteString(cell + pad)
			}
		}
		p.line("%s", strings.TrimRight(b.String(), " "))
	}
}

// columns is how many columns of a terminal s takes: two for each wide character,
// none for the escapes that set colours.
func columns(s string) int {
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

// took prints a duration in about three digits.
func took(d time.Duration) string {
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

// grouped prints 18536 as 18,536.
func grouped(n int) string {
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
