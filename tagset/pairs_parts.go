package tagset

import "github.com/tagroar/tagroar/internal/bitmap"

// A tagPart is the members that a call of AddPairs brings to one tag, as a set.
type tagPart struct {
	id  TagID
	set bitmap.Bitmap
}

// largePart is from how many pairs of one tag on all pairs are taken apart by tag,
// each part in the order of the call, and a set made of each. Sorting them all first
// costs four times as much; for a few hundred a tag, less.
const largePart = 4096

// partPairs takes the pairs apart by tag. It returns nil for few, for those of which
// the order matters, and for pairs that are to be refused for their tags.
func (tx *Tx) partPairs(tags []TagID, ms []uint32) []tagPart {
	n := tx.tags.Len()
	if n > len(tags) {
		return nil
	}
	next := make([]int, n+1) // of a tag, at first how many come
	for _, id := range tags {
		if int64(id) >= int64(n) {
			return nil
		}
		next[id]++
	}
	most, several := 0, 0
	for id, count := range next[:n] {
		if count == 0 {
			continue
		}
		rec := tx.tags.At(id)
		if rec == nil || rec.formula != nil || tx.outerGroup(rec) != 0 {
			return nil
		}
		most = max(most, count)
		several++
	}
	if most < largePart {
		return nil
	}
	sum := 0
	for id, count := range next {
		next[id], sum = sum, sum+count
	}
	byTag := make([]uint32, len(ms))
	bound := uint32(0) // all bits of any
	for i, id := range tags {
		at, m := next[id], ms[i]
		byTag[at] = m
		bound |= m
		next[id] = at + 1
	}
	parts := make([]tagPart, 0, several)
	var field bitmap.Field
	from := 0
	for id, end := range next[:n] {
		if end > from {
			parts = append(parts, tagPart{TagID(id), field.Of(byTag[from:end], bound)})
		}
		from = end
	}
	return parts
}

// addParts is AddPairs for parts whose tags can carry them.
func (tx *Tx) addParts(op string, parts []tagPart) (added int, err error) {
	sets := make([]bitmap.Bitmap, len(parts))
	for i := range parts {
		sets[i] = parts[i].set
	}
	all := bitmap.UnionAll(sets...)
	if err := tx.allowBatch(op, "", all.Len()); err != nil {
		return 0, err
	}
	if err := tx.admitSet(op, "", all); err != nil {
		return 0, err
	}
	tx.enlivenSet(all)
	for _, p := range parts {
		rec := tx.tags.At(int(p.id))
		tx.holdSet(rec, p.set)
		n := tx.unite(p.id, p.set)
		if rec.times != nil {
			tx.tagSet(p.id, p.set, n)
		}
		added += n
	}
	return added, nil
}
