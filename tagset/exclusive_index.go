package tagset

import (
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// To give a member a value of an exclusive group, the store must find the value
// that it has. A group may have thousands of tags below it, and to ask each for
// one member would take longer than everything else that a commit does. So the
// outermost of the exclusive groups around a tag keeps an index: the tags below
// it, in buckets, and for each bucket a set in which every direct member of the
// bucket's tags is found. The sets may have others too: who leaves a tag by
// another way than for a sibling stays there until somebody looks for him in
// vain. With n tags, about √n sets and √n tags are asked.
//
// The index is no content of the store. It is made when it is first needed, the
// sets when members first come one by one, and is part of the record of the
// group like the unions are. What only creates or deletes tags below the group
// keeps it; other changes of the hierarchy drop it. The sets take about as much
// memory as those of the tags: the price for not asking all of these.
//
// The law that makes it right: as long as an index has sets, whoever adds
// members to a tag below the group says so to it first.

// bucketTags is how many tags make a bucket: the two steps of a search are alike
// for a few thousand tags, the number of areas of a country. Groups with fewer
// need no sets.
const bucketTags = 64

// A groupIndex is the index of a group, immutable once its record is.
type groupIndex struct {
	tags []TagID         // below the group, ascending; some may be deleted
	gone int             // so many are
	sums []bitmap.Bitmap // of each bucketTags of tags; nil: not made
}

// An indexEdit is a groupIndex under change.
type indexEdit struct {
	groupIndex
	own   bool       // tags is nobody else's
	edits []*setEdit // of those of sums that change; nil: of none
}

// indexOf returns the index of a group, as the transaction may write it.
func (tx *Tx) indexOf(group TagID) *indexEdit {
	o := tx.edit(group)
	if o.indexing == nil {
		if o.index == nil {
			o.index = &groupIndex{tags: tx.tagsBelow(o.tagRec)}
		}
		o.indexing = &indexEdit{groupIndex: *o.index}
	}
	return o.indexing
}

// tagsBelow returns the ids of the tags below rec, ascending.
func (tx *Tx) tagsBelow(rec *tagRec) []TagID {
	var ids []TagID
	for _, r := range tx.subtree(rec.tag.Name)[1:] {
		ids = append(ids, r.tag.ID)
	}
	slices.Sort(ids)
	return ids
}

// summed is indexOf for who looks for single members.
func (tx *Tx) summed(group TagID) *indexEdit {
	ix := tx.indexOf(group)
	if ix.sums == nil && len(ix.tags) > bucketTags {
		sets := make([]bitmap.Bitmap, 0, bucketTags)
		for b := range ix.buckets() {
			sets = sets[:0]
			for _, id := range ix.bucket(b) {
				if tx.tags.At(int(id)) != nil {
					sets = append(sets, tx.direct(id))
				}
			}
			ix.sums = append(ix.sums, bitmap.UnionAll(sets...))
		}
	}
	return ix
}

// buckets returns the number of buckets.
func (ix *groupIndex) buckets() int { return (len(ix.tags) + bucketTags - 1) / bucketTags }

// bucket returns the tags of bucket b.
func (ix *groupIndex) bucket(b int) []TagID {
	return ix.tags[b*bucketTags : min((b+1)*bucketTags, len(ix.tags))]
}

// bucketOf returns the bucket of a tag.
func (ix *groupIndex) bucketOf(id TagID) int {
	i, _ := slices.BinarySearch(ix.tags, id)
	return i / bucketTags
}

// mayHave reports whether a tag of bucket b may have m.
func (ix *indexEdit) mayHave(b int, m uint32) bool {
	if ix.sums == nil {
		return true
	}
	if ix.edits != nil && ix.edits[b] != nil {
		return ix.edits[b].contains(m)
	}
	return ix.sums[b].Contains(m)
}

// mayHaveAny reports whether a tag of bucket b may have a member of s.
func (ix *indexEdit) mayHaveAny(b int, s bitmap.Bitmap) bool {
	return ix.sums == nil || ix.sum(b).Intersects(s)
}

// sum returns the set of bucket b as it is now.
func (ix *indexEdit) sum(b int) bitmap.Bitmap {
	if ix.edits != nil && ix.edits[b] != nil {
		return ix.edits[b].bitmap()
	}
	return ix.sums[b]
}

// edit returns the set of bucket b for writing; nil if the index has no sets.
func (ix *indexEdit) edit(b int) *setEdit {
	if ix.sums == nil {
		return nil
	}
	if ix.edits == nil {
		ix.edits = make([]*setEdit, len(ix.sums))
	}
	if ix.edits[b] == nil {
		ix.edits[b] = &setEdit{b: ix.sums[b]}
	}
	return ix.edits[b]
}

// gain notes that m comes to a tag of bucket b.
func (ix *indexEdit) gain(b int, m uint32) {
	if ix.sums != nil && !ix.mayHave(b, m) {
		ix.edit(b).add(m)
	}
}

// gainSet is gain for a set.
func (ix *indexEdit) gainSet(b int, s bitmap.Bitmap) {
	if e := ix.edit(b); e != nil {
		e.or(s)
	}
}

// gainSorted is gain for members that ascend and may repeat.
func (ix *indexEdit) gainSorted(b int, ms []uint32) {
	if e := ix.edit(b); e != nil {
		e.addSorted(ms)
	}
}

// lose notes that no tag of bucket b has m.
func (ix *indexEdit) lose(b int, m uint32) {
	if e := ix.edit(b); e != nil {
		e.remove(m)
	}
}

// loseSet is lose for a set.
func (ix *indexEdit) loseSet(b int, s bitmap.Bitmap) {
	if e := ix.edit(b); e != nil && !s.IsEmpty() {
		e.andNot(s)
	}
}

// settleIndex writes the index to the record, and ends the right to write to it.
func (o *openTag) settleIndex() {
	ix := o.indexing
	if ix == nil {
		return
	}
	o.indexing = nil
	if ix.edits != nil {
		ix.sums = slices.Clone(ix.sums)
		for b, e := range ix.edits {
			if e != nil {
				ix.sums[b] = e.bitmap()
			}
		}
	}
	o.index = &groupIndex{tags: ix.tags, gone: ix.gone, sums: ix.sums}
}

// indexNew tells the index of the outermost group about a new tag, which is the
// last by its id.
func (tx *Tx) indexNew(rec *tagRec) {
	group := tx.outerGroup(rec)
	if group == 0 || tx.tags.At(int(group)).index == nil {
		return
	}
	ix := tx.indexOf(group)
	if !ix.own {
		ix.own, ix.tags = true, slices.Clone(ix.tags)
	}
	ix.tags = append(ix.tags, rec.tag.ID)
	if ix.sums != nil && ix.buckets() > len(ix.sums) {
		ix.sums = append(slices.Clip(ix.sums), bitmap.Bitmap{})
		if ix.edits != nil {
			ix.edits = append(ix.edits, nil)
		}
	}
}

// indexGone tells the index of the outermost group about a tag that is deleted.
func (tx *Tx) indexGone(rec *tagRec) {
	group := tx.outerGroup(rec)
	if group == 0 || tx.tags.At(int(group)).index == nil {
		return
	}
	ix := tx.indexOf(group)
	if ix.gone++; ix.gone > len(ix.tags)/2 {
		tx.dropIndex(group)
	}
}

// dropIndex drops the indexes of a tag and those above it.
func (tx *Tx) dropIndex(id TagID) {
	for id != 0 {
		rec := tx.tags.At(int(id))
		if rec.index != nil {
			o := tx.edit(id)
			o.index, o.indexing = nil, nil
		}
		id = rec.parent
	}
}

// dropIndexes drops the indexes of a whole subtree and of what is above it: the
// groups of the subtree come to be outermost, or cease to be.
func (tx *Tx) dropIndexes(tree []*tagRec) {
	for _, r := range tree[1:] {
		if tx.tags.At(int(r.tag.ID)).index != nil {
			o := tx.edit(r.tag.ID)
			o.index, o.indexing = nil, nil
		}
	}
	tx.dropIndex(tree[0].tag.ID)
}
