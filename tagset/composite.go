package tagset

import (
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/expr"
)

// DefineComposite makes name a composite tag with the formula.
func (tx *Tx) DefineComposite(name string, f *expr.Formula) error {
	if _, err := tx.CreateTag(Tag{Name: name}); err != nil {
		return err
	}
	rec, err := tx.find("define", name)
	if err != nil {
		return err
	}
	o := tx.edit(rec.tag.ID)
	o.tag.Kind, o.formula = Composite, f
	return nil
}

// Formula returns the bound tree of a composite tag; false for any other. It is
// for this module alone: expr is an internal package.
func (v *View) Formula(name string) (*expr.Formula, bool) {
	rec := v.find(name)
	if rec == nil || rec.formula == nil {
		return nil, false
	}
	return rec.formula, true
}

// compositesOn lists the composites whose formula speaks of tag id, ascending.
func (tx *Tx) compositesOn(id TagID) []TagID { return nil }

// effectiveAt returns the effective members of rec at a time, Unix nanoseconds.
func (st *state) effectiveAt(rec *tagRec, time int64) bitmap.Bitmap {
	return st.unitedAt(rec, time)
}
