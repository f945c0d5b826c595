package guard

import (
	"fmt"
	"slices"
	"strings"
)

// Within is how far a ratio may come out lower than its baseline without counting as lowered.
const Within = 0.10

// Changes are what an update has to say.
type Changes struct {
	Lowered []Baseline // with Was set: each needs its profile
	Noisy   []Baseline // some run was so far from the median that the guard would have measured it again
	Gone    []Key
}

// Update puts the medians of some whole runs in the place of the class's baselines. A row under its floor in the median is an error, and
// nothing is changed.
func (f *File) Update(class, about string, runs [][]Measured) (Changes, error) {
	var changes Changes
	var under []string
	c := Class{Name: class, About: about}
	old := f.class(class)
	for _, m := range runs[0] {
		if m.Absent != "" || f.leftOut(m.Key) {
			continue
		}
		b := Baseline{Key: m.Key, AtMost: m.AtMost}
		var ratios []float64
		for _, run := range runs {
			i := slices.IndexFunc(run, func(x Measured) bool { return x.Key == m.Key && x.Absent == "" })
			if i < 0 {
				return changes, fmt.Errorf("guard: %v was not measured in every run", m.Key)
			}
			ratios = append(ratios, run[i].Ratio)
		}
		slices.Sort(ratios)
		b.Least, b.Ratio, b.Most = ratios[0], ratios[len(ratios)/2], ratios[len(ratios)-1]
		if m.Floor.Value != 0 && !m.Floor.Met(b.Ratio) {
			under = append(under, fmt.Sprintf("%v: %s, floor %v", m.Key, format(b.Ratio), m.Floor))
		}
		worst := b.Least
		if b.AtMost {
			worst = b.Most
		}
		if gain(b.AtMost, b.Ratio, worst) < 1-Loss {
			changes.Noisy = append(changes.Noisy, b)
		}
		if old != nil {
			if before, ok := old.find(m.Key); ok && before.AtMost == b.AtMost {
				high := before.Ratio
				if before.Was != 0 && gain(b.AtMost, high, before.Was) > 1 {
					high = before.Was
				}
				if gain(b.AtMost, high, b.Ratio) < 1-Within {
					b.Was = high
					changes.Lowered = append(changes.Lowered, b)
				}
			}
		}
		c.Rows = append(c.Rows, b)
	}
	if len(under) > 0 {
		return changes, fmt.Errorf("guard: no baseline is under its floor; mend or leave out, with the reason: %s", strings.Join(under, "; "))
	}
	if old == nil {
		f.Classes = append(f.Classes, c)
		return changes, nil
	}
	for _, b := range old.Rows {
		if _, ok := c.find(b.Key); !ok {
			changes.Gone = append(changes.Gone, b.Key)
		}
	}
	*old = c
	return changes, nil
}

// Lowered lists the rows of a class that were lowered.
func (c Class) Lowered() (rows []Baseline) {
	for _, b := range c.Rows {
		if b.Was != 0 {
			rows = append(rows, b)
		}
	}
	return rows
}

// ProfileName is the file, beside that of the baselines, that a lowered row needs: what pprof -top says of it.
func ProfileName(class string, k Key) string {
	return "profiles/" + class + "-" + strings.ReplaceAll(k.Row, "/", "_") + "-" + k.Size + ".txt"
}
