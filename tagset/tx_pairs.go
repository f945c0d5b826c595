package tagset

import (
	"fmt"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// AddPairs makes ms[i] a direct member of the tag with id tags[i], for every i,
// and returns how many memberships are new. It is the way to load many single
// memberships: members are put together by tag, and each tag is then changed once.
// It takes up to 16 bytes a pair of scratch memory, 20 if each tag has few pairs or
// one is below an exclusive group, and there 40 and more for each such pair; the
// arguments are not kept.
//
// In an exclusive group the last value wins, as if Add were called pair after
// pair. A membership that a later pair of the call takes away again is not made
// at all, nor is it among those added.
//
// Errors: [ErrNoTag] for an unknown id; [ErrForgotten] and [ErrFull], with the
// member, as Add's; [ErrPolicy]; [ErrUnsupported] for a composite; an error without
// a sentinel of its own if the lengths differ.
func (tx *Tx) AddPairs(tags []TagID, ms []Member) (added int, err error) {
	const op = "add pairs"
	if err := tx.alive(op); err != nil {
		return 0, err
	}
	if tx.odd {
		return 0, tx.refuseSource(op, "")
	}
	if len(tags) != len(ms) {
		return 0, &Error{Op: op, Err: errLengths, detail: fmt.Sprintf("%d tags, %d members", len(tags), len(ms))}
	}
	if len(tags) == 0 {
		return 0, nil
	}
	mark := tx.touched
	if parts := tx.partPairs(tags, ordinals(ms)); parts != nil {
		added, err = tx.addParts(op, parts)
	} else {
		added, err = tx.addInOrder(op, tags, ms)
	}
	if err == nil && tx.recorded(mark) {
		tx.recordPairs(tags, ms)
	}
	return added, err
}

// addInOrder is AddPairs by way of the pairs in order, for few of each tag.
func (tx *Tx) addInOrder(op string, tags []TagID, ms []Member) (added int, err error) {
	pairs, spare := make([]uint64, len(ms)), make([]uint64, len(ms))
	for i, m := range ms {
		pairs[i] = uint64(tags[i])<<32 | uint64(m)
	}
	pairs, spare = sortBy(pairs, spare, 0)
	vs := make([]uint32, len(ms))
	for i, p := range pairs {
		vs[i] = uint32(p)
	}
	all := bitmap.FromSorted(vs)
	if err := tx.allowBatch(op, "", all.Len()); err != nil {
		return 0, err
	}
	if err := tx.admitSet(op, "", all); err != nil {
		return 0, err
	}
	pairs, _ = sortBy(pairs, spare, 32)
	for i, p := range pairs {
		id := p >> 32
		if i > 0 && pairs[i-1]>>32 == id {
			continue
		}
		if id >= uint64(tx.tags.Len()) || tx.tags.At(int(id)) == nil {
			return 0, &Error{Op: op, Err: ErrNoTag, detail: fmt.Sprintf("id %d", id)}
		}
		if rec := tx.tags.At(int(id)); rec.formula != nil {
			return 0, refuseMembers(op, rec)
		}
	}

	tx.enlivenSet(all)
	pairs = tx.valuesYield(tags, ms, pairs)
	for len(pairs) > 0 {
		id := TagID(pairs[0] >> 32)
		n := 0
		for n < len(pairs) && TagID(pairs[n]>>32) == id {
			vs[n] = uint32(pairs[n])
			n++
		}
		added += tx.addSorted(id, vs[:n])
		pairs = pairs[n:]
	}
	return added, nil
}

// addSorted adds the ascending vs, which are live, to tag id.
func (tx *Tx) addSorted(id TagID, vs []uint32) int {
	o := tx.edit(id)
	tx.holdSorted(o.tagRec, vs)
	added := o.members.addSorted(vs)
	if added > 0 {
		tx.changeMembers(o)
	}
	if o.times != nil {
		tx.tagSet(id, bitmap.FromSorted(vs), added)
	}
	return added
}
