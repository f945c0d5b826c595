package guard

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A File is the committed baselines: text, a line for each row, so that a change shows what it changes.
//
//	# a comment, kept at the head
//	left-out D1/*/* the disk decides
//	class AVX2: where and when it was measured
//	Q1 1M 2.98 2.91–3.05
//	H1 1M <=1.45 1.45–1.45
//	Q3 1M 7.61 7.4–8.02 was 10.2
//
// A line of a row has the median of the runs, then their least and greatest. "<=" marks ratios of which less is better. "was" is the
// ratio that a row had before it was lowered; such a row needs its profile (ProfileName).
type File struct {
	head    []string // comment lines, before anything else
	out     []leftOut
	Classes []Class
}

// A leftOut is rows that are not compared: too noisy even in the middle of several runs, or decided by something that is not ours.
type leftOut struct{ pattern, reason string }

// A Class is the baselines of one class of processors.
type Class struct {
	Name, About string
	Rows        []Baseline
}

// A Baseline is what a row has shown.
type Baseline struct {
	Key
	Ratio       float64 // the median of some runs
	Least, Most float64 // of these runs
	AtMost      bool    // less is better
	Was         float64 // the ratio before it was lowered; zero: it was not
}

// Parse reads a file.
func Parse(text string) (*File, error) {
	f := &File{}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\n")
		var err error
		switch word, rest, _ := strings.Cut(line, " "); {
		case strings.HasPrefix(line, "#") && len(f.out) == 0 && len(f.Classes) == 0:
			f.head = append(f.head, line)
		case line == "":
		case word == "left-out":
			err = f.parseLeftOut(rest)
		case word == "class":
			name, about, ok := strings.Cut(rest, ": ")
			if !ok || f.class(name) != nil {
				err = fmt.Errorf("want a class of its own, a colon and where it was measured")
				break
			}
			f.Classes = append(f.Classes, Class{Name: name, About: about})
		case len(f.Classes) == 0:
			err = fmt.Errorf("a row before any class")
		default:
			err = f.Classes[len(f.Classes)-1].parseRow(strings.Fields(line))
		}
		if err != nil {
			return nil, fmt.Errorf("guard: line %d: %w", n, err)
		}
	}
	return f, nil
}

func (f *File) parseLeftOut(rest string) error {
	pattern, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if _, err := path.Match(pattern, ""); err != nil || strings.TrimSpace(reason) == "" {
		return fmt.Errorf("want a row, in which a * stands for anything but a slash, and the reason why it is left out")
	}
	f.out = append(f.out, leftOut{pattern, strings.TrimSpace(reason)})
	return nil
}

func (c *Class) parseRow(words []string) error {
	if len(words) != 4 && (len(words) != 6 || words[4] != "was") {
		return fmt.Errorf("want row, size, ratio, least–most")
	}
	b := Baseline{Key: Key{words[0], words[1]}}
	if _, twice := c.find(b.Key); twice {
		return fmt.Errorf("%v for the second time", b.Key)
	}
	var ratio string
	ratio, b.AtMost = strings.CutPrefix(words[2], "<=")
	least, most, _ := strings.Cut(words[3], "–")
	figures := []struct {
		text string
		to   *float64
	}{{ratio, &b.Ratio}, {least, &b.Least}, {most, &b.Most}}
	if len(words) == 6 {
		figures = append(figures, struct {
			text string
			to   *float64
		}{words[5], &b.Was})
	}
	for _, x := range figures {
		var err error
		if *x.to, err = strconv.ParseFloat(x.text, 64); err != nil || *x.to <= 0 {
			return fmt.Errorf("%q is not a ratio", x.text)
		}
	}
	c.Rows = append(c.Rows, b)
	return nil
}

// String is the file as Parse reads it.
func (f *File) String() string {
	var b strings.Builder
	for _, line := range f.head {
		fmt.Fprintln(&b, line)
	}
	wide := 0
	for _, o := range f.out {
		wide = max(wide, len(o.pattern))
	}
	for i, o := range f.out {
		if i == 0 {
			fmt.Fprintln(&b)
		}
		fmt.Fprintf(&b, "left-out %-*s %s\n", wide, o.pattern, o.reason)
	}
	for _, c := range f.Classes {
		fmt.Fprintf(&b, "\nclass %s: %s\n", c.Name, c.About)
		row, size := 0, 0
		for _, r := range c.Rows {
			row, size = max(row, utf8.RuneCountInString(r.Row)), max(size, utf8.RuneCountInString(r.Size))
		}
		for _, r := range c.Rows {
			line := fmt.Sprintf("%-*s  %-*s  %-7s %s–%s", row, r.Row, size, r.Size, r.ratio(), format(r.Least), format(r.Most))
			if r.Was != 0 {
				line += " was " + format(r.Was)
			}
			fmt.Fprintln(&b, line)
		}
	}
	return b.String()
}

func (b Baseline) ratio() string {
	if b.AtMost {
		return "<=" + format(b.Ratio)
	}
	return format(b.Ratio)
}

// format writes a ratio to three digits.
func format(ratio float64) string {
	if ratio >= 1000 {
		return strconv.FormatFloat(ratio, 'f', 0, 64)
	}
	return strconv.FormatFloat(ratio, 'g', 3, 64)
}

func (f *File) class(name string) *Class {
	for i := range f.Classes {
		if f.Classes[i].Name == name {
			return &f.Classes[i]
		}
	}
	return nil
}

func (c *Class) find(k Key) (Baseline, bool) {
	for _, b := range c.Rows {
		if b.Key == k {
			return b, true
		}
	}
	return Baseline{}, false
}

func (f *File) leftOut(k Key) bool {
	for _, o := range f.out {
		if ok, _ := path.Match(o.pattern, k.Row); ok {
			return true
		}
	}
	return false
}
