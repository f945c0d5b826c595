package tagset

import (
	"time"

	"github.com/tagroar/tagroar/internal/column"
)

// A tag with KeepTimes knows of each direct member when it was last tagged, in
// steps of TimeStep: a column whose values, counted from 1970 in steps, are so
// close to one another that a day takes a byte or two, and whose members are
// the tag's own set, shared. The transaction's time counts, rounded down to the
// step.

// A tagTimes is what a tag with KeepTimes keeps beside its members, immutable
// once published.
type tagTimes struct {
	tagged column.Column // its members are the direct ones; values in steps since 1970-01-01T00:00:00Z
	growth growth
}

// defaultStep is what TimeStep 0 means. Days are what people ask about, and the
// cheapest to keep.
const defaultStep = 24 * time.Hour

// step returns the step of the tag's times, in seconds.
func (t *Tag) step() int64 {
	if t.TimeStep == 0 {
		return int64(defaultStep / time.Second)
	}
	return int64(t.TimeStep / time.Second)
}

// validStep reports whether d can be a TimeStep.
func validStep(d time.Duration) bool {
	return d == 0 || d > 0 && d%time.Second == 0 && (24*time.Hour)%d == 0
}

// Times returns when each direct member of the tag was last tagged, as a column
// of type [Time]; false if there is no such tag, or it does not keep times.
// Each value is the start, in UTC, of the step in which it happened. It costs a
// look-up of the name.
func (v *View) Times(tag string) (Column, bool) {
	rec := v.find(tag)
	if rec == nil || rec.times == nil {
		return Column{}, false
	}
	return rec.tagged(), true
}

// tagged returns the times of a tag that keeps some.
func (rec *tagRec) tagged() Column {
	return Column{values: rec.times.tagged, typ: Time, step: rec.tag.step()}
}
