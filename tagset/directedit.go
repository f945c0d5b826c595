package tagset

import (
	"sync/atomic"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// fewNotes is how many changes to one tag a transaction notes. With more of them it
// makes the set and changes that, a block at a time.
const fewNotes = 8

// A directEdit is the direct members of a tag that a transaction changes: notes as
// long as they are few, and from then on a set.
type directEdit struct {
	was   directSet
	most  int     // notes that may wait; 0: none
	late  lateSet // was with what has been noted, if anything
	noted int
	made  bool // the members are those of set
	set   setEdit
}

// bitmap returns the members as they are now.
func (d *directEdit) bitmap() bitmap.Bitmap {
	d.make()
	return d.set.bitmap()
}

// make turns to editing the set.
func (d *directEdit) make() {
	switch {
	case d.made:
	case d.noted == 0:
		d.set.b = d.was.Bitmap()
	default:
		d.set.b, _ = d.late.make()
		d.set.n = d.noted
	}
	d.made = true
}

func (d *directEdit) contains(v uint32) bool {
	switch {
	case d.made:
		return d.set.contains(v)
	case d.noted > 0:
		return d.late.contains(v)
	}
	return d.was.Contains(v)
}

// add adds v and reports whether it was not a member.
func (d *directEdit) add(v uint32) bool {
	if d.made {
		return d.set.add(v)
	}
	return !d.contains(v) && d.change(v, true)
}

// remove removes v and reports whether it was a member.
func (d *directEdit) remove(v uint32) bool {
	if d.made {
		return d.set.remove(v)
	}
	return d.contains(v) && d.change(v, false)
}

// change lets v, who is no member, come, or one leave. It returns true.
func (d *directEdit) change(v uint32, in bool) bool {
	if !d.made && d.note(v, in) {
		return true
	}
	d.make()
	if in {
		return d.set.add(v)
	}
	return d.set.remove(v)
}

// note notes that v comes or leaves, if that is still the way.
func (d *directEdit) note(v uint32, in bool) bool {
	if d.noted == 0 {
		d.late = d.was.now()
	}
	if d.noted == fewNotes || !d.late.note(v, in, d.most) {
		return false
	}
	d.noted++
	d.set.note(v)
	return true
}

// or adds the members of t.
func (d *directEdit) or(t bitmap.Bitmap) {
	d.make()
	d.set.or(t)
}

// andNot removes the members of t.
func (d *directEdit) andNot(t bitmap.Bitmap) {
	d.make()
	d.set.andNot(t)
}

// addSorted adds the ascending vs and returns how many were not there.
func (d *directEdit) addSorted(vs []uint32) int {
	if len(vs) == 1 {
		if d.add(vs[0]) {
			return 1
		}
		return 0
	}
	d.make()
	return d.set.addSorted(vs)
}

// settle returns the members for a record, and makes no set for it.
func (d *directEdit) settle() directSet {
	switch {
	case d.made:
		return directOf(d.set.bitmap())
	case d.noted == 0:
		return d.was
	}
	late := d.late
	at := new(atomic.Pointer[lateSet])
	at.Store(&late)
	return directSet{late: at}
}
