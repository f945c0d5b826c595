package tagset

import (
	"github.com/tagroar/tagroar/internal/bitmap"
)

// fewMembers is up to how many members a call takes one by one. More are
// turned into a set first, which costs a sort but then whole blocks at a time.
const fewMembers = 32

// Add makes ms direct members of the tag and returns how many were not before.
// New ordinals become live, without a key. A member that the caller repeats
// counts once. If the tag keeps times, all of ms are tagged now, also who was a
// member before; that alone does not count as a modification of the tag.
//
// If the tag is below exclusive groups, last wins: ms lose what other values of
// these groups they have, from whatever source, as by Remove.
//
// Errors: [ErrNoTag], [ErrBadName]; [ErrForgotten] and [ErrFull], with the
// member, for retired ordinals and for 2^32−1; [ErrUnsupported] for a composite;
// [ErrPolicy] for more members than Policy.MaxBatch.
func (tx *Tx) Add(tag string, ms ...Member) (added int, err error) {
	const op = "add to"
	rec, err := tx.carrier(op, tag)
	if err != nil {
		return 0, err
	}
	mark := tx.touched
	if len(ms) > fewMembers {
		s := membersOf(ms)
		if added, err = tx.addSet(op, rec, s, false); err == nil && tx.recorded(mark) {
			tx.recordSet(verbAdd, rec.tag.ID, s)
		}
		return added, err
	}
	if added, err = tx.addFew(op, rec, ms); err == nil && tx.recorded(mark) {
		tx.recordFew(verbAdd, rec.tag.ID, ms)
	}
	return added, err
}

// addFew is Add for at most fewMembers.
func (tx *Tx) addFew(op string, rec *tagRec, ms []Member) (added int, err error) {
	if err := tx.allowFew(op, rec.tag.Name, ms); err != nil {
		return 0, err
	}
	fresh, err := tx.admit(op, rec.tag.Name, ms)
	if err != nil {
		return 0, err
	}
	tx.siblingsYield(rec, ms)
	tx.holdFew(rec, ms)
	o := tx.opened(rec.tag.ID)
	for _, m := range ms {
		if o == nil {
			if rec.direct.Contains(uint32(m)) {
				continue
			}
			o = tx.edit(rec.tag.ID)
			o.members.change(uint32(m), true)
			added++
		} else if o.members.add(uint32(m)) {
			added++
		}
	}
	if added > 0 {
		tx.changeMembers(o)
	}
	if fresh {
		tx.enliven(ms)
	}
	if rec.times != nil {
		tx.tagFew(rec, ms, added)
	}
	return added, nil
}

// Remove takes the tag from those of ms that are direct members, whoever holds
// that they are, and returns how many were. They stay live. On a handle of
// [Tx.From] it ends what that source holds, and counts who is no member any more.
//
// Errors: [ErrNoTag], [ErrBadName]; [ErrUnsupported] for a composite; [ErrPolicy]
// for more members than Policy.MaxBatch.
func (tx *Tx) Remove(tag string, ms ...Member) (removed int, err error) {
	const op = "remove from"
	rec, err := tx.carrier(op, tag)
	if err != nil {
		return 0, err
	}
	mark := tx.touched
	if len(ms) > fewMembers {
		s := membersOf(ms)
		if removed, err = tx.removeSet(op, rec, s); err == nil && tx.recorded(mark) {
			tx.recordSet(verbRemove, rec.tag.ID, s)
		}
		return removed, err
	}
	if removed, err = tx.removeFew(op, rec, ms); err == nil && tx.recorded(mark) {
		tx.recordFew(verbRemove, rec.tag.ID, ms)
	}
	return removed, err
}

// removeFew is Remove for at most fewMembers.
func (tx *Tx) removeFew(op string, rec *tagRec, ms []Member) (removed int, err error) {
	if err := tx.allowFew(op, rec.tag.Name, ms); err != nil {
		return 0, err
	}
	if tx.source != "" {
		return tx.takeFew(rec, tx.releaseFew(rec, ms)), nil
	}
	return tx.stripFew(rec, ms), nil
}

// stripFew takes the tag of rec from those of ms that are direct members,
// whoever holds them, and returns how many were.
func (tx *Tx) stripFew(rec *tagRec, ms []Member) (removed int) {
	if tx.heldOf(rec.tag.ID) != nil {
		tx.dropFew(rec.tag.ID, ms)
	}
	return tx.takeFew(rec, ms)
}

// takeFew is stripFew for members whom nobody holds any more.
func (tx *Tx) takeFew(rec *tagRec, ms []Member) (removed int) {
	o := tx.opened(rec.tag.ID)
	for _, m := range ms {
		if o == nil {
			if !rec.direct.Contains(uint32(m)) {
				continue
			}
			o = tx.edit(rec.tag.ID)
			o.members.change(uint32(m), false)
			removed++
		} else if o.members.remove(uint32(m)) {
			removed++
		}
	}
	if removed > 0 {
		tx.changeMembers(o)
		if o.times != nil {
			tx.untagFew(o, ms, removed)
		}
	}
	return removed
}

// AddSet is Add for a whole set. It works by blocks: an empty tag simply
// shares the set. But it takes nothing from anybody: [ErrExclusive], with the
// lowest such member, if a member of s has another value of an exclusive group
// that the tag is below.
func (tx *Tx) AddSet(tag string, s Set) (added int, err error) {
	return tx.changeSet(verbAddSet, tag, s.Blocks())
}

// ReplaceSet is AddSet, but where the tag is below an exclusive group the other
// values of the group give way, as with Add: no member of s keeps another. Whoever
// is not in s keeps what they have, this tag included.
func (tx *Tx) ReplaceSet(tag string, s Set) (added int, err error) {
	return tx.changeSet(verbReplaceSet, tag, s.Blocks())
}

// RemoveSet is Remove for a whole set.
func (tx *Tx) RemoveSet(tag string, s Set) (removed int, err error) {
	return tx.changeSet(verbRemoveSet, tag, s.Blocks())
}

// changeSet is AddSet, ReplaceSet or RemoveSet.
func (tx *Tx) changeSet(v verb, tag string, s bitmap.Bitmap) (n int, err error) {
	op := v.op()
	rec, err := tx.carrier(op, tag)
	if err != nil {
		return 0, err
	}
	mark := tx.touched
	if v == verbRemoveSet {
		n, err = tx.removeSet(op, rec, s)
	} else {
		n, err = tx.addSet(op, rec, s, v == verbAddSet)
	}
	if err == nil && tx.recorded(mark) {
		tx.recordSet(v, rec.tag.ID, s)
	}
	return n, err
}

// Enroll makes ms live, without a tag and without a key. Those that are live
// already stay as they are.
//
// Errors: [ErrForgotten] and [ErrFull], with the member, as Add's.
func (tx *Tx) Enroll(ms ...Member) error {
	const op = "enroll"
	if err := tx.alive(op); err != nil {
		return err
	}
	mark := tx.touched
	if len(ms) > fewMembers {
		s := membersOf(ms)
		if err := tx.enrollSet(s); err != nil {
			return err
		}
		if tx.recorded(mark) {
			tx.recordSet(verbEnroll, 0, s)
		}
		return nil
	}
	fresh, err := tx.admit(op, "", ms)
	if err != nil {
		return err
	}
	if fresh {
		tx.enliven(ms)
	}
	if tx.recorded(mark) {
		tx.recordFew(verbEnroll, 0, ms)
	}
	return nil
}

// enrollSet is Enroll for a set.
func (tx *Tx) enrollSet(s bitmap.Bitmap) error {
	if err := tx.admitSet("enroll", "", s); err != nil {
		return err
	}
	tx.enlivenSet(s)
	return nil
}

func membersOf(ms []Member) bitmap.Bitmap { return SetOf(ms...).b }

// addSet is AddSet if strict, else ReplaceSet.
func (tx *Tx) addSet(op string, rec *tagRec, s bitmap.Bitmap, strict bool) (int, error) {
	if err := tx.allowBatch(op, rec.tag.Name, s.Len()); err != nil {
		return 0, err
	}
	if err := tx.admitSet(op, rec.tag.Name, s); err != nil {
		return 0, err
	}
	if strict {
		if err := tx.refuseOverlap(op, rec, s); err != nil {
			return 0, err
		}
	} else {
		tx.siblingsYieldSet(rec, s)
	}
	tx.holdSet(rec, s)
	added := tx.unite(rec.tag.ID, s)
	if rec.times != nil {
		tx.tagSet(rec.tag.ID, s, added)
	}
	return added, nil
}

// unite adds the members of s, which are admitted, to tag id. Times are left to
// the caller.
func (tx *Tx) unite(id TagID, s bitmap.Bitmap) (added int) {
	added = s.AndNotLen(tx.direct(id))
	if added > 0 {
		o := tx.edit(id)
		o.members.or(s)
		tx.changeMembers(o)
		tx.enlivenSet(s)
	}
	return added
}

// carrier is find for a tag that has members of its own, as a composite has not,
// and for a handle on behalf of a source that can be.
func (tx *Tx) carrier(op, name string) (*tagRec, error) {
	rec, err := tx.find(op, name)
	if err != nil {
		return nil, err
	}
	return tx.carries(op, rec)
}

// carries returns rec if it has members of its own, and the handle's source can
// hold them.
func (tx *Tx) carries(op string, rec *tagRec) (*tagRec, error) {
	switch {
	case tx.odd:
		return nil, tx.refuseSource(op, rec.tag.Name)
	case rec.formula != nil:
		return nil, refuseMembers(op, rec)
	}
	return rec, nil
}

// allowFew is allowBatch for ms, of whom a member may be repeated.
func (tx *Tx) allowFew(op, tag string, ms []Member) error {
	if len(ms) <= tx.policy.MaxBatch || tx.policy.MaxBatch == 0 {
		return nil
	}
	return tx.allowBatch(op, tag, SetOf(ms...).Len())
}

// removeSet is RemoveSet.
func (tx *Tx) removeSet(op string, rec *tagRec, s bitmap.Bitmap) (int, error) {
	if err := tx.allowBatch(op, rec.tag.Name, s.Len()); err != nil {
		return 0, err
	}
	if tx.source != "" {
		return tx.takeSet(rec, tx.releaseSet(rec, s)), nil
	}
	return tx.stripSet(rec, s), nil
}

// stripSet is stripFew for a set.
func (tx *Tx) stripSet(rec *tagRec, s bitmap.Bitmap) (removed int) {
	if tx.heldOf(rec.tag.ID) != nil {
		tx.dropSet(rec.tag.ID, s)
	}
	return tx.takeSet(rec, s)
}

// takeSet is takeFew for a set.
func (tx *Tx) takeSet(rec *tagRec, s bitmap.Bitmap) (removed int) {
	removed = s.AndLen(tx.direct(rec.tag.ID))
	if removed > 0 {
		o := tx.edit(rec.tag.ID)
		o.members.andNot(s)
		tx.changeMembers(o)
		if o.times != nil {
			tx.untagSet(o, s, removed)
		}
	}
	return removed
}

// admit checks that all of ms may live, and reports whether any does not yet.
func (tx *Tx) admit(op, tag string, ms []Member) (fresh bool, err error) {
	for _, m := range ms {
		if tx.live.contains(uint32(m)) {
			continue
		}
		if m > maxMember {
			return false, memberError(op, tag, m, ErrFull)
		}
		if tx.retired.contains(uint32(m)) {
			return false, memberError(op, tag, m, ErrForgotten)
		}
		fresh = true
	}
	return fresh, nil
}

// admitSet checks that every member of s may live.
func (tx *Tx) admitSet(op, tag string, s bitmap.Bitmap) error {
	if top, ok := s.Max(); ok && top > maxMember {
		return memberError(op, tag, Member(top), ErrFull)
	}
	if v, ok := s.And(tx.retired.bitmap()).Min(); ok {
		return memberError(op, tag, Member(v), ErrForgotten)
	}
	return nil
}

// enliven makes ms, which are admitted, live.
func (tx *Tx) enliven(ms []Member) {
	tx.touch()
	for _, m := range ms {
		tx.live.add(uint32(m))
		tx.next = max(tx.next, uint64(m)+1)
	}
}

// enlivenSet makes the members of s, which are admitted, live.
func (tx *Tx) enlivenSet(s bitmap.Bitmap) {
	top, ok := s.Max()
	if !ok || s.SubsetOf(tx.live.bitmap()) {
		return
	}
	tx.touch()
	tx.live.or(s)
	tx.next = max(tx.next, uint64(top)+1) // who lives already is below it
}
