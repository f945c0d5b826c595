package tagset

import (
	"fmt"
	"iter"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/tagname"
)

// Value precedence. The sub-tags of a tag are ordered, the strongest first:
// those that Tag.Precedence names, and then the others by name. The order tells
// which value counts where members have several, and so resolves the overlaps of
// a group that is to become exclusive.
//
// A record keeps the order as ids, all of them of direct sub-tags and each once.
// So a sub-tag that is renamed keeps its place, and one that is deleted or moved
// away is taken out.

// precedenceOf returns the ids of the sub-tags of rec that names are, which are
// the Precedence of the definition of the tag called path; rec is nil if it is
// yet to be made.
func (tx *Tx) precedenceOf(op, path string, rec *tagRec, names []string) ([]TagID, error) {
	if len(names) == 0 {
		return nil, nil
	}
	ids := make([]TagID, 0, len(names))
	seen := make(map[TagID]bool, len(names))
	for _, given := range names {
		name, err := tagname.Normalize(given)
		if err != nil {
			return nil, &Error{Op: op, Tag: path, Err: ErrBadName, detail: "in its precedence: " + err.Error()}
		}
		id, ok := tx.names.Get(name)
		if !ok || rec == nil || tx.tags.At(int(id)).parent != rec.tag.ID {
			return nil, &Error{Op: op, Tag: path, Err: ErrNoTag, detail: fmt.Sprintf("its precedence names %s, which is no sub-tag of it", quote(name))}
		}
		if seen[id] {
			return nil, &Error{Op: op, Tag: path, Err: ErrType, detail: fmt.Sprintf("its precedence names %s twice", quote(name))}
		}
		seen[id] = true
		ids = append(ids, id)
	}
	return ids, nil
}

// leavePrecedence takes id, which is no sub-tag of parent any more, out of the
// order of its values.
func (tx *Tx) leavePrecedence(parent, id TagID) { tx.setPrecedence(parent, id, 0) }

// redirectPrecedence gives the place of a tag that is merged into another to
// this one, if it is a sub-tag of the same tag. Of two places it keeps the
// stronger.
func (tx *Tx) redirectPrecedence(parent, from, into TagID) {
	if tx.tags.At(int(into)).parent != parent {
		into = 0
	}
	tx.setPrecedence(parent, from, into)
}

// setPrecedence puts into in the place of from; 0 leaves the place out.
func (tx *Tx) setPrecedence(parent, from, into TagID) {
	if parent == 0 {
		return
	}
	was := tx.tags.At(int(parent)).precedence
	i, j := slices.Index(was, from), slices.Index(was, into)
	if i < 0 {
		return
	}
	ids := slices.Clone(was)
	switch {
	case into == 0:
		ids = slices.Delete(ids, i, i+1)
	case j < 0:
		ids[i] = into
	default:
		ids[min(i, j)] = into
		ids = slices.Delete(ids, max(i, j), max(i, j)+1)
	}
	if len(ids) == 0 {
		ids = nil
	}
	o := tx.edit(parent)
	tx.stamp(o)
	o.precedence = ids
}

// values returns the direct sub-tags of rec in the order of their precedence;
// tree yields the records of the subtree of rec, by name.
func values(rec *tagRec, tree iter.Seq[*tagRec]) []*tagRec {
	place := make(map[TagID]int, len(rec.precedence))
	for i, id := range rec.precedence {
		place[id] = i
	}
	list := make([]*tagRec, len(rec.precedence), rec.kids)
	for r := range tree {
		if r.parent != rec.tag.ID {
			continue
		}
		if i, ok := place[r.tag.ID]; ok {
			list[i] = r
		} else {
			list = append(list, r)
		}
	}
	return list
}

// tree yields the records of the subtree of rec, by name.
func (st *state) tree(rec *tagRec) iter.Seq[*tagRec] {
	return func(yield func(*tagRec) bool) { st.subtree(rec.tag.Name, yield) }
}

// Values returns the direct sub-tags of the tag, which are the values of a
// group, in the order of their precedence: those that Tag.Precedence names,
// the strongest first, and then the others by name. Of a name that no tag has it
// returns none.
func (v *View) Values(group string) iter.Seq[Tag] {
	return func(yield func(Tag) bool) {
		rec := v.find(group)
		if rec == nil {
			return
		}
		for _, r := range values(rec, v.tree(rec)) {
			if !yield(v.tagOf(r)) {
				return
			}
		}
	}
}

// ValueOf returns the value that m has in the group: the direct sub-tag that m,
// or a tag below which m, carries. If the group is not exclusive and m has
// several, it is the strongest. False if m has none or there is no such group.
// It looks at the tags below the group, at few of them where the group is
// exclusive and takes members one by one.
func (v *View) ValueOf(group string, m Member) (Tag, bool) {
	rec := v.find(group)
	if rec == nil {
		return Tag{}, false
	}
	var best *tagRec
	for id := range v.holders(rec, uint32(m)) {
		if r := v.childAbove(rec.tag.ID, id); r != nil && (best == nil || stronger(rec.precedence, r, best)) {
			best = r
		}
	}
	if best == nil {
		return Tag{}, false
	}
	return v.tagOf(best), true
}

// holders yields the tags below rec of which m is a direct member.
func (st *state) holders(rec *tagRec, m uint32) iter.Seq[TagID] {
	return func(yield func(TagID) bool) {
		root := rec
		if ix := rec.index; ix != nil && ix.placed {
			at, _ := ix.places.Get(m)
			if root = st.tags.At(int(at)); root == nil {
				return
			}
		}
		for r := range st.tree(root) {
			if r != rec && r.direct.Contains(m) && !yield(r.tag.ID) {
				return
			}
		}
	}
}

// childAbove returns the direct sub-tag of parent at or above tag id.
func (st *state) childAbove(parent, id TagID) *tagRec {
	for id != 0 {
		r := st.tags.At(int(id))
		if r.parent == parent {
			return r
		}
		id = r.parent
	}
	return nil
}

// stronger reports whether value a comes before b.
func stronger(precedence []TagID, a, b *tagRec) bool {
	i, j := slices.Index(precedence, a.tag.ID), slices.Index(precedence, b.tag.ID)
	switch {
	case i == j: // both unnamed
		return tagname.Compare(a.tag.Name, b.tag.Name) < 0
	case i < 0 || j < 0:
		return j < 0
	}
	return i < j
}

// Settle leaves members that have several values of the group only the
// strongest, by [Tag].Precedence: it takes them from all tags below the weaker
// ones, on behalf of all sources. It returns how many memberships that ended.
// After it the group can be made exclusive, as far as its members are concerned.
//
// Errors: [ErrNoTag], [ErrBadName].
func (tx *Tx) Settle(group string) (removed int, err error) {
	rec, err := tx.find("settle", group)
	if err != nil {
		return 0, err
	}
	mark := tx.touched
	var settled bitmap.Bitmap // who has one of the values so far
	for _, value := range values(rec, slices.Values(tx.subtree(rec.tag.Name))) {
		have := settled
		for _, r := range tx.subtree(value.tag.Name) {
			members := tx.direct(r.tag.ID)
			settled = settled.Or(members)
			if weak := members.And(have); !weak.IsEmpty() {
				removed += tx.stripSet(tx.tags.At(int(r.tag.ID)), weak)
			}
		}
	}
	if tx.recorded(mark) {
		tx.recordOf(verbSettle, rec.tag.ID)
	}
	return removed, nil
}
