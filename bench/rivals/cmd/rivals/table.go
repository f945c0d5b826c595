package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/tagroar/tagroar/bench/rivals/compare"
)

// A table has a line for each engine and a column for each question, then one for load and one for memory. A cell has the engine's
// figure and, below it, how many times ours that is.
type table struct{ *compare.Report }

// A cell of one or two lines.
type cell struct{ figure, ratio string }

func (t table) heads() []string {
	heads := []string{""}
	for _, q := range t.Questions {
		heads = append(heads, q.ID)
	}
	return append(heads, "load", "memory")
}

// rows has one for each engine; an absent one has a single cell after its name.
func (t table) rows() [][]cell {
	var rows [][]cell
	for i, e := range t.Engines {
		row := []cell{{figure: e.Name}}
		if e.Absent != "" {
			rows = append(rows, append(row, cell{figure: e.Absent}))
			continue
		}
		ratio := func(x float64) string {
			if i == 0 {
				return ""
			}
			return times(x)
		}
		server := []cell{{figure: "  in the server"}}
		for _, a := range e.Answers {
			server = append(server, cell{})
			switch {
			case a.Error != "":
				row = append(row, cell{figure: "DIFFERS"})
			case a.Way == "":
				row = append(row, cell{figure: "–"})
			default:
				row = append(row, cell{duration(a.Result.Median), ratio(a.Ratio)})
			}
			if a.Server > 0 {
				server[len(server)-1] = cell{duration(a.Server), times(a.Ratio * a.Server / a.Result.Median)}
			}
		}
		row = append(row, cell{duration(e.Load.Median), ratio(e.Load.Ratio)},
			cell{fmt.Sprintf("%.2f B", float64(e.Size.Bytes)/float64(t.Memberships)), ratio(e.Size.Ratio)})
		rows = append(rows, row)
		if e.RoundTrip > 0 {
			rows = append(rows, append(server, cell{}, cell{}))
		}
	}
	return rows
}

func (t table) head(w io.Writer, line string) {
	m := t.Machine
	fmt.Fprintf(w, "%s: %s on %s/%s, %s (class %s), %d CPUs%s\n", t.Made.Format("2006-01-02"), m.Go, m.OS, m.Arch,
		cmp.Or(m.Model, "unknown processor"), m.Class, m.CPUs, line)
	fmt.Fprintf(w, "%s memberships of %s members in %d tags; medians of up to %d interleaved samples; one thread each%s\n",
		grouped(t.Memberships), grouped(t.Members), t.Tags, t.Options.Samples, line)
}

// legend says what the lines and columns are.
func (t table) legend() []string {
	var out []string
	for _, q := range t.Questions {
		out = append(out, fmt.Sprintf("%s: %s", q.ID, q.Title))
	}
	out = append(out, "load: from sorted ids by tag, in memory, by the best bulk path; memory: bytes a membership",
		"× is the engine's figure ÷ tagroar's: above 1 tagroar is faster, or smaller")
	for _, e := range t.Engines {
		if e.Absent != "" {
			continue
		}
		line := fmt.Sprintf("%s (%s): %s; memory: %s", e.Name, e.Version, e.About, e.Size.By)
		if e.RoundTrip > 0 {
			line += fmt.Sprintf("; a PING, there and back, takes %s; in the server: by its commandstats", duration(e.RoundTrip))
		}
		out = append(out, line)
	}
	return out
}

// chosen lists the ways that were the fastest.
func (t table) chosen() []string {
	var out []string
	for _, e := range t.Engines[1:] {
		byWay := map[string][]string{}
		var order []string
		for i, a := range e.Answers {
			if a.Way == "" {
				continue
			}
			if byWay[a.Way] == nil {
				order = append(order, a.Way)
			}
			byWay[a.Way] = append(byWay[a.Way], t.Questions[i].ID)
		}
		var parts []string
		for _, way := range order {
			parts = append(parts, fmt.Sprintf("%s (%s)", way, strings.Join(byWay[way], " ")))
		}
		if len(parts) > 0 {
			out = append(out, e.Name+": "+strings.Join(parts, "; "))
		}
	}
	return out
}

// failures lists what was not timed.
func (t table) failures() []string {
	var out []string
	for _, e := range t.Engines {
		for i, a := range e.Answers {
			if a.Error != "" {
				out = append(out, fmt.Sprintf("%s, %s: %s", t.Questions[i].ID, e.Name, a.Error))
			}
		}
	}
	return out
}

func (t table) text(w io.Writer) {
	t.head(w, "")
	fmt.Fprintln(w)
	heads, rows := t.heads(), t.rows()
	width := make([]int, len(heads))
	for i, h := range heads {
		width[i] = utf8.RuneCountInString(h)
	}
	for _, row := range rows {
		for i, c := range row {
			if len(row) == len(heads) || i == 0 {
				width[i] = max(width[i], utf8.RuneCountInString(c.figure), utf8.RuneCountInString(c.ratio))
			}
		}
	}
	line := func(cells []string) {
		var b strings.Builder
		for i, c := range cells {
			pad := strings.Repeat(" ", max(0, width[i]-utf8.RuneCountInString(c)))
			if i == 0 || len(cells) < len(heads) {
				c += pad
			} else {
				c = pad + c
			}
			b.WriteString(c + "  ")
		}
		if s := strings.TrimRight(b.String(), " "); s != "" {
			fmt.Fprintln(w, s)
		}
	}
	line(heads)
	for _, row := range rows {
		figures, ratios := make([]string, len(row)), make([]string, len(row))
		for i, c := range row {
			figures[i], ratios[i] = c.figure, c.ratio
		}
		line(figures)
		line(ratios)
	}
	t.notes(w, "")
}

func (t table) markdown(w io.Writer) {
	t.head(w, "  ")
	heads := t.heads()
	fmt.Fprintf(w, "\n|%s |\n|", strings.Join(heads, " | "))
	for i := range heads {
		fmt.Fprint(w, map[bool]string{true: " --- |", false: " ---: |"}[i == 0])
	}
	fmt.Fprintln(w)
	for _, row := range t.rows() {
		cells := make([]string, len(heads))
		for i, c := range row {
			cells[i] = strings.TrimSpace(c.figure)
			if c.ratio != "" {
				cells[i] += "<br>" + c.ratio
			}
		}
		fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | "))
	}
	t.notes(w, "- ")
}

func (t table) notes(w io.Writer, bullet string) {
	fmt.Fprintln(w)
	for _, l := range t.legend() {
		fmt.Fprintln(w, bullet+l)
	}
	fmt.Fprint(w, "\nThe fastest ways:\n\n")
	for _, l := range t.chosen() {
		fmt.Fprintln(w, bullet+l)
	}
	for _, l := range t.failures() {
		fmt.Fprintln(w, bullet+"DIFFERS: "+l)
	}
	fmt.Fprintf(w, "\n%.0f s in all\n", t.Took)
}
