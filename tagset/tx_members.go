package tagset

import (
	"github.com/tagroar/tagroar/internal/bitmap"
)

// fewMembers is up to how many members a call takes one by one. More are
// turned into a set first, which costs a sort but then whole blocks at a time.
const fewMembers = 32

// Add makes ms direct members of the tag and returns how many were not before.
// New ordinals become live, without a key. A member that the caller repeats
// counts once.
//
// Errors: [ErrNoTag], [ErrBadName]; [ErrForgotten] and [ErrFull], with the
// member, for retired ordinals and for 2^32−1.
func (tx *Tx) Add(tag string, ms ...Member) (added int, err error) {
	const op = "add to"
	if len(ms) > fewMembers {
		return tx.addSet(op, tag, membersOf(ms))
	}
	rec, err := tx.find(op, tag)
	if err != nil {
		return 0, err
	}
	for _, m := range ms {
		if err := tx.admit(op, rec.tag.Name, m); err != nil {
			return 0, err
		}
	}
	o := tx.opened(rec.tag.ID)
	for _, m := range ms {
		v := uint32(m)
		if o != nil && o.members.contains(v) || o == nil && rec.direct.Contains(v) {
			continue
		}
		if added == 0 {
			o = tx.editMembers(rec.tag.ID)
		}
		o.members.add(v)
		tx.enliven(v)
		added++
	}
	return added, nil
}

// Remove takes the tag from those of ms that are direct members and returns
// how many were. They stay live.
//
// Errors: [ErrNoTag], [ErrBadName].
func (tx *Tx) Remove(tag string, ms ...Member) (removed int, err error) {
	const op = "remove from"
	if len(ms) > fewMembers {
		return tx.removeSet(op, tag, membersOf(ms))
	}
	rec, err := tx.find(op, tag)
	if err != nil {
		return 0, err
	}
	o := tx.opened(rec.tag.ID)
	for _, m := range ms {
		v := uint32(m)
		if o != nil && !o.members.contains(v) || o == nil && !rec.direct.Contains(v) {
			continue
		}
		if removed == 0 {
			o = tx.editMembers(rec.tag.ID)
		}
		o.members.remove(v)
		removed++
	}
	return removed, nil
}

// AddSet is Add for a whole set. It works by blocks: an empty tag simply
// shares the set.
func (tx *Tx) AddSet(tag string, s Set) (added int, err error) {
	return tx.addSet("add set to", tag, s.b)
}

// ReplaceSet is AddSet, but where the tag is in an exclusive group the other
// values of the group give way. As long as exclusive groups are not supported
// it does what AddSet does: members that s does not have keep the tag.
func (tx *Tx) ReplaceSet(tag string, s Set) (added int, err error) {
	return tx.addSet("replace set of", tag, s.b)
}

// RemoveSet is Remove for a whole set.
func (tx *Tx) RemoveSet(tag string, s Set) (removed int, err error) {
	return tx.removeSet("remove set from", tag, s.b)
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
	if len(ms) > fewMembers {
		s := membersOf(ms)
		if err := tx.admitSet(op, "", s); err != nil {
			return err
		}
		tx.enlivenSet(s)
		return nil
	}
	for _, m := range ms {
		if err := tx.admit(op, "", m); err != nil {
			return err
		}
	}
	for _, m := range ms {
		tx.enliven(uint32(m))
	}
	return nil
}

func membersOf(ms []Member) bitmap.Bitmap { return SetOf(ms...).b }

func (tx *Tx) addSet(op, tag string, s bitmap.Bitmap) (int, error) {
	rec, err := tx.find(op, tag)
	if err != nil {
		return 0, err
	}
	if err := tx.admitSet(op, rec.tag.Name, s); err != nil {
		return 0, err
	}
	return tx.unite(rec.tag.ID, s), nil
}

// unite adds the members of s, which are admitted, to tag id.
func (tx *Tx) unite(id TagID, s bitmap.Bitmap) (added int) {
	added = s.AndNotLen(tx.direct(id))
	if added > 0 {
		tx.editMembers(id).members.or(s)
		tx.enlivenSet(s)
	}
	return added
}

func (tx *Tx) removeSet(op, tag string, s bitmap.Bitmap) (int, error) {
	rec, err := tx.find(op, tag)
	if err != nil {
		return 0, err
	}
	removed := s.AndLen(tx.direct(rec.tag.ID))
	if removed > 0 {
		tx.editMembers(rec.tag.ID).members.andNot(s)
	}
	return removed, nil
}

// admit checks that m may live.
func (tx *Tx) admit(op, tag string, m Member) error {
	switch {
	case m > maxMember:
		return memberError(op, tag, m, ErrFull)
	case tx.live.contains(uint32(m)):
		return nil
	case tx.retired.contains(uint32(m)):
		return memberError(op, tag, m, ErrForgotten)
	}
	return nil
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

// enliven makes v, which is admitted, live.
func (tx *Tx) enliven(v uint32) {
	if tx.live.contains(v) {
		return
	}
	tx.touch()
	tx.live.add(v)
	tx.next = max(tx.next, uint64(v)+1)
}

// enlivenSet makes the members of s, which are admitted, live.
func (tx *Tx) enlivenSet(s bitmap.Bitmap) {
	fresh := s.AndNot(tx.live.bitmap())
	top, ok := fresh.Max()
	if !ok {
		return
	}
	tx.touch()
	tx.live.or(fresh)
	tx.next = max(tx.next, uint64(top)+1)
}
