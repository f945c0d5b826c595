// Package chart draws curves as SVG: panels with two logarithmic axes each, side by side under one title, and below them what they
// were measured on. A picture is one file that loads nothing; it has its own background and colours for light and for dark, so that it
// is legible wherever it is embedded. Lines differ in marker and dash as well as in colour.
package chart

import (
	_ "embed"
	"fmt"
	"io"
	"math"
	"strings"
	"text/template"
)

// A Picture is panels in rows of two.
type Picture struct {
	Title  string
	About  string // one sentence under the title
	Notes  []string
	Panels []Panel
}

// A Panel is one pair of axes. Values that are not above zero have no place on them and are left out.
type Panel struct {
	Title  string
	About  string    // one line under the title
	X      string    // what the horizontal axis counts
	XAt    []float64 // where it has ticks; nil: at powers of ten
	XTick  func(float64) string
	YTick  func(float64) string
	Curves []Curve
}

// A Curve joins its points, which come by rising X.
type Curve struct {
	Name   string
	Kind   Kind
	Points []Point
}

// A Point of a curve.
type Point struct{ X, Y float64 }

// Kind is how a curve is drawn; the style sheet has a colour for each.
type Kind int

// The kinds: what the picture is about, what it is compared with, and others beside these.
const (
	Ours Kind = iota
	Rival
	Second
	Third
)

// Lengths in pixels of the picture at its own size.
const (
	width    = 960
	edge     = 24 // around everything
	head     = 74 // title and what it is about
	noteLine = 17 // a line of notes
	gap      = 32 // between panels side by side
	panelX   = (width - 2*edge - gap) / 2
	panelY   = 306 // with title, legend and axis
	plotTop  = 74  // from a panel's top to its plot
	plotLeft = 56
	plotX    = panelX - plotLeft - 10
	plotY    = 172
)

//go:embed picture.svg.tmpl
var pictureText string

//go:embed style.css
var style string

// WriteTo writes the picture as SVG.
func (p Picture) WriteTo(w io.Writer) (int64, error) {
	t, err := template.New("picture").Parse(pictureText)
	if err != nil {
		return 0, fmt.Errorf("chart: %w", err)
	}
	var b strings.Builder
	if err := t.Execute(&b, p.lay()); err != nil {
		return 0, fmt.Errorf("chart: %s: %w", p.Title, err)
	}
	n, err := io.WriteString(w, b.String())
	return int64(n), err
}

// A sheet is a picture laid out: what the template writes down.
type sheet struct {
	Picture
	Style         string
	Width, Height int
	PageX, PageY  int // of the background, whose rim lies within
	Edge          int
	Laid          []laid
	NoteLines     []text
}

type laid struct {
	Panel
	X, Y                     int // of the panel in the picture
	Left, Top, Right, Bottom int // of the plot in the panel
	AcrossLines, UpLines     []line
	AcrossLabels, UpLabels   []text
	Below, Beside            int // where the labels of ticks stand
	Middle, AxisLabel        int
	Keys                     []key
	Drawn                    []drawn
}

type (
	line struct {
		At    string
		Minor bool
	}
	text struct {
		At   string
		Text string
	}
	key struct {
		X, TextX int
		Kind     Kind
		Name     string
		Mark     mark
	}
	drawn struct {
		Kind    Kind
		Path    string
		Markers []mark
	}
	mark struct {
		Kind Kind
		X, Y string
	}
)

func (p Picture) lay() sheet {
	rows := (len(p.Panels) + 1) / 2
	s := sheet{Picture: p, Style: style, Width: width, Edge: edge}
	for i, panel := range p.Panels {
		l := panel.lay()
		l.X, l.Y = edge+i%2*(panelX+gap), head+i/2*panelY
		s.Laid = append(s.Laid, l)
	}
	y := head + rows*panelY + noteLine
	for _, n := range p.Notes {
		s.NoteLines = append(s.NoteLines, text{fmt.Sprint(y), n})
		y += noteLine
	}
	s.Height = y + edge - noteLine
	s.PageX, s.PageY = s.Width-1, s.Height-1
	return s
}

func (p Panel) lay() laid {
	l := laid{
		Panel: p, Left: plotLeft, Top: plotTop, Right: plotLeft + plotX, Bottom: plotTop + plotY,
		Below: plotTop + plotY + 17, Beside: plotLeft - 6, Middle: plotLeft + plotX/2, AxisLabel: plotTop + plotY + 35,
	}
	x, y := p.axes()
	across := func(v float64) string { return pixel(plotLeft + plotX*x.at(v)) }
	up := func(v float64) string { return pixel(plotTop + plotY*(1-y.at(v))) }
	for _, t := range x.ticks(p.XAt) {
		l.AcrossLines = append(l.AcrossLines, line{across(t.value), t.minor})
		if t.label {
			l.AcrossLabels = append(l.AcrossLabels, text{across(t.value), p.XTick(t.value)})
		}
	}
	for _, t := range y.ticks(nil) {
		l.UpLines = append(l.UpLines, line{up(t.value), t.minor})
		if t.label {
			l.UpLabels = append(l.UpLabels, text{up(t.value), p.YTick(t.value)})
		}
	}
	at := 0
	for _, c := range p.Curves {
		l.Keys = append(l.Keys, key{at, at + 30, c.Kind, c.Name, mark{c.Kind, fmt.Sprint(at + 12), "55"}})
		at += 42 + 7*len([]rune(c.Name)) // a letter of the legend is below seven pixels wide
		d := drawn{Kind: c.Kind}
		for _, q := range c.Points {
			if q.X <= 0 || q.Y <= 0 {
				continue
			}
			m := mark{c.Kind, across(q.X), up(q.Y)}
			d.Markers = append(d.Markers, m)
			d.Path += " " + m.X + "," + m.Y
		}
		d.Path = strings.TrimSpace(d.Path)
		l.Drawn = append(l.Drawn, d)
	}
	return l
}

func (p Panel) axes() (x, y axis) {
	x, y = axis{math.Inf(1), 0}, axis{math.Inf(1), 0}
	for _, c := range p.Curves {
		for _, q := range c.Points {
			if q.X > 0 && q.Y > 0 {
				x.cover(q.X)
				y.cover(q.Y)
			}
		}
	}
	y.round()
	return x.orUnit(), y.orUnit()
}

// pixel writes a place to a tenth of a pixel.
func pixel(v float64) string { return fmt.Sprintf("%.1f", v) }
