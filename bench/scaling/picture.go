package scaling

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/tagroar/tagroar/bench/chart"
)

// A definition is one of the three pictures.
type definition struct {
	name    string // of its files
	title   string
	about   string
	x       string
	ticks   []float64 // nil: by powers of ten
	measure func(Options) ([]Point, error)
	panels  []panel
}

type panel struct {
	id, title string
	bytes     bool
}

var definitions = []definition{
	{
		name: "members", title: "Cost against members", x: "members", measure: Members,
		about: "The 200 tags of the report, of 20–50 % of the members down to 10; tags of so many members shrink below 1M. One thread.",
		panels: []panel{
			{id: "Q1", title: "Q1: |A∩B|, two tags of 5,000"},
			{id: "Q2", title: "Q2: |A∩B|, two random 30 % tags"},
			{id: "Q3", title: "Q3: |(A∪B∪C)∩D∖E|, mixed densities"},
			{id: "Q4", title: "Q4: 10-way ∪ ∩ 3 tags ∖ 3 tags"},
			{id: "Q5", title: "Q5: 10 unions of 10 tags, ∩, ∖ 10 tags"},
			{id: "T1", title: "T1: best 100 of a 30 % tag by 20 weights"},
			{id: "W1", title: "W1: one add to a 30 % tag, published"},
			{id: "H1", title: "H1: heap bytes a membership", bytes: true},
		},
	},
	{
		name: "tags", title: "Cost against tags", x: "tags", measure: Tags,
		about: "1M members; tags of 10–5,000 members, each order of magnitude as likely, half in clusters. One thread.",
		panels: []panel{
			{id: "P1", title: "Text to count of (A∪B∪C)∩D∖E, other tags each time"},
			{id: "W1", title: "W1: one add, published"},
			{id: "tags-of", title: "The tags of a member"},
			{id: "H1", title: "H1: heap bytes a membership", bytes: true},
		},
	},
	{
		name: "operands", title: "Cost against the size of the expression", x: "operands", measure: Operands,
		ticks: []float64{2, 4, 8, 16, 32, 64, 128, 256, 512},
		about: "1M members; of every 8 tags one has 20–50 %, three 1–10 %, four 5,000–50,000 members, half are in clusters. One thread.",
		panels: []panel{
			{id: "or", title: "Count of a union, mixed densities"},
			{id: "or/card", title: "Count of a union, tags of 5,000"},
			{id: "and-or", title: "Count of √n unions, intersected"},
			{id: "kofn", title: "Count of at least 3 of n tags"},
			{id: "top", title: "Best 100 of a dense tag by n weights"},
			{id: "compile", title: "Text to plan of √n unions, intersected"},
		},
	},
}

// Names lists the pictures.
func Names() (names []string) {
	for _, d := range definitions {
		names = append(names, d.name)
	}
	return names
}

// picture draws what was measured.
func (d definition) picture(r Record) chart.Picture {
	p := chart.Picture{Title: d.title, About: d.about, Notes: r.notes()}
	for _, panel := range d.panels {
		p.Panels = append(p.Panels, panel.chart(d, r.Points))
	}
	return p
}

func (p panel) chart(d definition, points []Point) chart.Panel {
	c := chart.Panel{Title: p.title, X: d.x, XAt: d.ticks, XTick: chart.Number, YTick: chart.Duration}
	if p.bytes {
		c.YTick = chart.Bytes
	}
	var of []Point
	for _, q := range points {
		if q.Panel != p.id {
			continue
		}
		of = append(of, q)
		for i, v := range q.Values {
			if i == len(c.Curves) {
				c.Curves = append(c.Curves, chart.Curve{Name: v.Curve, Kind: chart.Kind(i)})
			}
			c.Curves[i].Points = append(c.Curves[i].Points, chart.Point{X: float64(q.X), Y: v.Value})
		}
	}
	c.About = p.ratios(of)
	return c
}

// ratios tells the rival's cost ÷ ours at both ends and between.
func (p panel) ratios(of []Point) string {
	if len(of) == 0 || p.id == "compile" {
		return ""
	}
	what := "roaring ÷ tagroar: "
	if apart[p.id] {
		what = "that tag ÷ tagroar: "
	}
	var at []string
	for i, q := range of {
		if i == 0 || i == len(of)/2 || i == len(of)-1 {
			at = append(at, fmt.Sprintf("%s at %s", chart.Times(q.Values[1].Value/q.Values[0].Value), chart.Number(float64(q.X))))
		}
	}
	return what + strings.Join(at, ", ")
}

// notes are what is printed below a picture.
func (r Record) notes() []string {
	m := r.Machine
	return []string{
		"Medians of interleaved samples of the same run. roaring: v2, run-optimised, the fastest of several hand-written ways.",
		fmt.Sprintf("%s, class %s, %d CPUs; %s, GOAMD64=%s; GOMAXPROCS=1 while measuring.",
			cmp.Or(m.Model, "unknown processor"), m.Class, m.CPUs, m.Go, cmp.Or(m.GOAMD64, "–")),
		fmt.Sprintf("%s, commit %s, in bench: %s", r.Made.Format("2006-01-02"), cmp.Or(r.Commit, "unknown"), r.Command),
	}
}
