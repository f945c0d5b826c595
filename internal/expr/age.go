package expr

import (
	"math"
	"time"

	"github.com/tagroar/tagroar/internal/column"
)

// What a condition says in numbers depends on when it is asked: an age is an
// instant so long before then. Instants lie between whole seconds, numbers do
// not, so the lower end of a range is rounded up and the upper end down; an
// open end leaves the instant itself out, which matters only if it is a whole
// second.

// Back returns the instant n units before now: minutes and hours exactly, days
// and longer by the calendar of now's zone, as time.AddDate has it. N is within
// [Unit.Most]; of a Number the instant is now.
func (u Unit) Back(now time.Time, n int64) time.Time {
	k := int(n)
	switch u {
	case Minutes:
		return now.Add(-time.Duration(n) * time.Minute)
	case Hours:
		return now.Add(-time.Duration(n) * time.Hour)
	case Days:
		return now.AddDate(0, 0, -k)
	case Weeks:
		return now.AddDate(0, 0, -7*k)
	case Months:
		return now.AddDate(0, -k, 0)
	case Years:
		return now.AddDate(-k, 0, 0)
	}
	return now
}

// maxYears bounds ages: more than the four digits of a year can span.
const maxYears = 10_000

// Most is how many of the unit an age may have. Hours and minutes are counted
// in nanoseconds, which end after 292 years.
func (u Unit) Most() int64 {
	switch u {
	case Minutes:
		return math.MaxInt64 / int64(time.Minute)
	case Hours:
		return math.MaxInt64 / int64(time.Hour)
	case Days:
		return 366 * maxYears
	case Weeks:
		return 366 * maxYears / 7
	case Months:
		return 12 * maxYears
	case Years:
		return maxYears
	}
	return 0
}

// Seconds is the instant t among whole seconds: itself, or the empty interval
// between the second after it and the one before.
func Seconds(t time.Time) column.Interval {
	x := column.Interval{Lo: t.Unix(), Hi: t.Unix()}
	if t.Nanosecond() > 0 {
		x.Lo++
	}
	return x
}

// low is the first number that is not below b; ages are told from now.
func (b Bound) low(now time.Time) int64 {
	if b.Unit == Number {
		return b.N
	}
	x := Seconds(b.Unit.Back(now, b.N))
	if b.Open {
		return x.Hi + 1
	}
	return x.Lo
}

// high is the last number that is not above b.
func (b Bound) high(now time.Time) int64 {
	if b.Unit == Number {
		return b.N
	}
	x := Seconds(b.Unit.Back(now, b.N))
	if b.Open {
		return x.Lo - 1
	}
	return x.Hi
}

// At returns the numbers that pass the condition at a time, in the normal form
// of [column.Normalize]. Ages are told in UTC.
func (c *Condition) At(now time.Time) []column.Interval {
	now = now.UTC()
	in := make([]column.Interval, len(c.Any))
	for i, r := range c.Any {
		in[i] = column.Interval{Lo: r.Lo.low(now), Hi: r.Hi.high(now)}
	}
	return column.Normalize(in)
}

// Ages reports whether what the condition says depends on the time.
func (c *Condition) Ages() bool {
	for _, r := range c.Any {
		if r.Lo.Unit != Number || r.Hi.Unit != Number {
			return true
		}
	}
	return false
}
