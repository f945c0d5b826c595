package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

func (r *report) printHead(w io.Writer) {
	m := r.Machine
	fmt.Fprintf(w, "%s, commit %s: ", r.Made.Format("2006-01-02 15:04 MST"), cmp.Or(r.Commit, "unknown"))
	fmt.Fprintf(w, "%s on %s/%s, %s (class %s), GOAMD64=%s, %d CPUs, GOMAXPROCS=%d at the start\n", m.Go, m.OS, m.Arch,
		cmp.Or(m.Model, "unknown processor"), m.Class, cmp.Or(m.GOAMD64, "–"), m.CPUs, m.GOMAXPROCS)
	fmt.Fprintf(w, "medians of %d interleaved samples of at least %v; single thread unless a row says 2 threads\n\n", r.Final.Samples, r.Final.Sample)
}

// printTable prints the rows in columns, and what fell short.
func (r *report) printTable(w io.Writer) {
	cells := [][]string{{"row", "size", "workload", "tagroar", "rival", "by", "ratio", "floor", "kernels", "", "allocs", "its allocs"}}
	for i := range r.Rows {
		cells = append(cells, r.Rows[i].cells())
	}
	right := map[int]bool{3: true, 4: true, 6: true, 7: true, 8: true, 10: true, 11: true}
	printColumns(w, cells, right)

	var reached, with int
	var shorts, differing []string
	for _, l := range r.Rows {
		if l.Floor != 0 && l.Ratio != 0 {
			with++
			if l.Verdict != short {
				reached++
			} else {
				shorts = append(shorts, fmt.Sprintf("%s at %s (%.2f, floor %v)", l.ID, l.Size, l.Ratio, l.goal.Floor))
			}
		}
		if l.Error != "" {
			differing = append(differing, l.Error)
		}
	}
	fmt.Fprintf(w, "\n%d of %d rows with a goal reach the floor; %.0f s in all. Ratio: the rival's time ÷ ours; where the goal has ≤, ours ÷ the rival's.\n", reached, with, r.Took)
	if len(shorts) > 0 {
		fmt.Fprintf(w, "short: %s\n", strings.Join(shorts, ", "))
	}
	for _, e := range differing {
		fmt.Fprintf(w, "differs: %s\n", e)
	}
}

func (l *line) cells() []string {
	c := []string{l.ID, l.Size, l.Title, "", "", "", "", "", "", l.Verdict, "", ""}
	if l.Procs > 1 {
		c[2] += fmt.Sprintf(", %d threads", l.Procs)
	}
	if l.Ratio == 0 {
		return c
	}
	if l.Heap != nil {
		c[3], c[4], c[5] = fmt.Sprintf("%.3f B", l.Heap.Ours), fmt.Sprintf("%.3f B", l.Heap.Rival), l.Heap.By
	} else {
		c[3], c[4], c[5] = duration(l.Ours.Median), duration(l.Rival.Median), l.Rival.Name
		c[10], c[11] = fmt.Sprintf("%.0f", l.Ours.Allocs), fmt.Sprintf("%.0f", l.Rival.Allocs)
	}
	c[6], c[7], c[8] = fmt.Sprintf("%.2f", l.Ratio), l.goal.Floor.String(), l.goal.Kernels.String()
	return c
}

func duration(ns float64) string {
	switch {
	case ns < 1e3:
		return fmt.Sprintf("%.0f ns", ns)
	case ns < 1e6:
		return fmt.Sprintf("%.2f µs", ns/1e3)
	case ns < 1e9:
		return fmt.Sprintf("%.2f ms", ns/1e6)
	}
	return fmt.Sprintf("%.2f s", ns/1e9)
}

// printColumns aligns by runes; every character used is one cell wide.
func printColumns(w io.Writer, rows [][]string, right map[int]bool) {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, c := range row {
			width[i] = max(width[i], utf8.RuneCountInString(c))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		b.Reset()
		for i, c := range row {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(c))
			if right[i] {
				c = pad + c
			} else {
				c += pad
			}
			b.WriteString(c + "  ")
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}
