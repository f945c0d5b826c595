package tagset

import (
	"github.com/tagroar/tagroar/internal/column"
)

// A Column is the values of one attribute in one version, or the times at which
// the members of one tag were last tagged. It is an immutable value: copies
// share everything, any number of goroutines may use it, and it stays valid for
// ever. The zero Column is an empty one of type Int.
type Column struct {
	values column.Column
	typ    AttributeType
	step   int64 // how many seconds a unit of values is, for times of tagging; 0: values are as Int tells them
}

// Type returns the type of the values; of times of tagging, [Time].
func (c Column) Type() AttributeType { return c.typ }

// Len returns how many members have a value.
func (c Column) Len() int { return c.values.Len() }

// Members returns the members that have a value.
func (c Column) Members() Set { return Set{c.values.Members()} }

// Int returns the value of m: of type Int the number, of a decimal the number
// scaled by 10^places, of Time the Unix seconds; false if m has none. It
// allocates nothing.
func (c Column) Int(m Member) (int64, bool) {
	v, ok := c.values.Get(uint32(m))
	return v * c.unit(), ok
}

// Values returns the values as the engine keeps them, for ordering by them:
// those of Int, but times of tagging in units of the tag's step. It is for this
// module alone: column is an internal package.
func (c Column) Values() column.Column { return c.values }

// Where returns the members whose value, as Int tells it, lies in one of the
// intervals. It is for this module alone: column is an internal package.
func (c Column) Where(in ...column.Interval) *column.Predicate {
	unit := c.unit()
	if unit == 1 {
		return c.values.Where(in...)
	}
	units := make([]column.Interval, len(in))
	for i, x := range in {
		units[i] = column.Interval{Lo: ceilDiv(x.Lo, unit), Hi: floorDiv(x.Hi, unit)}
	}
	return c.values.Where(units...)
}

func (c Column) unit() int64 { return max(1, c.step) }

// floorDiv returns a/b rounded down; b is positive.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// ceilDiv returns a/b rounded up; b is positive.
func ceilDiv(a, b int64) int64 {
	q := a / b
	if a%b > 0 {
		q++
	}
	return q
}
