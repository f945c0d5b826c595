package tagset

import (
	"fmt"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/expr"
)

// checkComposites verifies I14, and I2 of the members that composites keep.
func (st *state) checkComposites() error {
	users := map[TagID][]TagID{}
	levels := leveler{known: make(map[TagID]int), at: func(id TagID) *expr.Formula { return st.tags.At(int(id)).formula }}
	for i, rec := range st.tags.All() {
		if rec == nil {
			continue
		}
		if (rec.tag.Kind == Composite) != (rec.formula != nil) || (rec.composed != nil) != (rec.formula != nil) {
			return broken(rec.tag.Name, "I14: its kind is %s, it has a formula: %t", rec.tag.Kind, rec.formula != nil)
		}
		if rec.formula == nil {
			continue
		}
		if err := st.checkComposite(rec); err != nil {
			return broken(rec.tag.Name, "I14: %s", err)
		}
		if _, err := levels.of(TagID(i), 0); err != nil {
			return broken(rec.tag.Name, "I14: %s", err)
		}
		for _, id := range rec.composed.named() {
			users[id] = append(users[id], TagID(i))
		}
	}
	for i, rec := range st.tags.All() {
		if rec != nil && !slices.Equal(rec.users, users[TagID(i)]) {
			return broken(rec.tag.Name, "I14: composites %d name it, not %d", users[TagID(i)], rec.users)
		}
	}
	for _, rec := range st.tags.All() {
		if rec != nil && rec.composed != nil {
			if err := st.checkComposed(rec); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkComposite tells what is wrong with a composite by itself, and with what
// its formula speaks of.
func (st *state) checkComposite(rec *tagRec) error {
	if err := rec.formula.Check(); err != nil {
		return err
	}
	switch {
	case !rec.formula.Equal(rec.formula.Canonical()) || !slices.Equal(rec.composed.named(), (&composition{uses: rec.formula.Uses()}).named()):
		return fmt.Errorf("what is kept of the formula is not the formula's")
	case !rec.direct.IsEmpty():
		return fmt.Errorf("a composite has members of its own")
	case rec.kids > 0:
		return fmt.Errorf("a composite has sub-tags")
	case rec.times != nil || rec.tag.KeepTimes:
		return fmt.Errorf("a composite keeps times")
	case len(rec.includes) > 0 || rec.tag.Exclusive || rec.held != nil:
		return fmt.Errorf("a composite includes tags, is a group, or is held")
	}
	for _, id := range rec.composed.named() {
		if st.record(int(id)) == nil {
			return fmt.Errorf("there is no tag %d", id)
		}
	}
	for _, id := range rec.composed.uses.Times {
		if st.tags.At(int(id)).times == nil {
			return fmt.Errorf("tag %d keeps no times", id)
		}
	}
	return st.checkConditions(rec.formula)
}

// checkConditions tells which attribute of a formula is missing, or is no time
// though ages of it are asked.
func (st *state) checkConditions(f *expr.Formula) error {
	for i := range f.Where {
		c := &f.Where[i]
		if c.Attr == "" {
			continue
		}
		attr, ok := st.attrs.Get(c.Attr)
		if !ok {
			return fmt.Errorf("there is no attribute %s", quote(c.Attr))
		}
		if c.Ages() && attr.typ != Time {
			return fmt.Errorf("attribute %s is %s, which has no ages", quote(c.Attr), attr.typ)
		}
	}
	return nil
}

// checkComposed verifies I2 of the members kept beside the formula of rec: that
// they are what a fresh evaluation at the time for which they were made gives.
// They may be those of another version.
func (st *state) checkComposed(rec *tagRec) error {
	last := rec.composed.last.Load()
	if last == nil {
		return nil
	}
	if err := checkSet("members of the expression", rec.tag.Name, last.set); err != nil {
		return err
	}
	if !last.evaluate(last.tree.Root, bitmap.Bitmap{}).Equal(last.set) {
		return broken(rec.tag.Name, "I2: the members kept are not the expression's")
	}
	return nil
}
