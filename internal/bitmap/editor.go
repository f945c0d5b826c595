package bitmap

import "slices"

// Editor changes many members of a set. It copies a block at the first change in
// it and edits the copy in place from then on; Bitmap brings the copies into
// canonical form and starts anew from the result. What it was made of, and what it
// has given out, never changes.
type Editor struct {
	base   Bitmap
	card   uint64
	works  []*work  // the blocks copied so far, ascending
	last   int      // index of the one used last: edits come in clusters
	slab   []work   // room for further works, allocated by the dozen
	spare  []*Words // bits that a frozen block did not keep
	low    []uint16 // scratch: the values to be added or removed
	values []uint16 // scratch: a block's members
}

// slabSize is the largest number of works allocated together.
const slabSize = 32

// NewEditor starts from b.
func NewEditor(b Bitmap) *Editor {
	b = b.Owned()
	return &Editor{base: b, card: b.card}
}

// Len is the number of members now.
func (e *Editor) Len() int { return int(e.card) }

// Contains tells whether v is a member now.
func (e *Editor) Contains(v uint32) bool {
	if w := e.find(uint16(v >> 16)); w != nil {
		return w.contains(uint16(v))
	}
	return e.base.Contains(v)
}

// Block is block num as it is now, to be asked and not kept: it is valid until the
// editor's next call that changes anything, and need not be in canonical form.
func (e *Editor) Block(num uint16) Block {
	w := e.find(num)
	switch {
	case w == nil:
		return e.base.Find(num)
	case w.words != nil:
		return ScratchWords(num, w.words, w.card)
	case w.array != nil:
		return ScratchArray(num, w.array)
	case w.card == 0:
		return Block{}
	}
	return w.block
}

// Add adds v and tells whether it was not there.
func (e *Editor) Add(v uint32) bool {
	num := uint16(v >> 16)
	w := e.find(num)
	if w == nil {
		b := e.base.Find(num)
		if b.Contains(uint16(v)) {
			return false
		}
		w = e.open(num, b)
	}
	if !w.add(uint16(v), e) {
		return false
	}
	e.card++
	return true
}

// Remove removes v and tells whether it was there.
func (e *Editor) Remove(v uint32) bool {
	num := uint16(v >> 16)
	w := e.find(num)
	if w == nil {
		b := e.base.Find(num)
		if !b.Contains(uint16(v)) {
			return false
		}
		w = e.open(num, b)
	}
	if !w.remove(uint16(v), e) {
		return false
	}
	e.card--
	return true
}

// AddSorted adds the ascending vs and returns how many were not there. Values out
// of order cost a sorted copy.
func (e *Editor) AddSorted(vs []uint32) int {
	added := 0
	vs = ascending(vs)
	for len(vs) > 0 {
		n := blockSpan(vs)
		num := uint16(vs[0] >> 16)
		w := e.find(num)
		if w == nil {
			w = e.open(num, e.base.Find(num))
		}
		k := w.addSorted(e.lows(vs[:n]), e)
		e.card += uint64(k)
		added += k
		vs = vs[n:]
	}
	return added
}

// RemoveSorted removes the ascending vs and returns how many were there.
func (e *Editor) RemoveSorted(vs []uint32) int {
	removed := 0
	vs = ascending(vs)
	for len(vs) > 0 {
		n := blockSpan(vs)
		num := uint16(vs[0] >> 16)
		w := e.find(num)
		if w == nil {
			b := e.base.Find(num)
			if b.IsEmpty() {
				vs = vs[n:]
				continue
			}
			w = e.open(num, b)
		}
		k := w.removeSorted(e.lows(vs[:n]), e)
		e.card -= uint64(k)
		removed += k
		vs = vs[n:]
	}
	return removed
}

func ascending(vs []uint32) []uint32 {
	if !slices.IsSorted(vs) {
		vs = slices.Clone(vs)
		slices.Sort(vs)
	}
	return vs
}

// lows are the distinct low halves of ascending values, in the editor's scratch.
func (e *Editor) lows(vs []uint32) []uint16 {
	if cap(e.low) < len(vs) {
		e.low = make([]uint16, len(vs)+len(vs)/2)
	}
	low := e.low[:len(vs)]
	return low[:lowHalves(low, vs)]
}

// find is the copy of block num, or nil; then e.last is where it would belong.
func (e *Editor) find(num uint16) *work {
	if e.last < len(e.works) && e.works[e.last].num == num {
		return e.works[e.last]
	}
	lo, n := 0, len(e.works)
	if n > 0 && e.works[n-1].num < num { // the common case: in order
		lo, n = n, 0
	}
	for n > 0 {
		half := n >> 1
		if e.works[lo+half].num < num {
			lo += half + 1
			n -= half + 1
		} else {
			n = half
		}
	}
	e.last = lo
	if lo < len(e.works) && e.works[lo].num == num {
		return e.works[lo]
	}
	return nil
}

// open makes the copy of block b, numbered num, which may be empty. It belongs at
// e.last.
func (e *Editor) open(num uint16, b Block) *work {
	if len(e.slab) == 0 {
		e.slab = make([]work, min(slabSize, 1+2*len(e.works)))
	}
	w := &e.slab[0]
	e.slab = e.slab[1:]
	*w = work{num: num, card: b.Len(), runs: b.RunCount(), block: b}
	e.works = slices.Insert(e.works, e.last, w)
	return w
}

// newWords is room for bits; its content is arbitrary.
func (e *Editor) newWords() *Words {
	if n := len(e.spare); n > 0 {
		w := e.spare[n-1]
		e.spare = e.spare[:n-1]
		return w
	}
	return new(Words)
}
