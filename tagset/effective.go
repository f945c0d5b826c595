package tagset

import (
	"sync/atomic"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// The effective members of a tag are its direct ones and those of all tags
// below it. The union is made when somebody asks for it, and kept in the record
// of the tag, for all versions that share the record. A transaction that changes
// anything below a tag gives the tag a new record with an empty place for the
// union, so what is kept never goes stale.
//
// With the new record goes the last union that was made and the members about
// whom it may be wrong by now. The next reader looks again at those alone, so
// that to ask after each commit costs the commit's changes times the number of
// sub-tags, not all the members below.

// An oldUnion is the effective members of a tag in an earlier version.
type oldUnion struct {
	set     *bitmap.Bitmap
	changed bitmap.Bitmap // what came to or left any tag of the subtree since, and maybe more
}

// maxChanged bounds how many members are looked at again; with more of them a
// new union is as cheap.
const maxChanged = 1 << 16

// effective returns the members of rec and of everything below it.
func (st *state) effective(rec *tagRec) bitmap.Bitmap {
	if rec.kids == 0 {
		return rec.direct
	}
	if u := rec.union.Load(); u != nil {
		return *u
	}
	u := st.unite(rec, rec.old)
	rec.union.Store(&u) // readers may race to here; they store equal sets
	return u
}

// unite makes the effective members of rec from the direct ones of the subtree,
// and from what is still right of old, which may be nil.
func (st *state) unite(rec *tagRec, old *oldUnion) bitmap.Bitmap {
	var sets []bitmap.Bitmap
	st.subtree(rec.tag.Name, func(r *tagRec) bool {
		set := r.direct
		if old != nil {
			set = set.And(old.changed)
		}
		if !set.IsEmpty() {
			sets = append(sets, set)
		}
		return true
	})
	u := bitmap.UnionAll(sets...)
	if old != nil {
		u = old.set.AndNot(old.changed).Or(u)
	}
	return u
}

// expire notes that the effective members of o, and of the tags above, change.
func (tx *Tx) expire(o *openTag) {
	if !o.stale {
		o.stale = true
		tx.stale = append(tx.stale, o.tag.ID)
	}
}

// renewUnions gives every tag at or above a stale one a new place for its
// union.
func (tx *Tx) renewUnions() {
	for _, id := range tx.stale {
		if tx.tags.At(int(id)) == nil { // deleted since; its parent is stale too
			continue
		}
		from := tx.edit(id)
		for {
			o := tx.edit(id)
			if !o.fresh {
				o.fresh = true
				o.renewUnion()
			}
			if o.old != nil {
				o.old.suspect(from)
				if from.moved || o.old.changed.Len() > maxChanged {
					o.old = nil
				}
			}
			if id = o.parent; id == 0 {
				break
			}
		}
	}
	tx.stale = tx.stale[:0]
}

// renewUnion empties the place for the union of o, and keeps the last one made.
func (o *openTag) renewUnion() {
	union, old := o.union, o.old
	o.union, o.old = nil, nil
	if o.kids == 0 {
		return
	}
	o.union = new(atomic.Pointer[bitmap.Bitmap])
	if union == nil {
		return
	}
	if u := union.Load(); u != nil {
		o.old = &oldUnion{set: u}
	} else if old != nil {
		o.old = &oldUnion{set: old.set, changed: old.changed}
	}
}

// suspect adds what the transaction changed in the direct members of o.
func (u *oldUnion) suspect(o *openTag) {
	switch m := &o.members; {
	case !m.some:
	case !m.more:
		u.changed = u.changed.With(m.first)
	default:
		u.changed = u.changed.Or(o.direct.Xor(m.bitmap()))
	}
}
