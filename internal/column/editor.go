package column

import (
	"maps"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// An Editor collects changes to a column. It belongs to one goroutine. The first
// change in a chunk copies the chunk, later ones write to the copy; Column publishes
// the copies and starts anew from the result. What it was made of, and what it has
// given out, never changes.
type Editor struct {
	base    Column
	members *bitmap.Editor   // nil: those of base
	works   map[uint16]*work // the blocks changed so far
	last    *work            // the one used last: edits come in clusters
	values  []int64          // scratch: a chunk's or a block's values
	bulk    *bulk            // scratch of SetMany and UnsetAll
}

// Edit begins the next version of the column. It costs nothing until the first
// change.
func (c Column) Edit() *Editor { return &Editor{base: c} }

// Len is the number of members that have a value now.
func (e *Editor) Len() int {
	if e.members == nil {
		return e.base.Len()
	}
	return e.members.Len()
}

// Get is the value that m has now, if it has one.
func (e *Editor) Get(m uint32) (v int64, ok bool) {
	num := uint16(m >> 16)
	if w := e.work(num); w != nil {
		return w.get(e.in(num), uint16(m))
	}
	return e.base.Get(m)
}

// Set gives m the value v and tells whether that changed anything. It costs the
// copy of a chunk at most, unless the block outgrows its layout or v the chunk's
// width: then that chunk or block is made anew, in some 10 to 100 µs.
func (e *Editor) Set(m uint32, v int64) (changed bool) {
	num, low := uint16(m>>16), uint16(m)
	in := e.in(num)
	if !in.Contains(low) {
		e.insert(e.open(num), in, low, v)
		return true
	}
	w := e.work(num)
	if w == nil {
		if old, _ := e.base.find(num).get(in, low); old == v {
			return false
		}
		w = e.open(num)
	}
	return e.overwrite(w, in, low, v)
}

// Unset takes the value from m and tells whether it had one.
func (e *Editor) Unset(m uint32) bool {
	num, low := uint16(m>>16), uint16(m)
	in := e.in(num)
	if !in.Contains(low) {
		return false
	}
	e.remove(e.open(num), in, low)
	return true
}

// Column is the column with all changes so far; the editor may go on.
func (e *Editor) Column() Column {
	if len(e.works) == 0 {
		return e.base
	}
	fresh := make([]block, 0, len(e.works))
	for _, num := range slices.Sorted(maps.Keys(e.works)) {
		fresh = append(fresh, e.freeze(e.works[num]))
	}
	e.base.pages = replace(e.base.pages, fresh)
	if e.members != nil {
		e.base.members = e.members.Bitmap()
	}
	e.members, e.works, e.last = nil, nil, nil
	return e.base
}

// in is the members of block num that have a value now.
func (e *Editor) in(num uint16) bitmap.Block {
	if e.members == nil {
		return e.base.members.Find(num)
	}
	return e.members.Block(num)
}

// edited is the editor of the members.
func (e *Editor) edited() *bitmap.Editor {
	if e.members == nil {
		e.members = bitmap.NewEditor(e.base.members)
	}
	return e.members
}

// work is the copy of block num, or nil.
func (e *Editor) work(num uint16) *work {
	if e.last == nil || e.last.num != num {
		w := e.works[num]
		if w == nil {
			return nil
		}
		e.last = w
	}
	return e.last
}

// open makes the copy of block num, which may be empty, if there is none yet.
func (e *Editor) open(num uint16) *work {
	if w := e.work(num); w != nil {
		return w
	}
	w := new(work)
	if b := e.base.find(num); b != nil {
		w.block = *b
		if b.cut != nil {
			w.cut = &cut{chunks: b.cut.chunks}
		}
	}
	w.num = num
	if e.works == nil {
		e.works = make(map[uint16]*work)
	}
	e.works[num] = w
	e.last = w
	return w
}
