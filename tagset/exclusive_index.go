package tagset

import (
	"iter"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
)

// To give a member a value of an exclusive group, the store must find the value
// that it has. A group may have thousands of tags below it, and to ask each for
// one member would take longer than everything else that a commit does. So the
// outermost of the exclusive groups around a tag keeps an index: the tags below
// it, and for each member a place, which is a tag at or above all those of the
// group that the member carries. Most members carry one, and that is the place:
// to find it takes one look at a column and one at the tag.
//
// A place is an upper bound. Who loses a tag keeps the place until the next value
// comes; a member without a place carries no tag of the group. The index is no
// content of the store. It is made when it is first needed, the places when
// members first come few at a time, and is part of the record of the group as
// unions are. What only creates or deletes tags below the group keeps it; other
// changes of the hierarchy drop it. A place takes 1–4 bytes.
//
// The law that makes it right: as long as an index has places, whoever adds
// members to a tag below the group says so to it.

// wideGroup is from how many tags on a group has places. Fewer are asked one
// after the other in the time that a change of a place takes.
const wideGroup = 32

// fewPerTag says of how many members, at most one for so many tags of the group,
// it is faster to ask for the places than every tag for the members.
const fewPerTag = 4

// A groupIndex is the index of a group, immutable once its record is.
type groupIndex struct {
	tags   []TagID // below the group, ascending; some may be deleted
	gone   int     // so many are
	placed bool    // whether there are places
	places column.Column
}

// An indexEdit is a groupIndex under change.
type indexEdit struct {
	groupIndex
	group TagID
	own   bool           // tags is nobody else's
	edit  *column.Editor // nil: the places are those of places
}

// indexOf returns the index of a group, as the transaction may write it.
func (tx *Tx) indexOf(group TagID) *indexEdit {
	o := tx.edit(group)
	if o.indexing == nil {
		if o.index == nil {
			o.index = &groupIndex{tags: tx.tagsBelow(o.tagRec)}
		}
		o.indexing = &indexEdit{groupIndex: *o.index, group: group}
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

// findPlaces makes the places, for who looks for single members, unless the index
// has them or is too small to need them.
func (tx *Tx) findPlaces(ix *indexEdit) {
	if !ix.placed && len(ix.tags) >= wideGroup {
		ix.placed, ix.places = true, tx.placesOf(ix)
	}
}

// placesOf makes the places of a group, a block of members after the other.
func (tx *Tx) placesOf(ix *indexEdit) column.Column {
	var tags []TagID
	var sets []bitmap.Bitmap
	for _, id := range ix.tags {
		if tx.tags.At(int(id)) != nil {
			if set := tx.direct(id); !set.IsEmpty() {
				tags, sets = append(tags, id), append(sets, set)
			}
		}
	}
	var (
		places column.Builder
		at     [bitmap.BlockSize]TagID // of the block's members
		ms     []uint32
		values []int64
	)
	for in := range bitmap.UnionAll(sets...).Blocks() {
		for i, set := range sets {
			ms = set.Find(in.Num()).AppendTo(ms[:0])
			for _, m := range ms {
				at[uint16(m)] = tx.join(at[uint16(m)], tags[i], ix.group)
			}
		}
		ms, values = in.AppendTo(ms[:0]), values[:0]
		for _, m := range ms {
			values = append(values, int64(at[uint16(m)]))
		}
		places.AppendBlock(in, values)
		clear(at[:])
	}
	return places.Column()
}

// join returns the lowest tag that is at or above a and b, both of which are
// below the group; b if a is 0.
func (tx *Tx) join(a, b, group TagID) TagID {
	if a == 0 || a == b {
		return b
	}
	var l lineage
	tx.lineageOf(&l, b, group)
	for ; a != 0; a = tx.tags.At(int(a)).parent {
		if slices.Contains(l.ids[:l.n], a) {
			return a
		}
	}
	return group
}

// place returns the place of m; 0 if it has none.
func (ix *indexEdit) place(m uint32) TagID {
	var v int64
	if ix.edit != nil {
		v, _ = ix.edit.Get(m)
	} else {
		v, _ = ix.places.Get(m)
	}
	return TagID(v)
}

// editor returns the places for writing.
func (ix *indexEdit) editor() *column.Editor {
	if ix.edit == nil {
		ix.edit = ix.places.Edit()
	}
	return ix.edit
}

// holders yields the tags below the group that m carries.
func (tx *Tx) holders(ix *indexEdit, m uint32) iter.Seq[TagID] {
	return func(yield func(TagID) bool) {
		if !ix.placed {
			for _, id := range ix.tags {
				if tx.has(id, m) && !yield(id) {
					return
				}
			}
			return
		}
		rec := tx.tags.At(int(ix.place(m)))
		switch {
		case rec == nil: // none, or it is deleted and with it what was below
		case rec.kids == 0:
			if tx.has(rec.tag.ID, m) {
				yield(rec.tag.ID)
			}
		default:
			for _, r := range tx.subtree(rec.tag.Name) {
				if tx.has(r.tag.ID, m) && !yield(r.tag.ID) {
					return
				}
			}
		}
	}
}

// gain notes that m carries tag id from now on, and otherwise only what is at or
// below stays; 0: nothing.
func (tx *Tx) gain(ix *indexEdit, id, stays TagID, m uint32) {
	if !ix.placed {
		return
	}
	if at := tx.join(stays, id, ix.group); at != ix.place(m) {
		ix.editor().Set(m, int64(at))
	}
}

// gainSet is gain for a set; those of stay carry other tags of the group too, of
// which their places tell.
func (tx *Tx) gainSet(ix *indexEdit, id TagID, s, stay bitmap.Bitmap) {
	if !ix.placed {
		return
	}
	setAll(ix.editor(), s.AndNot(stay), int64(id))
	for m := range s.And(stay).All() {
		tx.gain(ix, id, ix.place(m), m)
	}
}

// settleIndex writes the index to the record, and ends the right to write to it.
func (o *openTag) settleIndex() {
	ix := o.indexing
	if ix == nil {
		return
	}
	o.indexing = nil
	if ix.edit != nil {
		ix.places = ix.edit.Column()
	}
	index := ix.groupIndex
	o.index = &index
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
