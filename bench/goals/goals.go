// Package goals reads the goals that the report holds today's ratios against.
package goals

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed goals.txt
var text string

// A Bound is one goal. Zero: none.
type Bound struct {
	Value  float64
	AtMost bool // bytes, and time in units of work: ours ÷ rival's may be at most Value; otherwise rival's ÷ ours is to be at least Value
}

// String is the bound as the table prints it: a least ratio bare, a most with ≤,
// none as a dash.
func (b Bound) String() string {
	switch {
	case b.Value == 0:
		return "–"
	case b.AtMost:
		return "≤" + strconv.FormatFloat(b.Value, 'g', -1, 64)
	}
	return strconv.FormatFloat(b.Value, 'g', -1, 64)
}

// Met tells whether the ratio reaches the bound.
func (b Bound) Met(ratio float64) bool {
	if b.AtMost {
		return ratio <= b.Value
	}
	return ratio >= b.Value
}

// A Goal is what a row should reach in pure Go, and what it should with kernels.
type Goal struct{ Floor, Kernels Bound }

// A Table holds the goals by row and size.
type Table map[string]map[string]Goal

// Published returns the goals of this repository.
func Published() (Table, error) { return Parse(text) }

// Parse reads a table of goals.
func Parse(text string) (Table, error) {
	t := Table{}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line, _, _ = strings.Cut(line, "#")
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		if len(f) != 4 {
			return nil, fmt.Errorf("goals: line %d: %d fields, want row, size, floor, kernels", n, len(f))
		}
		floor, err := bound(f[2])
		if err != nil {
			return nil, fmt.Errorf("goals: line %d: floor: %w", n, err)
		}
		kernels, err := bound(f[3])
		if err != nil {
			return nil, fmt.Errorf("goals: line %d: kernels: %w", n, err)
		}
		if t[f[0]] == nil {
			t[f[0]] = map[string]Goal{}
		}
		if _, twice := t[f[0]][f[1]]; twice {
			return nil, fmt.Errorf("goals: line %d: %s at %s for the second time", n, f[0], f[1])
		}
		t[f[0]][f[1]] = Goal{floor, kernels}
	}
	return t, nil
}

func bound(s string) (b Bound, err error) {
	if s == "-" {
		return Bound{}, nil
	}
	s, b.AtMost = strings.CutPrefix(s, "<=")
	b.Value, err = strconv.ParseFloat(s, 64)
	if err == nil && b.Value <= 0 {
		err = fmt.Errorf("%s is not above zero", s)
	}
	return b, err
}

// For returns the goal of a row at a size such as 1M, or no goal.
func (t Table) For(row, size string) Goal {
	if g, ok := t[row][size]; ok {
		return g
	}
	return t[row]["*"]
}
