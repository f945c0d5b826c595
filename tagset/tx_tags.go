package tagset

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tagroar/tagroar/internal/tagname"
)

// CreateTag creates a tag without members and returns its id. Parents that are
// missing are created too, from the top down, of kind Attribute and with
// nothing else set. ID, Created, Modified and ModifiedBy of t are ignored: the
// store sets them.
//
// Errors: [ErrBadName], [ErrTagExists]; [ErrType] for a TimeStep that is none;
// [ErrNoTag] for a Precedence, as there are no sub-tags yet; [ErrUnsupported]
// for Includes and the kind Composite; [ErrFull] if the ids are used up;
// [ErrPolicy].
func (tx *Tx) CreateTag(t Tag) (TagID, error) {
	const op = "create"
	if err := tx.alive(op); err != nil {
		return 0, err
	}
	path, err := normalize(op, t.Name)
	if err != nil {
		return 0, err
	}
	if detail, err := checkDefinition(&t); err != nil {
		return 0, &Error{Op: op, Tag: path, Err: err, detail: detail}
	}
	if _, ok := tx.names.Get(path); ok {
		return 0, &Error{Op: op, Tag: path, Err: ErrTagExists}
	}
	if _, err := tx.precedenceOf(op, path, nil, t.Precedence); err != nil {
		return 0, err
	}
	if err := tx.roomForTags(op, path); err != nil {
		return 0, err
	}
	if err := tx.allowCreate(op, path, t.Archived); err != nil {
		return 0, err
	}
	parent := tx.createParents(path)
	return tx.create(path, parent, Tag{Kind: t.Kind, Weight: t.Weight, Owner: t.Owner, Note: t.Note,
		KeepTimes: t.KeepTimes, TimeStep: t.TimeStep, Exclusive: t.Exclusive, Archived: t.Archived}), nil
}

// EditTag lets edit change the definition of the tag: Kind, Weight, Owner, Note,
// KeepTimes, TimeStep, Exclusive, Precedence and Archived. Edits of ID, Created, Modified and ModifiedBy are ignored; for
// the name there is [Tx.RenameTag]. If nothing differs afterwards, nothing has
// changed.
//
// When a tag begins to keep times, its members count as tagged now; when it
// ceases to, the times and the growth of the tag are lost. A new TimeStep
// rounds the times down to it, which takes time proportional to the members.
//
// Errors: [ErrNoTag], also for a Precedence that names what is no sub-tag of it;
// [ErrBadName]; [ErrType] and [ErrUnsupported] as CreateTag's, the former for a
// Precedence that repeats a tag and the latter for a changed name too;
// [ErrExclusive] if the tag cannot become an exclusive group, with a member that
// would have two values, or with what is below that may not be; [ErrPolicy] for
// a tag that comes out of the archive.
func (tx *Tx) EditTag(name string, edit func(*Tag)) error {
	const op = "edit"
	rec, err := tx.find(op, name)
	if err != nil {
		return err
	}
	t := rec.tag
	t.Precedence = tx.namesOf(rec.precedence)
	order := slices.Clone(t.Precedence)
	edit(&t)
	if t.Name != rec.tag.Name {
		return &Error{Op: op, Tag: rec.tag.Name, Err: ErrUnsupported, detail: "a new name is given by RenameTag"}
	}
	if detail, err := checkDefinition(&t); err != nil {
		return &Error{Op: op, Tag: rec.tag.Name, Err: err, detail: detail}
	}
	if rec, err = tx.find(op, rec.tag.Name); err != nil { // edit may have used tx
		return err
	}
	precedence := rec.precedence
	if !slices.Equal(t.Precedence, order) {
		if precedence, err = tx.precedenceOf(op, rec.tag.Name, rec, t.Precedence); err != nil {
			return err
		}
	}
	if sameDefinition(&t, &rec.tag) && slices.Equal(precedence, rec.precedence) {
		return nil
	}
	if err := tx.allowEdit(op, rec, t.Archived); err != nil {
		return err
	}
	if t.Exclusive != rec.tag.Exclusive {
		if t.Exclusive {
			if err := tx.checkExclusive(op, rec); err != nil {
				return err
			}
		}
		tx.dropIndexes(tx.subtree(rec.tag.Name))
	}
	o := tx.edit(rec.tag.ID)
	tx.stamp(o)
	tx.census.count(o.tagRec, -1)
	old := o.tag
	o.tag.Kind, o.tag.Weight, o.tag.Owner, o.tag.Note, o.tag.Archived = t.Kind, t.Weight, t.Owner, t.Note, t.Archived
	o.tag.KeepTimes, o.tag.TimeStep = t.KeepTimes, t.TimeStep
	o.tag.Exclusive, o.precedence = t.Exclusive, precedence
	tx.census.count(o.tagRec, 1)
	tx.keepTimes(o, &old)
	return nil
}

// DeleteTag deletes a tag that has no sub-tags. Its members stay live.
//
// Errors: [ErrNoTag], [ErrBadName]; [ErrInUse], whose text lists the sub-tags.
func (tx *Tx) DeleteTag(name string) error {
	const op = "delete"
	rec, err := tx.find(op, name)
	if err != nil {
		return err
	}
	if rec.kids > 0 {
		return &Error{Op: op, Tag: rec.tag.Name, Err: ErrInUse, detail: tx.listKids(rec)}
	}
	tx.drop(rec)
	return nil
}

// DeleteTree deletes a tag and all of its subtree. The members stay live.
//
// Errors: [ErrNoTag], [ErrBadName].
func (tx *Tx) DeleteTree(name string) error {
	rec, err := tx.find("delete tree of", name)
	if err != nil {
		return err
	}
	tree := tx.subtree(rec.tag.Name)
	for i := len(tree) - 1; i >= 0; i-- { // leaves first: drop counts kids down
		tx.drop(tx.tags.At(int(tree[i].tag.ID)))
	}
	return nil
}

// maxListed is how many sub-tags an error names.
const maxListed = 5

// listKids names the first sub-tags of rec.
func (tx *Tx) listKids(rec *tagRec) string {
	var list []string
	for name, id := range tx.names.Ascend(rec.tag.Name) {
		if tx.tags.At(int(id)).parent != rec.tag.ID {
			continue // rec itself, and what is further down
		}
		if list = append(list, quote(name)); len(list) == min(maxListed, rec.kids) {
			break
		}
	}
	text := "sub-tags " + strings.Join(list, ", ")
	if rec.kids > len(list) {
		text += fmt.Sprintf(" and %d more", rec.kids-len(list))
	}
	return text
}

// subtree returns the records of the tag called path and all below it, by name.
func (tx *Tx) subtree(path string) []*tagRec {
	var tree []*tagRec
	for name, id := range tx.names.Ascend(path) {
		if !tagname.Within(name, path) {
			break
		}
		tree = append(tree, tx.tags.At(int(id)))
	}
	return tree
}

// roomForTags refuses a path that could take more ids than there are.
func (tx *Tx) roomForTags(op, path string) error {
	if uint64(tx.tags.Len()+tagname.Levels(path)) > 1<<32 {
		return &Error{Op: op, Tag: path, Err: ErrFull, detail: "no tag id left"}
	}
	return nil
}

// createParents returns the id of the tag above path, which it creates if
// need be; 0 for a top-level path.
func (tx *Tx) createParents(path string) TagID {
	up, ok := tagname.Parent(path)
	if !ok {
		return 0
	}
	if id, ok := tx.names.Get(up); ok {
		return id
	}
	return tx.create(up, tx.createParents(up), Tag{})
}

// create makes a tag called path, which is free, below parent.
func (tx *Tx) create(path string, parent TagID, t Tag) TagID {
	id := TagID(tx.tags.Len())
	t.ID, t.Name, t.Created = id, strings.Clone(path), tx.now // not a piece of the caller's text
	tx.tags.Append(nil)
	tx.names.Set(t.Name, id)
	rec := &tagRec{tag: t, parent: parent}
	if t.KeepTimes {
		rec.times = new(tagTimes)
	}
	tx.stamp(tx.put(id, rec))
	tx.census.count(rec, 1)
	tx.adopt(parent, 1)
	tx.indexNew(rec)
	return id
}

// drop deletes the tag of rec, which has no kids.
func (tx *Tx) drop(rec *tagRec) {
	tx.touch()
	tx.census.count(rec, -1)
	id := rec.tag.ID
	tx.indexGone(rec)
	tx.leavePrecedence(rec.parent, id)
	tx.names.Delete(rec.tag.Name)
	tx.tags.Set(int(id), nil)
	tx.forgetOpen(id)
	tx.adopt(rec.parent, -1)
}

// adopt counts n kids more below parent. Its union and those above it change.
func (tx *Tx) adopt(parent TagID, n int) {
	if parent == 0 {
		return
	}
	o := tx.edit(parent)
	o.kids += n
	o.moved = true
	tx.expire(o)
}
