package tagset

import (
	"math"

	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/tagname"
)

// checkColumn verifies I1 and I2 of a column's members, and what package column
// promises of itself.
func checkColumn(what, tag string, c column.Column) error {
	if err := checkSet(what, tag, c.Members()); err != nil {
		return err
	}
	if err := c.Check(); err != nil {
		return broken(tag, "I11: %s: %s", what, err)
	}
	return nil
}

// checkAttributes verifies I11.
func (st *state) checkAttributes() error {
	last := ""
	for name, rec := range st.attrs.All() {
		if path, err := tagname.Normalize(name); err != nil || path != name || rec.name != name {
			return broken("", "I11: attribute %s: not the normal name of its record", quote(name))
		}
		if last != "" && tagname.Compare(last, name) >= 0 {
			return broken("", "I11: attribute %s: out of order", quote(name))
		}
		last = name
		if !rec.typ.valid() {
			return broken("", "I11: attribute %s: %s", quote(name), rec.typ)
		}
		if err := checkColumn("members of attribute "+quote(name), "", rec.values); err != nil {
			return err
		}
		if v, ok := rec.values.Members().AndNot(st.live).Min(); ok {
			return broken("", "I11: attribute %s: member %d is not live", quote(name), v)
		}
		if least, most, ok := rec.values.Bounds(); ok && (!rec.typ.fits(least) || !rec.typ.fits(most)) {
			return broken("", "I11: attribute %s: values %d to %d are no %s", quote(name), least, most, rec.typ)
		}
	}
	return nil
}

// checkTimes verifies I12.
func (st *state) checkTimes() error {
	for _, rec := range st.tags.All() {
		if rec == nil {
			continue
		}
		name := rec.tag.Name
		if rec.tag.KeepTimes != (rec.times != nil) || !validStep(rec.tag.TimeStep) {
			return broken(name, "I12: it keeps times: %t, has some: %t; step %s", rec.tag.KeepTimes, rec.times != nil, rec.tag.TimeStep)
		}
		if rec.times == nil {
			continue
		}
		if err := checkColumn("times", name, rec.times.tagged); err != nil {
			return err
		}
		if v, ok := rec.direct.Bitmap().Xor(rec.times.tagged.Members()).Min(); ok {
			return broken(name, "I12: member %d is a direct member or has a time, not both", v)
		}
		first, last := st.timesOf(&rec.tag)
		if least, most, ok := rec.times.tagged.Bounds(); ok && (least < first || most > last) {
			return broken(name, "I12: times %d to %d, not within %d to %d", least, most, first, last)
		}
		if err := rec.times.growth.check(dayOf(st.seconds()), rec.direct.Card()); err != nil {
			return broken(name, "I12: %s", err)
		}
	}
	return nil
}

// seconds is the state's time in Unix seconds, rounded down.
func (st *state) seconds() int64 { return floorDiv(st.time, 1_000_000_000) }

// timesOf returns the first and the last time that a member of tag t can have
// been tagged, in steps.
func (st *state) timesOf(t *Tag) (first, last int64) {
	return floorDiv(math.MinInt64/1_000_000_000-1, t.step()), floorDiv(st.seconds(), t.step())
}
