package chart

import "math"

// An axis is logarithmic from the first value to the last.
type axis struct{ first, last float64 }

// cover makes room for a value.
func (a *axis) cover(v float64) { a.first, a.last = min(a.first, v), max(a.last, v) }

// orUnit is the axis, or one decade where there is nothing to show.
func (a axis) orUnit() axis {
	if a.first >= a.last {
		return axis{1, 10}
	}
	return a
}

// round widens the axis to 1, 2 or 5 times a power of ten, and to a decade at least: a flat curve is to look flat.
func (a *axis) round() {
	if a.last == 0 {
		return
	}
	a.first, a.last = below(a.first), above(a.last)
	for a.last/a.first < 9.99 {
		a.last = above(a.last * 1.01)
		if a.last/a.first < 9.99 {
			a.first = below(a.first / 1.01)
		}
	}
}

var steps = [...]float64{1, 2, 5, 10}

func below(v float64) float64 {
	decade := decadeOf(v)
	for i := len(steps) - 1; i >= 0; i-- {
		if s := steps[i] * decade; s <= v*(1+1e-9) {
			return s
		}
	}
	return decade
}

func above(v float64) float64 {
	decade := decadeOf(v)
	for _, s := range steps {
		if s*decade >= v*(1-1e-9) {
			return s * decade
		}
	}
	return 10 * decade
}

// decadeOf is the power of ten at or below a value, or a hair above it.
func decadeOf(v float64) float64 { return math.Pow(10, math.Floor(math.Log10(v)+1e-9)) }

// at is where a value lies, from 0 to 1.
func (a axis) at(v float64) float64 {
	return (math.Log10(v) - math.Log10(a.first)) / (math.Log10(a.last) - math.Log10(a.first))
}

type tick struct {
	value        float64
	minor, label bool
}

// ticks are where they are wanted, or at the powers of ten, and between them at 2 and 5 where there are few.
func (a axis) ticks(wanted []float64) (ts []tick) {
	if wanted != nil {
		for _, v := range wanted {
			if v >= a.first*(1-1e-9) && v <= a.last*(1+1e-9) {
				ts = append(ts, tick{value: v, label: true})
			}
		}
		return ts
	}
	const few, many = 2.1, 6 // decades
	decades := math.Log10(a.last / a.first)
	n := 0
	for decade := decadeOf(a.first); decade <= a.last*(1+1e-9); decade *= 10 {
		for _, s := range steps[:3] {
			v := s * decade
			if v < a.first*(1-1e-9) || v > a.last*(1+1e-9) {
				continue
			}
			if s > 1 && decades > few {
				continue
			}
			t := tick{value: v, minor: s > 1, label: true}
			if decades > many {
				t.label = n%2 == 0
			}
			ts = append(ts, t)
			n++
		}
	}
	return ts
}
