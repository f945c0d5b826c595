package tagset

import (
	"fmt"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/tagname"
)

// Marking a group exclusive, moving a subtree and merging two may each put a
// member below two values of a group. They are checked before anything changes:
// the tags are looked at under the names that they would have, and for each
// group concerned the values, which follow from the names, must be disjoint.

// A placed tag is one under the name that it would have.
type placed struct {
	name string
	rec  *tagRec
}

// valueAt returns the name of the value of group below which path lies.
func valueAt(group, path string) string {
	for i := len(group) + 1; i < len(path); i++ {
		if path[i] == '/' {
			return path[:i]
		}
	}
	return path
}

// below reports whether path lies below group and is not it.
func below(path, group string) bool { return len(path) > len(group) && tagname.Within(path, group) }

// checkExclusive gives [ErrExclusive] if the subtree of rec cannot be that of an
// exclusive group.
func (tx *Tx) checkExclusive(op string, rec *tagRec) error {
	name := rec.tag.Name
	tags := tx.subtree(name)[1:]
	if err := checkContent(op, name, name, tags); err != nil {
		return err
	}
	var ps []placed
	for _, r := range tags {
		ps = append(ps, placed{r.tag.Name, r})
	}
	return tx.checkDisjoint(op, name, name, ps)
}

// checkMove gives [ErrExclusive] if tree, the subtree of the tag called old,
// cannot have the path instead for the sake of a group above that.
func (tx *Tx) checkMove(op string, tree []*tagRec, old, path string) error {
	nearest := true
	for up, ok := tagname.Parent(path); ok; up, ok = tagname.Parent(up) {
		id, found := tx.names.Get(up)
		if !found || !tx.tags.At(int(id)).tag.Exclusive {
			continue
		}
		if nearest {
			if err := checkContent(op, old, up, tree); err != nil {
				return err
			}
			nearest = false
		}
		if below(old, up) {
			from, to := valueAt(up, old), valueAt(up, path)
			if from == to || from == old && to == path { // no value gains anybody
				continue
			}
		}
		if err := tx.checkDisjoint(op, old, up, tx.placedBelow(up, tree, old, path)); err != nil {
			return err
		}
	}
	return nil
}

// checkMerge gives [ErrExclusive] if tree, the subtree of the tag called old,
// cannot be merged into that of path for the sake of a group around or below
// that. Groups of tree that find no tag at their new name move as they are.
func (tx *Tx) checkMerge(op string, tree []*tagRec, old, path string) error {
	var inside []*tagRec // of tree, below a group afterwards
	var group string
	for _, r := range tree {
		name := path + r.tag.Name[len(old):]
		var kept TagID // which r becomes, and which does not include itself
		if id, ok := tx.names.Get(name); ok && !tagname.Within(name, old) {
			kept = id
		}
		if r.formula == nil && !slices.ContainsFunc(r.includes, func(id TagID) bool { return id != kept }) {
			continue
		}
		above := tx.groupAbove(name)
		for above != nil && tagname.Within(above.tag.Name, old) { // which goes away
			above = tx.groupAbove(above.tag.Name)
		}
		if above != nil {
			inside, group = append(inside, r), above.tag.Name
		}
	}
	if err := checkContent(op, old, group, inside); err != nil {
		return err
	}
	for up, ok := path, true; ok; up, ok = tagname.Parent(up) {
		if err := tx.checkMerged(op, tree, up, old, path); err != nil {
			return err
		}
	}
	for _, r := range tree[1:] { // and where a group of into takes in tags
		if name := path + r.tag.Name[len(old):]; r.kids > 0 {
			if err := tx.checkMerged(op, tree, name, old, path); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkMerged is checkMerge for the tag called group, if it is one.
func (tx *Tx) checkMerged(op string, tree []*tagRec, group, old, path string) error {
	id, ok := tx.names.Get(group)
	if !ok || !tx.tags.At(int(id)).tag.Exclusive || tagname.Within(group, old) {
		return nil
	}
	return tx.checkDisjoint(op, old, group, tx.placedBelow(group, tree, old, path))
}

// placedBelow returns the tags that would lie below group if tree, the subtree of
// old, had the path instead.
func (tx *Tx) placedBelow(group string, tree []*tagRec, old, path string) []placed {
	var ps []placed
	for _, r := range tx.subtree(group)[1:] {
		if !tagname.Within(r.tag.Name, old) {
			ps = append(ps, placed{r.tag.Name, r})
		}
	}
	for _, r := range tree {
		if name := path + r.tag.Name[len(old):]; below(name, group) {
			ps = append(ps, placed{name, r})
		}
	}
	return ps
}

// checkDisjoint gives [ErrExclusive], with a member and two of its values, if
// values of the group share members.
func (tx *Tx) checkDisjoint(op, tag, group string, ps []placed) error {
	at := map[string]int{} // of values, in names and sets
	var names []string
	var sets [][]bitmap.Bitmap
	for _, p := range ps {
		name := valueAt(group, p.name)
		i, ok := at[name]
		if !ok {
			i = len(names)
			at[name], names, sets = i, append(names, name), append(sets, nil)
		}
		sets[i] = append(sets[i], tx.direct(p.rec.tag.ID))
	}
	first, second, m, n := overlap(sets)
	if n == 0 {
		return nil
	}
	err := memberError(op, tag, Member(m), ErrExclusive)
	err.detail = fmt.Sprintf("it would have %s and %s of %s; members with several values: %d",
		quote(names[first]), quote(names[second]), quote(group), n)
	return err
}

// overlap counts the members that are in several of the unions of sets, and
// returns the lowest of them with the first two unions that it is in.
func overlap(sets [][]bitmap.Bitmap) (first, second int, m uint32, n int) {
	values := make([]bitmap.Bitmap, len(sets))
	sum := 0
	for i, s := range sets {
		values[i] = bitmap.UnionAll(s...)
		sum += values[i].Len()
	}
	if bitmap.UnionAll(values...).Len() == sum {
		return 0, 0, 0, 0
	}
	var once, twice bitmap.Bitmap
	for _, v := range values {
		twice = twice.Or(once.And(v))
		once = once.Or(v)
	}
	m, _ = twice.Min()
	first = -1
	for i, v := range values {
		switch {
		case !v.Contains(m):
		case first < 0:
			first = i
		default:
			return first, i, m, twice.Len()
		}
	}
	return first, first, m, twice.Len()
}
