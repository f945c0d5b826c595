package tagset

import (
	"fmt"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// maxKey bounds an application key, in bytes: far above any platform's ids, and
// short enough that a hostile one weighs nothing.
const maxKey = 1024

// Intern returns the members of the keys, in the same order. A key without a
// live member gets one: the next ordinal past the highest that was ever live.
// Keys are any 1–1024 bytes, compared as they are. A key whose member was
// forgotten gets a new member. It costs a hash look-up a key, and in one call
// with many keys much less than in many calls.
//
// Errors: [ErrBadName] with the key; [ErrFull] if the ordinals do not suffice.
func (tx *Tx) Intern(keys ...string) ([]Member, error) {
	const op = "intern"
	if err := tx.alive(op); err != nil {
		return nil, err
	}
	for _, key := range keys {
		if key == "" || len(key) > maxKey {
			return nil, &Error{Op: op, Key: key, Err: ErrBadName,
				detail: fmt.Sprintf("a key of %d bytes, not 1 to %d", len(key), maxKey)}
		}
	}
	mark, next := tx.keys.mark(), tx.next
	visible := tx.live.bitmap()
	out := make([]Member, len(keys))
	for i, key := range keys {
		m, ok := tx.keys.freeze().lookup(key, visible)
		if !ok {
			rest := uint64(len(keys) - i)
			if next > maxMember || !tx.keys.fits(key) {
				tx.keys.cut(mark)
				return nil, &Error{Op: op, Key: key, Err: ErrFull}
			}
			if next == tx.next && rest > 1 {
				// The first new key: later ones may repeat it. All ordinals
				// from next on that the index knows will be this call's.
				visible = visible.Or(bitmap.FromRange(next, min(next+rest, maxMember+1)))
			}
			m = Member(next)
			tx.keys.intern(key, m)
			next++
		}
		out[i] = m
	}
	if next > tx.next {
		tx.touch()
		if next == tx.next+1 {
			tx.live.add(uint32(tx.next))
		} else {
			tx.live.or(bitmap.FromRange(tx.next, next))
		}
		if tx.record != nil {
			tx.recordIntern(tx.next, keys, out)
		}
		tx.next = next
	}
	return out, nil
}

// Forget removes every trace of those of ms that are live: their memberships,
// whoever holds these, their keys, their attributes' values, their place in the
// universe. Their ordinals are retired and refused with [ErrForgotten] from then
// on; their keys are free for a new member. Ordinals that are not live are passed
// over. Older views and changes, which Config.History may keep, still have them. The
// bytes of a forgotten key stay in memory until the key index is rebuilt without
// them, once an eighth of its keys are forgotten; snapshots of the version, and of
// later ones, do not have them. The journal and the older snapshots of a durable
// store have keys and values until [Store.Erase].
//
// It looks at every tag and attribute: forget many members in one call.
func (tx *Tx) Forget(ms ...Member) error {
	if err := tx.alive("forget"); err != nil {
		return err
	}
	gone := membersOf(ms).And(tx.live.bitmap())
	if gone.IsEmpty() {
		return nil
	}
	tx.forget(gone)
	if tx.record != nil {
		tx.recordSet(verbForget, 0, gone)
	}
	return nil
}

// forget is Forget for live members, at least one.
func (tx *Tx) forget(gone bitmap.Bitmap) {
	tx.touch()
	for i := 1; i < tx.tags.Len(); i++ {
		if tx.tags.At(i) != nil && tx.direct(TagID(i)).Intersects(gone) {
			tx.dropSet(TagID(i), gone)
			o := tx.edit(TagID(i))
			if o.times != nil {
				tx.untagSet(o, gone, o.members.bitmap().AndLen(gone))
			}
			o.members.andNot(gone)
			tx.changeMembers(o)
		}
	}
	tx.forgetValues(gone)
	for v := range gone.All() {
		tx.keys.forget(Member(v))
	}
	tx.live.andNot(gone)
	tx.retired.or(gone)
}
