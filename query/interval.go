package query

import (
	"math"
	"time"

	"github.com/tagroar/tagroar/internal/column"
)

// What a comparison says of the stored number, whose unit is one: a second, or
// the last decimal place. A value stands for an interval of numbers: a number
// for itself, a date for its day, an instant between two seconds for the empty
// interval between them (Lo is the next second, Hi the one before). Every
// relation then follows from the two ends.

var everything = column.Interval{Lo: math.MinInt64, Hi: math.MaxInt64}

// below is the numbers less than all of x, above those greater than all of x;
// at the end of the range an empty interval.
func below(x column.Interval) column.Interval {
	if x.Lo == math.MinInt64 {
		return column.Interval{Lo: 1, Hi: 0}
	}
	return column.Interval{Lo: math.MinInt64, Hi: x.Lo - 1}
}

func above(x column.Interval) column.Interval {
	if x.Hi == math.MaxInt64 {
		return column.Interval{Lo: 1, Hi: 0}
	}
	return column.Interval{Lo: x.Hi + 1, Hi: math.MaxInt64}
}

// intervals are the numbers that stand in relation rel to the values xs, which
// are as many as it takes.
func (rel relation) intervals(xs []column.Interval) []column.Interval {
	switch rel {
	case relLt:
		return []column.Interval{below(xs[0])}
	case relLe:
		return []column.Interval{{Lo: math.MinInt64, Hi: xs[0].Hi}}
	case relGe:
		return []column.Interval{{Lo: xs[0].Lo, Hi: math.MaxInt64}}
	case relGt:
		return []column.Interval{above(xs[0])}
	case relNe:
		return []column.Interval{below(xs[0]), above(xs[0])}
	case relBetween:
		return []column.Interval{{Lo: xs[0].Lo, Hi: xs[1].Hi}}
	case relHas:
		return []column.Interval{everything}
	}
	return xs // = and in
}

// ofAge is the relation of instants that rel is of ages: who is older was born
// earlier.
func (rel relation) ofAge() relation {
	switch rel {
	case relLt:
		return relGt
	case relLe:
		return relGe
	case relGe:
		return relLe
	case relGt:
		return relLt
	}
	return rel
}

// dayOf is the seconds of a civil day.
func dayOf(date time.Time, zone *time.Location) column.Interval {
	y, m, d := date.Date()
	next := date.AddDate(0, 0, 1) // in UTC: the next date of the calendar
	ny, nm, nd := next.Date()
	return column.Interval{Lo: dayStart(y, m, d, zone).Unix(), Hi: dayStart(ny, nm, nd, zone).Unix() - 1}
}
