package tagset

import "slices"

// tagOf returns the definition of rec, with the names that the tags it refers
// to have now.
func (st *state) tagOf(rec *tagRec) Tag {
	t := rec.tag
	t.Includes, t.Precedence = st.namesOf(rec.includes), st.namesOf(rec.precedence)
	return t
}

// namesOf returns the names of the tags ids, in a slice of their own.
func (st *state) namesOf(ids []TagID) []string {
	if len(ids) == 0 {
		return nil
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = st.tags.At(int(id)).tag.Name
	}
	return names
}

// namesOf returns the names that the tags ids have by now.
func (tx *Tx) namesOf(ids []TagID) []string {
	if len(ids) == 0 {
		return nil
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = tx.tags.At(int(id)).tag.Name
	}
	return names
}

// uses lists what refers to rec beside its sub-tags: who includes it, and the
// composites that speak of it. Ids ascend.
func (tx *Tx) uses(rec *tagRec) []TagID {
	ids := append(slices.Clone(rec.includers), tx.compositesOn(rec.tag.ID)...)
	slices.Sort(ids)
	return slices.Compact(ids)
}
