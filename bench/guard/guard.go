// Package guard holds today's ratios against committed ones. A ratio of the quick report may not fall by more than a quarter below its
// baseline, nor below its floor among the goals. As machines have bad moments, a row fails only if that shows in three runs: those
// rows that fail in one are measured again, from a table made anew. Baselines are kept for each class of processor, because the rivals'
// vector code is not ours; a class that was never measured has none, which is said and passes.
//
// The package only reasons; measuring is the report's.
package guard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tagroar/tagroar/bench/goals"
)

// How much a ratio may lose, and how many runs in a row must show a greater loss.
const (
	Loss = 0.25
	Runs = 3
)

// A Key names a row of the report.
type Key struct{ Row, Size string }

// String names the row as the guard's lines do: row and size.
func (k Key) String() string { return k.Row + " at " + k.Size }

// A Measured row is what one run showed.
type Measured struct {
	Key
	Ratio   float64
	AtMost  bool // bytes and units of work: the less the better
	Floor   goals.Bound
	Absent  string // why there is no ratio
	Profile string // how to find out where the time goes
}

// A Verdict is what comparing gave.
type Verdict struct {
	Failures []Failure
	Notes    []string // what is to be known and does not fail
	Compared int
	Again    int // rows that were measured again
}

// A Failure is a row that lost too much in every run, or was not measured at all.
type Failure struct {
	Key
	Class    string
	Baseline Baseline  // its Ratio is zero where there is none
	Ratios   []float64 // of the runs; none: there is no such row any more
	Last     Measured
}

// Compare holds a first run against the baselines of the class. Rows that fail are measured again. Only rows that are wanted can be
// missing.
func (f *File) Compare(class string, wanted func(row string) bool, first []Measured, again func([]Key) ([]Measured, error)) (Verdict, error) {
	var v Verdict
	c := f.class(class)
	if c == nil {
		v.Notes = append(v.Notes, fmt.Sprintf("NO BASELINE for processors of class %s: NOTHING WAS COMPARED; measure one on such a machine with -guard-update", class))
		return v, nil
	}
	var failing []Failure
	seen := map[Key]bool{}
	for _, m := range first {
		seen[m.Key] = true
		if f.leftOut(m.Key) {
			continue
		}
		b, has := c.find(m.Key)
		switch {
		case m.Absent != "":
			v.Notes = append(v.Notes, fmt.Sprintf("%v was not measured: %s", m.Key, m.Absent))
			continue
		case !has:
			v.Notes = append(v.Notes, fmt.Sprintf("%v has no baseline yet; -guard-update takes one", m.Key))
		case b.AtMost != m.AtMost:
			return v, fmt.Errorf("guard: %v: the sense of its ratio has turned since the baseline was taken; take it anew with -guard-update", m.Key)
		}
		v.Compared++
		if !passes(m, b) {
			failing = append(failing, Failure{Key: m.Key, Class: class, Baseline: b, Ratios: []float64{m.Ratio}, Last: m})
		}
	}
	v.Again = len(failing)
	for run := 1; run < Runs && len(failing) > 0; run++ {
		var err error
		if failing, err = repeat(failing, again); err != nil {
			return v, err
		}
	}
	v.Failures = failing
	for _, b := range c.Rows {
		if !seen[b.Key] && wanted(b.Row) && !f.leftOut(b.Key) {
			v.Failures = append(v.Failures, Failure{Key: b.Key, Class: class, Baseline: b})
		}
	}
	return v, nil
}

// repeat measures the failing rows once more and returns those that fail again.
func repeat(failing []Failure, again func([]Key) ([]Measured, error)) ([]Failure, error) {
	keys := make([]Key, len(failing))
	for i, f := range failing {
		keys[i] = f.Key
	}
	ms, err := again(keys)
	if err != nil {
		return nil, err
	}
	var still []Failure
	for _, f := range failing {
		i := slices.IndexFunc(ms, func(m Measured) bool { return m.Key == f.Key })
		if i < 0 || ms[i].Absent != "" {
			return nil, fmt.Errorf("guard: %v was not measured again", f.Key)
		}
		if m := ms[i]; !passes(m, f.Baseline) {
			f.Ratios, f.Last = append(f.Ratios, m.Ratio), m
			still = append(still, f)
		}
	}
	return still, nil
}

// passes tells whether a row is neither too far below its baseline, if it has one, nor below its floor.
func passes(m Measured, b Baseline) bool {
	if m.Floor.Value != 0 && !m.Floor.Met(m.Ratio) {
		return false
	}
	return b.Ratio == 0 || gain(b.AtMost, b.Ratio, m.Ratio) >= 1-Loss
}

// gain is how many times as good the second ratio is as the first.
func gain(atMost bool, before, now float64) float64 {
	if atMost {
		return before / now
	}
	return now / before
}

// Error tells the row, its baseline, what was measured, and what to do.
func (f Failure) Error() string {
	if len(f.Ratios) == 0 {
		return fmt.Sprintf("%v has a baseline of %s (%s) and is no longer in the report: if it was taken out on purpose, take its line out too",
			f.Key, f.Baseline.ratio(), f.Class)
	}
	var measured []string
	best := f.Ratios[0]
	for _, r := range f.Ratios {
		measured = append(measured, format(r))
		if gain(f.Last.AtMost, best, r) > 1 {
			best = r
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%v: ", f.Key)
	floor := f.Last.Floor
	under := floor.Value != 0 && !floor.Met(best)
	if f.Baseline.Ratio != 0 {
		loss := 100 * (1 - gain(f.Last.AtMost, f.Baseline.Ratio, best))
		fmt.Fprintf(&b, "lost %.0f %% of its baseline %s (class %s): ", loss, f.Baseline.ratio(), f.Class)
	}
	fmt.Fprintf(&b, "measured %s", strings.Join(measured, ", "))
	if under {
		fmt.Fprintf(&b, "; under its floor %v", floor)
	}
	fmt.Fprintf(&b, "\n    profile it: %s", f.Last.Profile)
	return b.String()
}

// Advice is what to do about failures, in general.
const Advice = `A loss that is meant: profile the row, put the profile where -guard-update says, and commit it with the baseline that
-guard-update then writes. A ratio never goes under its floor in goals/goals.txt, and a floor is never lowered.`
