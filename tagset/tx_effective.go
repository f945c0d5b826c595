package tagset

import "github.com/tagroar/tagroar/internal/bitmap"

// How a transaction keeps unions up with what it changed. Verbs note the tags
// whose members or sub-tags or includes change; before the state is published,
// everything above them gets a new place for its union. A tag is above another
// that it is the parent of or includes; the search up and the changes handed up
// visit each such edge once, however many of the tags below changed.

// expire notes that the effective members of o, and of the tags above, change.
func (tx *Tx) expire(o *openTag) {
	if !o.stale {
		o.stale = true
		tx.stale = append(tx.stale, o.tag.ID)
	}
}

// above returns the i-th of the tags directly above rec; 0: there are no more.
func (rec *tagRec) above(i int) TagID {
	if rec.parent != 0 {
		if i == 0 {
			return rec.parent
		}
		i--
	}
	if i < len(rec.includers) {
		return rec.includers[i]
	}
	return 0
}

// A renewal is a tag whose union is about to get a new place.
type renewal struct {
	rec  *tagRec
	last *union // the last one made, or still to be renewed; nil: none
	want bool   // whether it or something above has a last one
	next int    // while searching: which tag above is next

	// What changed at and below the tag.
	came, left []bitmap.Bitmap
	grown      int  // memberships more; if several ways lead up they count for each
	listed     bool // other tags are below
	moved      bool // with members; the last union is of no use
}

// renewUnions gives every tag at or above a stale one a new place for its
// union.
func (tx *Tx) renewUnions() {
	alone := true
	for _, id := range tx.stale {
		if rec := tx.tags.At(int(id)); rec != nil && (rec.union != nil || rec.unites() || rec.above(0) != 0) {
			alone = false
			break
		}
	}
	if !alone && (len(tx.stale) > 1 || !tx.renewRow(tx.stale[0])) {
		order, at := tx.riseFromStale()
		tx.handUp(order, at)
	}
	tx.stale = tx.stale[:0]
}

// renewRow is renewUnions for the usual case: one tag is stale, and what is above
// it stands in a row. It reports whether that is so. It does what the others do,
// without finding out an order.
func (tx *Tx) renewRow(id TagID) bool {
	var r renewal
	for at := id; at != 0; at = r.rec.above(0) {
		if r.rec = tx.tags.At(int(at)); r.rec.above(1) != 0 {
			return false
		}
		r.want = r.want || r.rec.union != nil && r.rec.union.Load() != nil
	}
	if r.want {
		r.own(tx.opened(id))
	}
	came, left := bitmap.UnionAll(r.came...), bitmap.UnionAll(r.left...)
	for at := id; at != 0; at = r.rec.above(0) {
		r.rec, r.last = tx.tags.At(int(at)), nil
		if r.want && r.rec.union != nil { // else a union made just now would lack what changed
			r.last = r.rec.union.Load()
		}
		tx.place(&r, came, left)
	}
	return true
}

// place gives the tag of r a new place for its union, if it has one.
func (tx *Tx) place(r *renewal, came, left bitmap.Bitmap) {
	if !r.rec.unites() && r.rec.union == nil {
		return
	}
	if id := r.rec.tag.ID; tx.opened(id) == nil {
		rec := *r.rec
		r.rec = &rec
		tx.tags.Set(int(id), r.rec)
	}
	r.renew(came, left)
}

// riseFromStale returns the stale tags and all above them, each after those that
// are above it, and where in that order they are.
func (tx *Tx) riseFromStale() (order []*renewal, at map[TagID]*renewal) {
	at = make(map[TagID]*renewal)
	var way []*renewal
	enter := func(id TagID) {
		if at[id] == nil {
			r := &renewal{rec: tx.tags.At(int(id))}
			at[id] = r
			way = append(way, r)
		}
	}
	for _, id := range tx.stale {
		if tx.tags.At(int(id)) == nil { // deleted since; what was above is stale too
			continue
		}
		enter(id)
		for len(way) > 0 {
			r := way[len(way)-1]
			if id := r.rec.above(r.next); id != 0 {
				r.next++
				enter(id)
				continue
			}
			way = way[:len(way)-1]
			order = append(order, r)
		}
	}
	return order, at
}

// handUp hands what changed from each tag to those above it, and renews the
// unions by it.
func (tx *Tx) handUp(order []*renewal, at map[TagID]*renewal) {
	for _, r := range order {
		if r.rec.union != nil {
			r.last = r.rec.union.Load()
		}
		r.want = r.last != nil
		for i := 0; !r.want && r.rec.above(i) != 0; i++ {
			r.want = at[r.rec.above(i)].want
		}
	}
	for i := len(order) - 1; i >= 0; i-- {
		r := order[i]
		if o := tx.opened(r.rec.tag.ID); o != nil && o.stale && r.want {
			r.own(o)
		}
		came, left := bitmap.UnionAll(r.came...), bitmap.UnionAll(r.left...)
		tx.place(r, came, left)
		for j := 0; ; j++ {
			id := r.rec.above(j)
			if id == 0 {
				break
			}
			if up := at[id]; up.want {
				up.listed = up.listed || r.listed
				up.moved = up.moved || r.moved
				up.grown += r.grown
				if !came.IsEmpty() {
					up.came = append(up.came, came)
				}
				if !left.IsEmpty() {
					up.left = append(up.left, left)
				}
			}
		}
	}
}

// own adds what the transaction changed at the tag itself, which o is.
func (r *renewal) own(o *openTag) {
	r.listed = r.listed || o.listed
	r.moved = r.moved || o.moved
	for _, gone := range o.gone {
		r.left = append(r.left, gone)
		r.grown -= gone.Len()
	}
	switch m := &o.members; {
	case !m.set.some:
	case !m.set.more:
		if was, is := o.direct.Contains(m.set.first), m.contains(m.set.first); is && !was {
			r.came = append(r.came, bitmap.Of(m.set.first))
			r.grown++
		} else if was && !is {
			r.left = append(r.left, bitmap.Of(m.set.first))
			r.grown--
		}
	default:
		is := m.bitmap()
		r.came = append(r.came, is.AndNot(o.direct.Bitmap()))
		r.left = append(r.left, o.direct.Bitmap().AndNot(is))
		r.grown += is.Len() - o.direct.Len()
	}
}

// renew gives the record, which may be written, a new place for its union, with
// the last one in it if that is of use.
func (r *renewal) renew(came, left bitmap.Bitmap) {
	r.rec.union = nil
	if !r.rec.unites() {
		return
	}
	r.rec.union = new(unionCell)
	if r.last == nil || r.moved {
		return
	}
	u := &union{
		set: r.last.set, reach: r.last.reach, memberships: r.last.memberships + r.grown,
		stale: true, came: plus(r.last.came, came), left: plus(r.last.left, left),
	}
	if r.listed {
		u.reach = nil
	}
	if u.came.Len()+u.left.Len() <= max(maxChanged, u.set.Len()/4) {
		r.rec.union.Store(u)
	}
}
