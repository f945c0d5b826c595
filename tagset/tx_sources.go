package tagset

import (
	"slices"
	"strings"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/cow"
)

// How a transaction keeps the holds of tags up with their members. A verb that
// adds members says so before it does, because as long as one source holds
// everybody the direct members tell whom: holdFew, holdSet, holdSorted. One that
// ends the holds of one source asks whom nobody holds any more: releaseFew,
// releaseSet. One that takes members away whoever holds them ends all of their
// holds: dropFew, dropSet.
//
// A source that alone holds all of a tag costs nothing but a comparison. Others
// have their sets edited as the members of tags are, see setEdit, so that many
// single changes in one transaction copy a block once.

// A holdsEdit is the holds of several sources under change. It belongs to the
// open record whose holds it is in.
type holdsEdit struct {
	by   cow.MapEdit[string, *hold]
	open []string // the sources whose holds are open, and ours to write

	source string   // the one opened last
	last   *setEdit // and whom it holds; nil: none
}

// From returns a handle of the same transaction on behalf of a source of
// memberships: a staff member, a rule, a batch of an import. What it adds is held
// by that source, and a membership lasts as long as any source holds it:
//
//   - Add, AddSet, ReplaceSet and AddPairs make the source hold the membership,
//     and count who did not carry the tag before.
//   - Remove and RemoveSet end what the source holds, and count who carries the
//     tag no more, because no other source holds it. What others hold stays.
//   - All other verbs do the same on every handle of a transaction. [Tx.Forget]
//     and an exclusive group end the holds of all sources.
//
// The transaction that Update hands out is of the plain source, "", and so is
// From(""). Plain additions are held by the plain source as by any other; plain
// removals end what every source holds.
//
// That one more or one less source holds a membership is a change of the store,
// but no modification of the tag. If the tag keeps times, a member counts as
// tagged again by any source that adds it.
//
// A source is any valid UTF-8 of at most 256 bytes, compared as it is; with
// another one the verbs above give [ErrBadName]. Tx itself stays what it is. The
// attribution of [Tx.By] is the transaction's, for all of its handles.
func (tx *Tx) From(source string) *Tx {
	_, ok := checkSource(source)
	if tx.work != nil {
		tx.handles = true
	}
	return &Tx{work: tx.work, over: tx.over, source: source, odd: !ok}
}

// refuseSource is the error for a handle of a source that cannot be.
func (tx *Tx) refuseSource(op, tag string) error {
	detail, _ := checkSource(tx.source)
	return &Error{Op: op, Tag: tag, Err: ErrBadName, detail: detail}
}

// DropSource ends everything that the source holds, in all tags, as if it had
// never added anything: the undo of an import. It returns how many memberships
// ended, because no other source holds them; times, growth and modification of
// their tags follow. It looks at every tag, and where several sources hold a tag
// asks each of them.
//
// Errors: [ErrBadName] if source is none that [Tx.From] takes, or is "": so much
// is held by the plain source that a name left out must not end it.
func (tx *Tx) DropSource(source string) (removed int, err error) {
	const op = "drop source"
	if err := tx.alive(op); err != nil {
		return 0, err
	}
	if source == "" {
		return 0, &Error{Op: op, Err: ErrBadName, detail: "the plain source cannot be dropped"}
	}
	from := tx.From(source)
	if from.odd {
		return 0, from.refuseSource(op, "")
	}
	mark := tx.touched
	for i := 1; i < tx.tags.Len(); i++ {
		rec := tx.tags.At(i)
		if rec == nil || rec.held == nil {
			continue
		}
		if set := rec.held.of(source, tx.direct(TagID(i))); !set.IsEmpty() {
			removed += from.takeSet(rec, from.releaseSet(rec, set))
		}
	}
	if tx.recorded(mark) {
		from.recordBare(verbDropSource)
	}
	return removed, nil
}

// holdFew makes the handle's source hold ms, who are about to be direct members
// of the tag of rec, if they are not yet.
func (tx *Tx) holdFew(rec *tagRec, ms []Member) {
	if rec.held == nil && tx.source == "" || len(ms) == 0 || tx.holdAll(rec) {
		return
	}
	var e *holdsEdit
	for _, m := range ms {
		if e == nil {
			if held := rec.held.get(tx.source); held != nil && held.contains(uint32(m)) {
				continue
			}
			e = tx.edit(rec.tag.ID).editHolds()
		}
		if e.set(tx.source).add(uint32(m)) {
			tx.touch()
		}
	}
}

// holdSet is holdFew for a set.
func (tx *Tx) holdSet(rec *tagRec, s bitmap.Bitmap) {
	if rec.held == nil && tx.source == "" || s.IsEmpty() || tx.holdAll(rec) {
		return
	}
	if held := rec.held.get(tx.source); held != nil && s.SubsetOf(held.members()) {
		return
	}
	tx.edit(rec.tag.ID).editHolds().set(tx.source).or(s)
	tx.touch()
}

// holdSorted is holdFew for ascending members, at least one.
func (tx *Tx) holdSorted(rec *tagRec, vs []uint32) {
	if rec.held == nil && tx.source == "" || tx.holdAll(rec) {
		return
	}
	if tx.edit(rec.tag.ID).editHolds().set(tx.source).addSorted(vs) > 0 {
		tx.touch()
	}
}

// holdAll reports whether the handle's source alone holds, or else may from now
// on alone hold, every member of the tag of rec, also those who are about to be.
func (tx *Tx) holdAll(rec *tagRec) bool {
	sole, ok := rec.held.single()
	if !ok || sole == tx.source {
		return ok
	}
	if !tx.direct(rec.tag.ID).IsEmpty() {
		return false
	}
	tx.edit(rec.tag.ID).held = holdsBy(strings.Clone(tx.source))
	return true
}

// releaseFew ends what the handle's source holds of ms, and returns those whom
// nobody holds any more, for takeFew. Their tag is that of rec.
func (tx *Tx) releaseFew(rec *tagRec, ms []Member) (free []Member) {
	if sole, ok := rec.held.single(); ok {
		if sole == tx.source {
			return ms
		}
		return nil
	}
	var e *holdsEdit
	for _, m := range ms {
		if held := tx.heldOf(rec.tag.ID).get(tx.source); held == nil || !held.contains(uint32(m)) {
			continue
		}
		if e == nil {
			e = tx.edit(rec.tag.ID).editHolds()
		}
		tx.touch()
		e.set(tx.source).remove(uint32(m))
		if !e.anyHolds(uint32(m)) {
			free = append(free, m)
		}
	}
	return free
}

// releaseSet is releaseFew for a set.
func (tx *Tx) releaseSet(rec *tagRec, s bitmap.Bitmap) (free bitmap.Bitmap) {
	if sole, ok := rec.held.single(); ok {
		if sole == tx.source {
			return s
		}
		return bitmap.Bitmap{}
	}
	held := rec.held.get(tx.source)
	if held == nil {
		return bitmap.Bitmap{}
	}
	if free = held.members().And(s); free.IsEmpty() {
		return free
	}
	tx.touch()
	e := tx.edit(rec.tag.ID).editHolds()
	e.set(tx.source).andNot(free)
	for _, held := range e.by.Ascend("") {
		if set := held.members(); set.Intersects(free) {
			if free = free.AndNot(set); free.IsEmpty() {
				break
			}
		}
	}
	return free
}

// dropFew ends what any source holds of ms, who are about to lose tag id.
func (tx *Tx) dropFew(id TagID, ms []Member) {
	list := append([]Member(nil), ms...) // the functions hold on to it, and callers' arguments stay off the heap
	tx.dropHolds(id, func(held *hold) bool {
		return slices.ContainsFunc(list, func(m Member) bool { return held.contains(uint32(m)) })
	}, func(set *setEdit) {
		for _, m := range list {
			set.remove(uint32(m))
		}
	})
}

// dropSet is dropFew for a set.
func (tx *Tx) dropSet(id TagID, s bitmap.Bitmap) {
	tx.dropHolds(id, func(held *hold) bool { return held.members().Intersects(s) }, func(set *setEdit) { set.andNot(s) })
}

// dropHolds has drop change the holds of tag id that are concerned.
func (tx *Tx) dropHolds(id TagID, concerned func(*hold) bool, drop func(*setEdit)) {
	h := tx.heldOf(id)
	if _, ok := h.single(); ok {
		return
	}
	var names []string // first, since opening one changes the map
	for source, held := range h.several() {
		if concerned(held) {
			names = append(names, source)
		}
	}
	if len(names) == 0 {
		return
	}
	e := tx.edit(id).editHolds()
	for _, source := range names {
		drop(e.set(source))
	}
}

// mergeHolds gives the holds of tag from, and thereby its members, to tag into,
// which is about to have these.
func (tx *Tx) mergeHolds(into, from TagID, members bitmap.Bitmap) {
	theirs, ours := tx.heldOf(from), tx.heldOf(into)
	if theirs == nil && ours == nil || members.IsEmpty() {
		return
	}
	if source, ok := theirs.single(); ok && (&Tx{work: tx.work, source: source}).holdAll(tx.tags.At(int(into))) {
		return
	}
	e := tx.edit(into).editHolds()
	for source, set := range theirs.all(members) {
		e.set(source).or(set)
	}
}

// heldOf returns the holds of tag id as the transaction has them.
func (tx *Tx) heldOf(id TagID) *holds { return tx.tags.At(int(id)).held }

// editHolds returns the holds of o as several that the transaction may write.
func (o *openTag) editHolds() *holdsEdit {
	source, ok := o.held.single()
	if !ok && o.held.edit != nil {
		return o.held.edit
	}
	e := new(holdsEdit)
	if !ok {
		e.by = o.held.by.Edit()
	} else {
		e.by = cow.NewMap[string, *hold](strings.Compare).Edit()
		if all := o.members.bitmap(); !all.IsEmpty() {
			e.by.Set(source, &hold{set: all})
		}
	}
	o.held = &holds{edit: e}
	return e
}

// set returns whom the source holds, to be changed.
func (e *holdsEdit) set(source string) *setEdit {
	if e.last != nil && e.source == source {
		return e.last
	}
	held, ok := e.by.Get(source)
	if !ok || held.edit == nil {
		open := &hold{edit: new(setEdit)}
		if ok {
			open.edit.b = held.set
		}
		held = open
		source = strings.Clone(source) // not a piece of the caller's text
		e.by.Set(source, held)
		e.open = append(e.open, source)
	}
	e.source, e.last = source, held.edit
	return e.last
}

// anyHolds reports whether any source holds v.
func (e *holdsEdit) anyHolds(v uint32) bool {
	for _, held := range e.by.Ascend("") {
		if held.contains(v) {
			return true
		}
	}
	return false
}

// settleHolds brings the holds of o, whose members are settled, into normal form,
// and ends the right to write to them.
func (o *openTag) settleHolds() {
	switch {
	case o.held == nil:
	case o.direct.IsEmpty():
		o.held = nil
	case o.held.edit != nil:
		o.held = o.held.edit.settle()
	}
}

func (e *holdsEdit) settle() *holds {
	for _, source := range e.open {
		held, _ := e.by.Get(source)
		if held.set, held.edit = held.edit.bitmap(), nil; held.set.IsEmpty() {
			e.by.Delete(source)
		}
	}
	by := e.by.Freeze()
	if by.Len() == 1 {
		for source := range by.All() {
			return holdsBy(source)
		}
	}
	return &holds{by: by}
}
