package tagset

import (
	"fmt"
	"math/bits"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// AddPairs makes ms[i] a direct member of the tag with id tags[i], for every i,
// and returns how many memberships are new. It is the way to load many single
// memberships: the pairs are sorted once, and each tag is then changed once.
// It takes 16 bytes a pair of scratch memory, 40 and more for those below
// exclusive groups; the arguments are not kept.
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

	mark := tx.touched
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
	if tx.recorded(mark) {
		tx.recordPairs(tags, ms)
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

// digit is the width of a radix pass: its 2,048 counters stay in the L1 cache.
const digit = 11

// sortBy sorts the pairs by the 32 bits above shift, stably, and returns them
// and what is free of the two slices. It is a radix sort from the lowest digit
// that skips bits in which all pairs agree: 100,000 pairs of 200 tags and ten
// million members take three passes by member and one by tag.
func sortBy(pairs, spare []uint64, shift int) (sorted, free []uint64) {
	var differ uint64
	for _, p := range pairs {
		differ |= p ^ pairs[0]
	}
	differ = differ >> shift & (1<<32 - 1)
	for differ != 0 {
		low := bits.TrailingZeros64(differ)
		width := min(digit, 32-low)
		differ &^= (1<<width - 1) << low
		pairs, spare = pass(pairs, spare, shift+low, 1<<width-1)
	}
	return pairs, spare
}

// pass moves the pairs to spare, ordered by the digit at shift, and swaps them.
func pass(pairs, spare []uint64, shift int, mask uint64) (sorted, free []uint64) {
	var at [1 << digit]uint32
	for _, p := range pairs {
		at[p>>shift&mask]++
	}
	sum := uint32(0)
	for i, n := range at {
		at[i], sum = sum, sum+n
	}
	for _, p := range pairs {
		d := p >> shift & mask
		spare[at[d]] = p
		at[d]++
	}
	return spare, pairs
}
