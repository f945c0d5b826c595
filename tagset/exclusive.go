package tagset

import (
	"fmt"
	"iter"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/tagname"
)

// Exclusive groups. The values of an exclusive group are its sub-tags, and who
// has a value are the direct members of the value's whole subtree. A member has
// at most one value; who is a member of the group's own tag alone has none.
// Groups nest: below a value there may be another group, and a tag may have
// several groups around it.
//
// Two tags clash if no member may carry both. Let L be the lowest tag that is
// above both or is one of them: they clash if L is exclusive and is neither,
// for then they lie below two values of L; and if L is not, then in every group
// around both, all of which are above L, they lie below one value. To tell
// whether two tags clash takes a walk up from each.
//
// The verbs that bring members find the tags that clash with theirs through the
// index of the outermost group around it; see exclusive_index.go.

// A lineage is a tag and those above it, from itself to the outermost exclusive
// group around it.
type lineage struct {
	ids    [tagname.MaxLevels]TagID
	n      int
	groups uint64 // bit i: ids[i] is exclusive
}

// outerGroup returns the outermost exclusive group around rec; 0 if there is
// none.
func (tx *Tx) outerGroup(rec *tagRec) (group TagID) {
	for id := rec.parent; id != 0; {
		up := tx.tags.At(int(id))
		if up.tag.Exclusive {
			group = id
		}
		id = up.parent
	}
	return group
}

// lineageOf sets l to the lineage of tag id, around which group is outermost.
func (tx *Tx) lineageOf(l *lineage, id, group TagID) {
	l.n, l.groups = 0, 0
	for {
		rec := tx.tags.At(int(id))
		if rec.tag.Exclusive {
			l.groups |= 1 << l.n
		}
		l.ids[l.n] = id
		l.n++
		if id == group {
			return
		}
		id = rec.parent
	}
}

// clash returns the group of which tag id has another value than the tag of l,
// and that value; 0 if the two do not clash.
func (tx *Tx) clash(id TagID, l *lineage) (group, value TagID) {
	for below := TagID(0); id != 0; {
		if i := slices.Index(l.ids[:l.n], id); i >= 0 {
			if i == 0 || below == 0 || l.groups>>i&1 == 0 {
				return 0, 0
			}
			return id, below
		}
		below, id = id, tx.tags.At(int(id)).parent
	}
	return 0, 0 // it was moved out of the group
}

// has reports whether m is a direct member of tag id, which may be deleted.
func (tx *Tx) has(id TagID, m uint32) bool {
	if o := tx.opened(id); o != nil {
		return o.members.contains(m)
	}
	rec := tx.tags.At(int(id))
	return rec != nil && rec.direct.Contains(m)
}

// siblingsYield takes ms, which are about to become members of rec, from the
// other values of the exclusive groups around it: last wins.
func (tx *Tx) siblingsYield(rec *tagRec, ms []Member) {
	group := tx.outerGroup(rec)
	if group == 0 {
		return
	}
	id := rec.tag.ID
	ix := tx.summed(group)
	var l lineage
	tx.lineageOf(&l, id, group)
	for i := range ms {
		if !tx.has(id, uint32(ms[i])) { // who has the tag has no other value
			tx.yield(ix, &l, ms[i:i+1])
		}
	}
}

// yield takes the only member of one from all tags that clash with that of l,
// and notes in the index that the tag of l has it.
func (tx *Tx) yield(ix *indexEdit, l *lineage, one []Member) {
	m := uint32(one[0])
	home := ix.bucketOf(l.ids[0])
	for b := range ix.buckets() {
		if !ix.mayHave(b, m) {
			continue
		}
		stays := b == home
		for _, id := range ix.bucket(b) {
			if !tx.has(id, m) {
				continue
			}
			if group, _ := tx.clash(id, l); group == 0 {
				stays = true
				continue
			}
			tx.stripFew(tx.tags.At(int(id)), one)
		}
		if !stays {
			ix.lose(b, m)
		}
	}
	ix.gain(home, m)
}

// siblingsYieldSet is siblingsYield for a set.
func (tx *Tx) siblingsYieldSet(rec *tagRec, s bitmap.Bitmap) {
	group := tx.outerGroup(rec)
	if group == 0 {
		return
	}
	id := rec.tag.ID
	fresh := s.AndNot(tx.direct(id))
	if fresh.IsEmpty() {
		return
	}
	ix := tx.indexOf(group)
	var l lineage
	tx.lineageOf(&l, id, group)
	for b := range ix.buckets() {
		if !ix.mayHaveAny(b, fresh) {
			continue
		}
		var stay bitmap.Bitmap
		for id, have := range tx.carriers(ix.bucket(b), fresh) {
			if group, _ := tx.clash(id, &l); group == 0 {
				stay = stay.Or(have)
				continue
			}
			tx.stripSet(tx.tags.At(int(id)), have)
		}
		ix.loseSet(b, fresh.AndNot(stay))
	}
	ix.gainSet(ix.bucketOf(id), fresh)
}

// refuseOverlap gives [ErrExclusive] if a member of s has another value than rec
// in an exclusive group around it. Otherwise the caller is to add s to rec.
func (tx *Tx) refuseOverlap(op string, rec *tagRec, s bitmap.Bitmap) error {
	outer := tx.outerGroup(rec)
	if outer == 0 {
		return nil
	}
	id := rec.tag.ID
	fresh := s.AndNot(tx.direct(id))
	if fresh.IsEmpty() {
		return nil
	}
	ix := tx.indexOf(outer)
	var l lineage
	tx.lineageOf(&l, id, outer)
	var (
		all          bitmap.Bitmap
		group, value TagID // of the first member of all
		first        uint32
	)
	for b := range ix.buckets() {
		if !ix.mayHaveAny(b, fresh) {
			continue
		}
		for id, have := range tx.carriers(ix.bucket(b), fresh) {
			g, v := tx.clash(id, &l)
			if g == 0 {
				continue
			}
			if m, _ := have.Min(); all.IsEmpty() || m < first {
				first, group, value = m, g, v
			}
			all = all.Or(have)
		}
	}
	if all.IsEmpty() {
		ix.gainSet(ix.bucketOf(id), fresh)
		return nil
	}
	err := memberError(op, rec.tag.Name, Member(first), ErrExclusive)
	err.detail = fmt.Sprintf("it has %s of %s; members with another value: %d",
		quote(tx.tags.At(int(value)).tag.Name), quote(tx.tags.At(int(group)).tag.Name), all.Len())
	return err
}

// carriers yields those of ids that have direct members in s, with these.
func (tx *Tx) carriers(ids []TagID, s bitmap.Bitmap) iter.Seq2[TagID, bitmap.Bitmap] {
	return func(yield func(TagID, bitmap.Bitmap) bool) {
		for _, id := range ids {
			if tx.tags.At(int(id)) == nil {
				continue
			}
			if have := tx.direct(id).And(s); !have.IsEmpty() && !yield(id, have) {
				return
			}
		}
	}
}
