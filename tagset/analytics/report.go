package analytics

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"github.com/tagroar/tagroar/tagset"
)

// Proof is the report in two lines: the values are mutually exclusive if and
// only if the first difference is 0, and exhaustive if and only if the second is.
func (r *Report) Proof() string {
	exclusive, exhaustive := "mutually exclusive", "collectively exhaustive"
	if !r.Exclusive() {
		exclusive = "not exclusive"
	}
	if !r.Exhaustive() {
		exhaustive = "not exhaustive"
	}
	sum, covered := r.Sum, r.Covered.Len()
	universe, uncovered := r.Universe.Len(), r.Uncovered.Len()
	return fmt.Sprintf("Σ|Ti| − |∪Ti| = %s − %s = %s: %s\n|U ∖ ∪Ti| = %s − %s = %s: %s\n",
		grouped(sum), grouped(covered), grouped(sum-covered), exclusive,
		grouped(universe), grouped(universe-uncovered), grouped(uncovered), exhaustive)
}

// String is the whole report as text, lines of aligned columns. Names in wide
// scripts are taken to be two columns a letter.
func (r *Report) String() string {
	var b strings.Builder
	what := strconv.Itoa(len(r.Values)) + " values"
	if r.Group != "" {
		what += " of " + r.Group
	}
	within := "everyone"
	if r.Within != "" {
		within = r.Within
	}
	fmt.Fprintf(&b, "%s, U: %s\n%s", what, within, r.Proof())
	if outside := r.Covered.AndNotLen(r.Universe); outside > 0 {
		fmt.Fprintf(&b, "%s have a value and are not in U\n", members(outside))
	}
	r.printValues(&b)
	r.printOverlaps(&b)
	if !r.Exhaustive() {
		fmt.Fprintf(&b, "without a value: %s, %s\n", members(r.Uncovered.Len()), firstOf(r.Uncovered, 5))
	}
	return b.String()
}

// printValues prints the values, the strongest first if that matters.
func (r *Report) printValues(b *strings.Builder) {
	rows := [][]string{{"value", "members", "shared", "keeps"}}
	byName := map[string]*Value{}
	for i := range r.Values {
		byName[r.Values[i].Name] = &r.Values[i]
	}
	for i := range r.Values {
		v := &r.Values[i]
		if !r.Exclusive() {
			v = byName[r.Precedence[i]]
		}
		rows = append(rows, []string{r.short(v.Name), grouped(v.Members), grouped(v.Shared), grouped(v.Keeps)})
	}
	if r.Exclusive() {
		for i := range rows {
			rows[i] = rows[i][:2]
		}
	} else {
		b.WriteString("suggested precedence, the strongest first:\n")
	}
	printTable(b, rows, 3)
}

func (r *Report) printOverlaps(b *strings.Builder) {
	if r.Exclusive() {
		return
	}
	more := ""
	if r.Unsorted > 0 {
		more = "more than "
	}
	fmt.Fprintf(b, "in two or more: %s, in %s%s combinations\n", members(r.Overlapping.Len()), more, grouped(r.Combinations))
	shown := 0
	var rows [][]string
	for _, o := range r.Overlaps {
		shown += o.Members
		names := make([]string, len(o.Values))
		for i, n := range o.Values {
			names[i] = r.short(n)
		}
		rows = append(rows, []string{strings.Join(names, " + "), grouped(o.Members), list(o.Sample, o.Members)})
	}
	printTable(b, rows, 1)
	if rest := r.Overlapping.Len() - shown; rest > 0 && shown > 0 {
		fmt.Fprintf(b, "  %s in other combinations\n", members(rest))
	}
}

// short is a value's name without the group's.
func (r *Report) short(name string) string { return strings.TrimPrefix(name, r.Group+"/") }

func members(n int) string {
	if n == 1 {
		return "1 member"
	}
	return grouped(n) + " members"
}

// firstOf lists the first n members of a set.
func firstOf(s tagset.Set, n int) string {
	var ms []tagset.Member
	for m := range s.All() {
		if len(ms) == n {
			break
		}
		ms = append(ms, m)
	}
	return list(ms, s.Len())
}

// list writes some of n members.
func list(some []tagset.Member, n int) string {
	var b strings.Builder
	for i, m := range some {
		if i > 0 {
			b.WriteString(" ")
		}
		b.WriteString(strconv.FormatUint(uint64(m), 10))
	}
	if len(some) > 0 && len(some) < n {
		b.WriteString(" …")
	}
	return b.String()
}

// grouped writes n with a comma between thousands.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for at := len(s) - 3; at > 0 && s[at-1] != '-'; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

// printTable prints rows of as many cells. The columns from the second on, so
// many of them, are numbers.
func printTable(b *strings.Builder, rows [][]string, numbers int) {
	if len(rows) == 0 {
		return
	}
	wide := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			wide[i] = max(wide[i], columns(cell))
		}
	}
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			pad := strings.Repeat(" ", wide[i]-columns(cell))
			if 1 <= i && i <= numbers {
				line += "  " + pad + cell
			} else {
				line += "  " + cell + pad
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

// columns is how wide s is on a terminal: two for a letter of a wide script.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n++
		}
		n++
	}
	return n
}
