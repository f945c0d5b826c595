package tagset

import (
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/tagname"
)

// checkGroups verifies I6 and the indexes of exclusive groups, and that the
// order of values is one of sub-tags.
func (st *state) checkGroups() error {
	for _, rec := range st.tags.All() {
		if rec == nil {
			continue
		}
		if err := st.checkPrecedence(rec); err != nil {
			return err
		}
		if rec.tag.Exclusive {
			if err := st.checkValues(rec); err != nil {
				return err
			}
		}
		if err := st.checkIndex(rec); err != nil {
			return err
		}
	}
	return nil
}

// checkValues verifies I6 of an exclusive group.
func (st *state) checkValues(group *tagRec) error {
	var names []string
	var sets [][]bitmap.Bitmap
	for r := range st.tree(group) {
		switch {
		case r == group:
			continue
		case len(r.includes) > 0:
			return broken(r.tag.Name, "I6: it includes tags, below the exclusive group %s", quote(group.tag.Name))
		case r.formula != nil:
			return broken(r.tag.Name, "I6: a composite, below the exclusive group %s", quote(group.tag.Name))
		case r.parent == group.tag.ID: // names ascend: what is below it follows
			names, sets = append(names, r.tag.Name), append(sets, nil)
		}
		i := len(sets) - 1
		sets[i] = append(sets[i], r.direct.Bitmap())
	}
	if a, b, m, n := overlap(sets); n > 0 {
		return broken(group.tag.Name, "I6: member %d has the values %s and %s", m, quote(names[a]), quote(names[b]))
	}
	return nil
}

// checkPrecedence verifies that the order of values of rec names sub-tags of it,
// each once.
func (st *state) checkPrecedence(rec *tagRec) error {
	seen := make(map[TagID]bool, len(rec.precedence))
	for _, id := range rec.precedence {
		if r := st.record(int(id)); r == nil || r.parent != rec.tag.ID || id == 0 {
			return broken(rec.tag.Name, "I6: its precedence has id %d, which is no sub-tag of it", id)
		}
		if seen[id] {
			return broken(rec.tag.Name, "I6: its precedence has id %d twice", id)
		}
		seen[id] = true
	}
	return nil
}

// checkIndex verifies that the index of rec, if it has one, finds every member
// below it, and that only an outermost group has one.
func (st *state) checkIndex(rec *tagRec) error {
	ix := rec.index
	if ix == nil {
		return nil
	}
	if !rec.tag.Exclusive {
		return broken(rec.tag.Name, "I6: an index, but no exclusive group")
	}
	for id := rec.parent; id != 0; id = st.tags.At(int(id)).parent {
		if r := st.tags.At(int(id)); r.tag.Exclusive {
			return broken(rec.tag.Name, "I6: an index, below the exclusive group %s", quote(r.tag.Name))
		}
	}
	if !slices.IsSorted(ix.tags) {
		return broken(rec.tag.Name, "I6: an index out of order")
	}
	if err := ix.places.Check(); err != nil {
		return broken(rec.tag.Name, "I6: places: %s", err)
	}
	for r := range st.tree(rec) {
		if r == rec {
			continue
		}
		if _, ok := slices.BinarySearch(ix.tags, r.tag.ID); !ok {
			return broken(rec.tag.Name, "I6: no %s in the index", quote(r.tag.Name))
		}
		if !ix.placed {
			continue
		}
		for m := range r.direct.Bitmap().All() {
			at, _ := ix.places.Get(m)
			if up := st.record(int(at)); up == nil || !tagname.Within(r.tag.Name, up.tag.Name) {
				return broken(rec.tag.Name, "I6: the index does not find member %d in %s", m, quote(r.tag.Name))
			}
		}
	}
	return nil
}
