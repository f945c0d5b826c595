package tagset

import (
	"slices"

	"github.com/tagroar/tagroar/internal/tagname"
)

// How the other verbs keep formulas sound: what one speaks of stays, and a
// composite stays what a composite can be.

// madeByDefine is why no other verb makes a tag a composite.
const madeByDefine = "a composite is made by query.Define"

// refuseMembers is the error for members of a composite.
func refuseMembers(op string, rec *tagRec) error {
	return &Error{Op: op, Tag: rec.tag.Name, Err: ErrUnsupported, detail: "a composite's members are its expression's"}
}

// belowComposite refuses, on behalf of tag, a path below a composite.
func (tx *Tx) belowComposite(op, tag, path string) error {
	if id, up := tx.nearest(path); id != 0 && tx.tags.At(int(id)).formula != nil {
		return &Error{Op: op, Tag: tag, Err: ErrUnsupported, detail: quote(up) + " is a composite: it has no sub-tags"}
	}
	return nil
}

// checkCompositeEdit refuses to make the tag of rec what t says, where one of
// the two is a composite, and to end times that
// composites compare, or to keep them less finely than these may ask.
func (tx *Tx) checkCompositeEdit(op string, rec *tagRec, t *Tag) error {
	detail := ""
	switch {
	case rec.formula == nil && t.Kind == Composite:
		detail = madeByDefine
	case rec.formula == nil:
		if rec.tag.KeepTimes && (!t.KeepTimes || t.step() > rec.tag.step()) {
			return tx.keepTimesFor(op, rec)
		}
		return nil
	case t.Kind != Composite:
		detail = "a composite stays one"
	case t.KeepTimes || t.TimeStep != 0:
		detail = "a composite keeps no times"
	case t.Exclusive:
		detail = "a composite has no sub-tags to be exclusive"
	case len(t.Includes) > 0:
		detail = "a composite includes no tags: its expression can name them"
	default:
		return nil
	}
	return &Error{Op: op, Tag: rec.tag.Name, Err: ErrUnsupported, detail: detail}
}

// keepTimesFor gives [ErrInUse] if composites compare the times of the tag of rec.
func (tx *Tx) keepTimesFor(op string, rec *tagRec) error {
	var names []string
	for _, user := range rec.users {
		u := tx.tags.At(int(user))
		if _, ok := slices.BinarySearch(u.composed.uses.Times, uint32(rec.tag.ID)); ok {
			names = append(names, u.tag.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	slices.SortFunc(names, tagname.Compare)
	return &Error{Op: op, Tag: rec.tag.Name, Err: ErrInUse, detail: inUseBy(names) + " compare its times"}
}

// checkMergeComposites refuses to merge tree, the subtree of the tag called old,
// into that of path if a composite would be merged, or one has sub-tags
// afterwards, or times that composites compare would be lost or
// kept less finely.
func (tx *Tx) checkMergeComposites(op string, tree []*tagRec, old, path string) error {
	for _, r := range tree {
		id, ok := tx.names.Get(path + r.tag.Name[len(old):])
		if !ok {
			continue
		}
		into := tx.tags.At(int(id))
		if into == r || tagname.Within(into.tag.Name, old) { // which moves away itself
			continue
		}
		for _, c := range []*tagRec{r, into} {
			if c.formula != nil {
				return &Error{Op: op, Tag: old, Err: ErrUnsupported, detail: quote(c.tag.Name) + " is a composite: it cannot be merged"}
			}
		}
		if r.times != nil && (into.times == nil || into.tag.step() > r.tag.step()) {
			if err := tx.keepTimesFor(op, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// redirectFormulas makes the formulas that name tag from name tag into.
func (tx *Tx) redirectFormulas(from, into TagID) {
	for _, user := range tx.tags.At(int(from)).users {
		tx.unlinkFormula(tx.tags.At(int(user)))
		o := tx.edit(user)
		o.setFormula(o.formula.Redirect(uint32(from), uint32(into)))
		tx.changeMembers(o)
		tx.linkFormula(o.tagRec)
	}
}

// linkFormula tells the tags that the composite rec names of it.
func (tx *Tx) linkFormula(rec *tagRec) {
	user := rec.tag.ID
	for _, id := range rec.composed.named() {
		o := tx.edit(id)
		if i, ok := slices.BinarySearch(o.users, user); !ok {
			o.users = slices.Insert(slices.Clone(o.users), i, user)
		}
	}
}

// unlinkFormula undoes linkFormula; rec need not be a composite.
func (tx *Tx) unlinkFormula(rec *tagRec) {
	if rec.composed == nil {
		return
	}
	user := rec.tag.ID
	for _, id := range rec.composed.named() {
		if tx.tags.At(int(id)) == nil {
			continue // it goes together with the composite
		}
		o := tx.edit(id)
		if i, ok := slices.BinarySearch(o.users, user); ok {
			o.users = slices.Delete(slices.Clone(o.users), i, i+1)
		}
	}
}

// compositesOn lists the composites whose formula speaks of tag id, ascending. It
// must not be written to.
func (tx *Tx) compositesOn(id TagID) []TagID { return tx.tags.At(int(id)).users }

// compositesOver lists the composites that compare the attribute, by name.
func (tx *Tx) compositesOver(attr string) []string {
	var names []string
	for id := 1; id < tx.tags.Len(); id++ {
		if rec := tx.tags.At(id); rec != nil && rec.composed != nil && slices.Contains(rec.composed.uses.Attrs, attr) {
			names = append(names, rec.tag.Name)
		}
	}
	slices.SortFunc(names, tagname.Compare)
	return names
}

// inUseBy is the detail of an error that lists composites.
func inUseBy(names []string) string { return "composites " + list(names, len(names)) }
