package main

import (
	"cmp"
	"embed"
	"fmt"
	"slices"
	"strings"
	"text/template"

	"github.com/tagroar/tagroar/bench/measure"
)

// The texts, one a language and block. A template names the rows that it tells; what was not measured leaves no trace: a row's line is
// empty, and a table without lines is not there. No figure stands in a template.
//
//go:embed report.en.tmpl report.zh.tmpl rivals.en.tmpl rivals.zh.tmpl
var texts embed.FS

// The sizes that the tables have columns for.
const small, large = "1M", "10M"

// render fills in a text.
func render(name string, functions template.FuncMap, data any) (string, error) {
	t, err := template.New(name).Funcs(functions).Option("missingkey=error").ParseFS(texts, name)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return "", err
	}
	return strings.TrimSpace(b.String()), nil
}

// page renders the report in a language.
func (r *report) page(language string) (string, error) {
	return render("report."+language+".tmpl", template.FuncMap{
		"rows":    func(lines ...string) string { return strings.Join(lines, "") },
		"row":     r.line,
		"cores":   r.coresLine,
		"durable": r.durableLine,
		"real":    r.realLine,
		"list":    list,
		"ratio":   told(r, (*row).Times),
		"time":    told(r, (*row).Time),
		"bytes":   told(r, (*row).Bytes),
		"both":    r.both,
		"only":    r.only,
		"join":    strings.Join,
	}, r)
}

// line is a row of the tables with columns for two sizes.
func (r *report) line(id, label string) string {
	a, b := r.at(id, small), r.at(id, large)
	if a == nil && b == nil {
		return ""
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s |\n", label, a.Time(), a.Won(), b.Time(), b.Won())
}

// coresLine is a row of which one side is ours on one processor.
func (r *report) coresLine(id, label string) string {
	x := r.at(id, large)
	if x == nil {
		return ""
	}
	return fmt.Sprintf("| %s | %s | %s | %s |\n", label, duration(x.Rival.Median), x.Time(), x.Won())
}

// durableLine is a commit beside bbolt and beside SQLite, where a measured operation is of several.
func (r *report) durableLine(id string, commits int, label string) string {
	a, b := r.only(id+"/bbolt"), r.only(id+"/sqlite")
	if a == nil && b == nil {
		return ""
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s |\n", label, a.Each(commits), a.Won(), b.Each(commits), b.Won())
}

// realLine is a real set's ratios.
func (r *report) realLine(name string) string {
	var b strings.Builder
	some := false
	for _, question := range []string{"and", "or", "two", "Q3"} {
		x := r.only(question + "/" + name)
		some = some || x != nil
		b.WriteString(x.Won() + " | ")
	}
	if !some {
		return ""
	}
	return fmt.Sprintf("| %s | %s%s |\n", name, b.String(), r.only("H1/"+name).Won())
}

// told makes a phrase of one figure of a row, or nothing.
func told(r *report, figure func(*row) string) func(id, size, format string) string {
	return func(id, size, format string) string {
		if x := r.at(id, size); x != nil {
			return fmt.Sprintf(format, figure(x))
		}
		return ""
	}
}

// both makes a phrase of the rival's time and ours.
func (r *report) both(id, format string) string {
	if x := r.only(id); x != nil {
		return fmt.Sprintf(format, duration(x.Rival.Median), x.Time())
	}
	return ""
}

// list joins what there is.
func list(separator string, phrases ...string) string {
	return strings.Join(slices.DeleteFunc(phrases, func(s string) bool { return s == "" }), separator)
}

// none stands where one cell of a row was not measured.
const none = "–"

// Time is ours.
func (x *row) Time() string { return x.Each(1) }

// Each is ours of one of so many commits.
func (x *row) Each(n int) string {
	if x == nil {
		return none
	}
	return duration(x.Ours.Median / float64(n))
}

// Won is the ratio, in bold where we are faster, or smaller; none beside no more than a
// time that was given.
func (x *row) Won() string {
	switch {
	case x == nil, x.Rival != nil && x.Rival.Name == measure.Given:
		return none
	case x.Heap != nil || x.Unit:
		if x.Ratio < 0.995 {
			return "**" + times(x.Ratio) + "**"
		}
		return times(x.Ratio)
	}
	return won(x.Ratio)
}

// Times is the ratio.
func (x *row) Times() string { return times(x.Ratio) }

// Bytes is what a membership or a value takes.
func (x *row) Bytes() string { return fmt.Sprintf("%.2f", x.Heap.Ours) }

// Rate is how many of those that the size counts ours does in a second, to two digits.
func (x *row) Rate() (string, error) {
	n, err := count(x.Size)
	if err != nil {
		return "", fmt.Errorf("%s: size %s is not a count: %w", x.ID, x.Size, err)
	}
	return grouped(int(twoDigits(n * 1e9 / x.Ours.Median))), nil
}

// Date is the day.
func (r *report) Date() string { return r.Made.Format("2006-01-02") }

// Command is what printed it.
func (r *report) Command() string {
	if r.Quick {
		return "go run ./cmd/report -quick"
	}
	return "go run ./cmd/report"
}

// Processor is the model, if the system tells it, or the architecture.
func (r *report) Processor() string { return cmp.Or(r.Machine.Model, r.Machine.Arch) }

// Version is a rival's, with a space before it, or nothing.
func (r *report) Version(module string) string {
	if v := r.Versions[module]; v != "" {
		return " " + v
	}
	return ""
}

// Several lists the rows that had several processors.
func (r *report) Several() (ids []string) {
	for _, x := range r.Rows {
		id, _, _ := strings.Cut(x.ID, "/")
		if strings.HasSuffix(x.ID, "/cores") {
			id = "…/cores"
		}
		if x.measured() && x.Procs > 1 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Compared is how many rows set us beside a rival.
func (r *report) Compared() (n int) {
	for i := range r.Rows {
		if r.Rows[i].compares() {
			n++
		}
	}
	return n
}

// Lost lists the rows in which the rival is faster: "S1/save 0.71 (1M), 0.68 (10M)".
func (r *report) Lost() (list []string) {
	for i := range r.Rows {
		x := &r.Rows[i]
		if !x.lost() {
			continue
		}
		ratio := times(x.Ratio)
		if x.Size == small || x.Size == large {
			ratio += " (" + x.Size + ")"
		}
		if at := slices.IndexFunc(list, func(s string) bool { return strings.HasPrefix(s, x.ID+" ") }); at >= 0 {
			list[at] += ", " + ratio
			continue
		}
		list = append(list, x.ID+" "+ratio)
	}
	return list
}

// LostRows is how many these are.
func (r *report) LostRows() (n int) {
	for i := range r.Rows {
		if r.Rows[i].lost() {
			n++
		}
	}
	return n
}
