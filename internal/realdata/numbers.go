package realdata

import (
	"fmt"
	"math"
	"time"

	"github.com/tagroar/tagroar/internal/oracle"
)

// Numbers and times of a data set are attributes, as the data have them. Beside each tag that stands for a comparison
// (oracle and facts speak of sets alone) is written which comparison it is, so that whoever can compare may ask the
// facts in that way.

// Types of attributes, as in oracle.Attr.
const (
	ofNumbers  = 0
	ofTimes    = 1
	ofDecimals = 2 // without places; the others follow
)

// Range is the values of an attribute from Lo to Hi, both included. With both at the ends of int64 it is every value.
type Range struct {
	Attr   string
	Lo, Hi int64
}

func atLeast(attr string, lo int64) Range { return Range{attr, lo, math.MaxInt64} }
func atMost(attr string, hi int64) Range  { return Range{attr, math.MinInt64, hi} }
func exactly(attr string, v int64) Range  { return Range{attr, v, v} }

// within is the times from a day to just before another.
func within(attr string, from, to time.Time) Range { return Range{attr, from.Unix(), to.Unix() - 1} }

// Total is what is known of the values of one attribute.
type Total struct {
	Attr          string
	Present       int
	Min, Max, Sum int64
	Quantiles     map[int]int64 // by percent, nearest rank
	Largest       []Valued      // the largest, of equal ones the smaller member first
}

// Valued is a member and its value.
type Valued struct {
	Member uint32
	Value  int64
}

// attribute makes an attribute without values.
func (d *Data) attribute(name string, typ uint8) map[uint32]int64 {
	a := &oracle.Attr{Type: typ, Values: map[uint32]int64{}}
	d.Attrs[name] = a
	return a.Values
}

// compare makes the tag of a comparison.
func (d *Data) compare(tag string, r Range) *oracle.Expr {
	d.tag(tag)
	d.Ranges[tag] = r
	for m, v := range d.Attrs[r.Attr].Values {
		if r.Lo <= v && v <= r.Hi {
			d.add(tag, m)
		}
	}
	return oracle.T(tag)
}

// tally is an entry of the lists named "numbers".
type tally struct {
	Present       int
	Min, Max, Sum int64
	Percentiles   map[int]int64 `json:"percentiles_nearest_rank"`
	Top           []Valued      `json:"top10"`
}

// totals takes in what is known of numbers.
func (d *Data) totals(numbers map[string]tally) error {
	for name, n := range numbers {
		if d.Attrs[name] == nil {
			return fmt.Errorf("%s: no attribute %s", d.Name, name)
		}
		present := n.Present
		if present == 0 { // not said: everybody
			present = len(d.Members)
		}
		d.Totals = append(d.Totals, Total{Attr: name, Present: present, Min: n.Min, Max: n.Max, Sum: n.Sum, Quantiles: n.Percentiles, Largest: n.Top})
	}
	return nil
}
