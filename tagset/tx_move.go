package tagset

import (
	"fmt"
	"strings"

	"github.com/tagroar/tagroar/internal/tagname"
)

// RenameTag gives the tag called from, with all of its subtree, the path to.
// Ids, definitions and members stay. Missing parents of to are created as by
// CreateTag; the old parents stay, though they may be empty now. A new name
// counts as a change of definition of every tag moved. To rename a tag to what
// it is called is no change.
//
// Errors: [ErrNoTag], [ErrBadName] (also when the subtree would get too many
// levels), [ErrTagExists], [ErrCycle] if to is below from or below a tag that
// depends on it through an include or a composite, [ErrFull], [ErrPolicy];
// [ErrExclusive] if to is below an exclusive group of which members of the
// subtree have other values, or that does not take what the subtree has.
func (tx *Tx) RenameTag(from, to string) error {
	const op = "rename"
	rec, err := tx.find(op, from)
	if err != nil {
		return err
	}
	path, err := normalize(op, to)
	if err != nil {
		return err
	}
	old := rec.tag.Name
	if path == old {
		return nil
	}
	if tagname.Within(path, old) {
		return &Error{Op: op, Tag: old, Err: ErrCycle, detail: quote(path) + " is below it"}
	}
	if _, ok := tx.names.Get(path); ok {
		return &Error{Op: op, Tag: old, Err: ErrTagExists, detail: quote(path)}
	}
	tree := tx.subtree(old)
	if err := checkDepth(op, tree, old, path); err != nil {
		return err
	}
	if err := tx.roomForTags(op, path); err != nil {
		return err
	}
	if err := tx.belowComposite(op, old, path); err != nil {
		return err
	}
	if err := tx.checkMoveAcyclic(op, rec, path); err != nil {
		return err
	}
	if err := tx.allowRename(op, tree, old, path); err != nil {
		return err
	}
	if err := tx.checkMove(op, tree, old, path); err != nil {
		return err
	}
	tx.unhook(tree)
	parent := tx.createParents(path)
	if parent != rec.parent {
		tx.leavePrecedence(rec.parent, rec.tag.ID)
	}
	for i, r := range tree {
		if i > 0 {
			parent = r.parent // which moves along
		}
		tx.hook(r.tag.ID, path+r.tag.Name[len(old):], parent)
	}
	if tx.record != nil {
		tx.recordRename(rec.tag.ID, path)
	}
	return nil
}

// MergeTag moves the members of the tag called from to the tag called into,
// and its sub-tags below it, and deletes from. A sub-tag that into has already,
// by its path, is merged likewise; the one of into keeps its id and definition.
// From may be below into. Who includes from includes into from then on, and into
// what from did, but not itself. A source holds whom it held in either. If into
// keeps times, a member's later time counts; if from keeps none, whoever it brings
// is tagged now.
//
// If the order of values of the tag above from names it, into takes its place if
// it is a sub-tag of the same tag. Two values of an exclusive group may be
// merged.
//
// Errors: [ErrNoTag], [ErrBadName] (also when the subtree would get too many
// levels), [ErrCycle] if into is from or below it, or a tag would come to depend
// on itself; [ErrUnsupported] to merge a composite or into one; [ErrInUse], with
// the list, if composites compare times that into does not keep; [ErrPolicy] if a
// sub-tag would get too deep; [ErrExclusive] if in a group around into or below it
// a member would have two values, or if a tag that may not be there would come
// below one.
func (tx *Tx) MergeTag(from, into string) error {
	const op = "merge"
	rec, err := tx.find(op, from)
	if err != nil {
		return err
	}
	target, err := tx.find(op, into)
	if err != nil {
		return err
	}
	old, path := rec.tag.Name, target.tag.Name
	if tagname.Within(path, old) {
		return &Error{Op: op, Tag: old, Err: ErrCycle, detail: quote(path) + " is the tag or below it"}
	}
	tree := tx.subtree(old)
	if err := checkDepth(op, tree, old, path); err != nil {
		return err
	}
	if err := tx.checkMergeComposites(op, tree, old, path); err != nil {
		return err
	}
	if err := tx.allowDepth(op, tree, old, path); err != nil {
		return err
	}
	if err := tx.checkMergeAcyclic(op, tree, old, path); err != nil {
		return err
	}
	if err := tx.checkMerge(op, tree, old, path); err != nil {
		return err
	}
	// All names first: into's side may lie around from's, and a tag may move to
	// where another of the same subtree was.
	tx.unhook(tree)
	tx.redirectPrecedence(rec.parent, rec.tag.ID, target.tag.ID)
	for _, r := range tree { // parents before kids, so that a kid's new parent is known
		name := path + r.tag.Name[len(old):]
		id, ok := tx.names.Get(name)
		if !ok {
			up, _ := tagname.Parent(name)
			parent, _ := tx.names.Get(up)
			tx.hook(r.tag.ID, name, parent)
			continue
		}
		tx.dropIndex(id)
		tx.redirectFormulas(r.tag.ID, id)
		members := tx.direct(r.tag.ID)
		tx.mergeHolds(id, r.tag.ID, members)
		added := tx.unite(id, members)
		if tx.tags.At(int(id)).times != nil {
			tx.mergeTimes(id, r.tag.ID, members, added)
		}
		tx.redirectIncludes(r.tag.ID, id)
		tx.tags.Set(int(r.tag.ID), nil)
		tx.forgetOpen(r.tag.ID)
	}
	if tx.record != nil {
		tx.recordMerge(rec.tag.ID, target.tag.ID)
	}
	return nil
}

// checkDepth refuses to move a subtree to where it has too many levels.
func checkDepth(op string, tree []*tagRec, old, path string) error {
	more := tagname.Levels(path) - tagname.Levels(old)
	for _, r := range tree {
		if n := tagname.Levels(r.tag.Name) + more; n > tagname.MaxLevels {
			return &Error{Op: op, Tag: old, Err: ErrBadName,
				detail: fmt.Sprintf("%s would have %d levels, more than %d", quote(r.tag.Name), n, tagname.MaxLevels)}
		}
	}
	return nil
}

// unhook takes a subtree's tags out of the names and from their parents.
func (tx *Tx) unhook(tree []*tagRec) {
	tx.touch()
	tx.dropIndexes(tree)
	for _, r := range tree {
		tx.census.count(r, -1)
		tx.names.Delete(r.tag.Name)
		tx.adopt(r.parent, -1, true)
	}
}

// hook gives tag id, which was unhooked, a name and a parent.
func (tx *Tx) hook(id TagID, name string, parent TagID) {
	o := tx.edit(id)
	tx.stamp(o)
	o.tag.Name, o.parent = strings.Clone(name), parent
	tx.census.count(o.tagRec, 1)
	tx.names.Set(o.tag.Name, id)
	tx.adopt(parent, 1, true)
	tx.dropIndex(parent)
}
