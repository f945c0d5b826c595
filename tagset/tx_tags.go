package tagset

import (
	"slices"
	"strings"

	"github.com/tagroar/tagroar/internal/tagname"
)

// CreateTag creates a tag without members and returns its id. Parents that are
// missing are created too, from the top down, of kind Attribute and with
// nothing else set. ID, Created, Modified and ModifiedBy of t are ignored: the
// store sets them.
//
// Includes are names in any spelling; one that is repeated counts once.
//
// Errors: [ErrBadName], [ErrTagExists]; [ErrType] for a TimeStep that is none;
// [ErrNoTag] for an include that does not exist, and for a Precedence, as there
// are no sub-tags yet; [ErrCycle] for includes by which a tag would depend on
// itself, with the way round; [ErrExclusive] for includes below an exclusive
// group; [ErrUnsupported] for the kind Composite, which query.Define makes, and
// below a composite; [ErrFull] if the ids are used up; [ErrPolicy].
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
	if t.Kind == Composite {
		return 0, &Error{Op: op, Tag: path, Err: ErrUnsupported, detail: madeByDefine}
	}
	if err := tx.belowComposite(op, path, path); err != nil {
		return 0, err
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
	includes, err := tx.findIncludes(op, path, t.Includes)
	if err != nil {
		return 0, err
	}
	if err := tx.checkIncludes(op, path, 0, includes); err != nil {
		return 0, err
	}
	parent := tx.createParents(path)
	id := tx.create(path, parent, Tag{Kind: t.Kind, Weight: t.Weight, Owner: t.Owner, Note: t.Note,
		KeepTimes: t.KeepTimes, TimeStep: t.TimeStep, Exclusive: t.Exclusive, Archived: t.Archived})
	if len(includes) > 0 {
		tx.include(tx.edit(id), includes)
	}
	if tx.record != nil {
		tx.recordTag(verbCreateTag, id)
	}
	return id, nil
}

// EditTag lets edit change the definition of the tag: Kind, Weight, Owner, Note,
// KeepTimes, TimeStep, Exclusive, Includes, Precedence and Archived. Edits of ID,
// Created, Modified and ModifiedBy are ignored; for the name there is
// [Tx.RenameTag]. If nothing differs afterwards, nothing has changed. What edit sets
// counts, also against what it did to the same tag through the transaction.
//
// When a tag begins to keep times, its members count as tagged now; when it
// ceases to, the times and the growth of the tag are lost. A new TimeStep
// rounds the times down to it, which takes time proportional to the members.
//
// Errors: [ErrNoTag], also for a Precedence that names what is no sub-tag of it;
// [ErrBadName]; [ErrType], [ErrCycle] and [ErrUnsupported] as CreateTag's, the
// first for a Precedence that repeats a tag and the last for a changed name too;
// [ErrExclusive] as CreateTag's, and if the tag cannot become an exclusive group,
// with a member that would have two values, or with what is below that may not
// be; [ErrInUse], with the list, if the tag would keep no times any more that
// composites compare, or keep them in longer steps; [ErrPolicy] for a tag that comes out of the archive. A
// composite stays one, and no other tag becomes one; it cannot keep times, be
// exclusive nor include others: [ErrUnsupported].
func (tx *Tx) EditTag(name string, edit func(*Tag)) error {
	const op = "edit"
	rec, err := tx.find(op, name)
	if err != nil {
		return err
	}
	t := tx.tagOf(rec)
	included, order := slices.Clone(t.Includes), slices.Clone(t.Precedence)
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
	if err := tx.checkCompositeEdit(op, rec, &t); err != nil {
		return err
	}
	includes, precedence := rec.includes, rec.precedence
	if !slices.Equal(t.Includes, included) {
		if includes, err = tx.findIncludes(op, rec.tag.Name, t.Includes); err != nil {
			return err
		}
	}
	if !slices.Equal(t.Precedence, order) {
		if precedence, err = tx.precedenceOf(op, rec.tag.Name, rec, t.Precedence); err != nil {
			return err
		}
	}
	same := slices.Equal(includes, rec.includes)
	if same && sameDefinition(&t, &rec.tag) && slices.Equal(precedence, rec.precedence) {
		return nil
	}
	if !same {
		if err := tx.checkIncludes(op, rec.tag.Name, rec.tag.ID, includes); err != nil {
			return err
		}
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
	if !same {
		tx.include(o, includes)
	}
	old := o.tag
	o.tag.Kind, o.tag.Weight, o.tag.Owner, o.tag.Note, o.tag.Archived = t.Kind, t.Weight, t.Owner, t.Note, t.Archived
	o.tag.KeepTimes, o.tag.TimeStep = t.KeepTimes, t.TimeStep
	o.tag.Exclusive, o.precedence = t.Exclusive, precedence
	tx.census.count(o.tagRec, 1)
	tx.keepTimes(o, &old)
	if tx.record != nil {
		tx.recordTag(verbEditTag, o.tag.ID)
	}
	return nil
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
	tx.adopt(parent, 1, false)
	tx.indexNew(rec)
	return id
}

// adopt counts n kids more below parent, which bring or take along their members
// if moved. Its union and those above it change.
func (tx *Tx) adopt(parent TagID, n int, moved bool) {
	if parent == 0 {
		return
	}
	o := tx.edit(parent)
	o.kids += int32(n)
	o.listed = true
	o.moved = o.moved || moved
	tx.expire(o)
}
