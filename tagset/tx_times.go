package tagset

import (
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
)

// How a transaction keeps the times of tags up with their members. Each verb
// that changes members of a tag, or tags them again, says so here.

// A timesEdit is a tagTimes under change.
type timesEdit struct {
	edit   *column.Editor
	growth growth
}

// keeping returns the times of o, which keeps some, as the transaction may
// write them.
func (o *openTag) keeping() *timesEdit {
	if o.change == nil {
		o.change = &timesEdit{edit: o.times.tagged.Edit(), growth: o.times.growth}
	}
	return o.change
}

// settleTimes writes the times to the record, whose members are settled, and
// ends the right to write to them.
func (o *openTag) settleTimes() {
	if o.change != nil {
		o.times = &tagTimes{tagged: o.change.edit.Column().WithMembers(o.direct.Bitmap()), growth: o.change.growth}
		o.change = nil
	}
}

// timesOf returns the times of tagging of tag id as the transaction has them.
func (tx *Tx) timesOf(id TagID) column.Column {
	if o := tx.opened(id); o != nil && o.change != nil {
		return o.change.edit.Column()
	}
	return tx.tags.At(int(id)).times.tagged
}

// today is the day of what the transaction does.
func (tx *Tx) today() int64 { return dayOf(tx.now.Unix()) }

// tagFew notes that ms were tagged with the tag of rec, which keeps times. Of
// them, added were no members before.
func (tx *Tx) tagFew(rec *tagRec, ms []Member, added int) {
	id, now := rec.tag.ID, floorDiv(tx.now.Unix(), rec.tag.step())
	o := tx.opened(id)
	for _, m := range ms {
		if o == nil {
			if t, ok := rec.times.tagged.Get(uint32(m)); ok && t == now {
				continue
			}
			o = tx.edit(id)
		}
		if o.keeping().edit.Set(uint32(m), now) {
			tx.touch()
		}
	}
	if added > 0 {
		o.change.growth = o.change.growth.count(tx.today(), added, 0)
	}
}

// tagSet is tagFew for a set.
func (tx *Tx) tagSet(id TagID, s bitmap.Bitmap, added int) {
	o := tx.edit(id)
	t := o.keeping()
	if setAll(t.edit, s, floorDiv(tx.now.Unix(), o.tag.step())) > 0 {
		tx.touch()
	}
	t.growth = t.growth.count(tx.today(), added, 0)
}

// untagFew notes that those of ms who were members of o are none now: removed
// of them.
func (tx *Tx) untagFew(o *openTag, ms []Member, removed int) {
	t := o.keeping()
	for _, m := range ms {
		t.edit.Unset(uint32(m))
	}
	t.growth = t.growth.count(tx.today(), 0, removed)
}

// untagSet is untagFew for a set.
func (tx *Tx) untagSet(o *openTag, s bitmap.Bitmap, removed int) {
	t := o.keeping()
	t.edit.UnsetAll(s)
	t.growth = t.growth.count(tx.today(), 0, removed)
}

// mergeTimes notes that the members of from, of whom added are new, came to tag
// into, which keeps times. A time that from knows counts if it is the later one.
// Otherwise who is new was tagged now.
func (tx *Tx) mergeTimes(into, from TagID, members bitmap.Bitmap, added int) {
	o, source := tx.edit(into), tx.tags.At(int(from))
	t := o.keeping()
	if source.times != nil {
		was, is := source.tag.step(), o.tag.step()
		for m, v := range tx.timesOf(from).All() {
			v = floorDiv(v*was, is)
			if old, ok := t.edit.Get(m); (!ok || old < v) && t.edit.Set(m, v) {
				tx.touch()
			}
		}
	} else {
		fresh := members.AndNot(t.edit.Column().Members())
		setAll(t.edit, fresh, floorDiv(tx.now.Unix(), o.tag.step()))
	}
	t.growth = t.growth.count(tx.today(), added, 0)
}

// keepTimes makes o, whose definition has changed from old, keep times as it
// says now.
func (tx *Tx) keepTimes(o *openTag, old *Tag) {
	switch {
	case !o.tag.KeepTimes:
		o.times, o.change = nil, nil
	case !old.KeepTimes:
		o.times = new(tagTimes)
		setAll(o.keeping().edit, o.members.bitmap(), floorDiv(tx.now.Unix(), o.tag.step()))
	case old.step() != o.tag.step():
		was, is := old.step(), o.tag.step()
		t := o.keeping()
		var stepped column.Builder
		for in, values := range t.edit.Column().Blocks() {
			for i, v := range values {
				values[i] = floorDiv(v*was, is)
			}
			stepped.AppendBlock(in, values)
		}
		t.edit = stepped.Column().Edit()
	}
}

// setAll gives every member of s the value v, and returns how many had another
// one or none. The editor gets a block's worth of members at a time.
func setAll(e *column.Editor, s bitmap.Bitmap, v int64) (changed int) {
	room := int(min(bitmap.BlockSize, s.Card()))
	ms, vs := make([]uint32, 0, room), slices.Repeat([]int64{v}, room)
	for m := range s.All() {
		if ms = append(ms, m); len(ms) == room {
			changed += e.SetMany(ms, vs)
			ms = ms[:0]
		}
	}
	return changed + e.SetMany(ms, vs[:len(ms)])
}
