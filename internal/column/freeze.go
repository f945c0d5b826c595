package column

import (
	"slices"

	"golang.org/x/exp/constraints"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// freeze is the block of what w holds, as the invariants ask for it; n is 0 if
// nothing is left. It must come before the members are frozen.
func (e *Editor) freeze(w *work) block {
	in := e.in(w.num)
	switch n := in.Len(); {
	case n == 0:
		return block{chunk: chunk{num: w.num}}
	case w.cut != nil && n <= chunkSize:
		e.values = w.appendTo(e.values[:0], in)
		return newBlock(in, e.values)
	}
	if w.cut == nil {
		e.settle(w, 0, in)
		return w.block
	}
	for k := range w.cut.chunks {
		e.settle(w, k, in)
	}
	w.sumUp()
	return w.block
}

// settle gives chunk k its final form.
func (e *Editor) settle(w *work, k int, in bitmap.Block) {
	c := w.part(k)
	switch {
	case w.own>>k&1 == 0:
	case c.n == 0:
		*c = chunk{}
	case c.dense && c.n < denseFrom || w.stale>>k&1 != 0 && !c.exact():
		values := e.part(w, k, in)
		if w.cut == nil {
			w.put(k, newChunk(values))
		} else {
			w.put(k, newPartOf(values, in, k))
		}
	case !c.dense && w.room[k] > int(c.n)+int(c.n)/8: // do not keep the room
		c.trim()
	}
}

// exact tells whether the bounds of a chunk occur in it and its width is right.
func (c *chunk) exact() bool {
	if widthOf(c.span()) != c.width {
		return false
	}
	switch c.width {
	case 1:
		return reaches[uint8](c)
	case 2:
		return reaches[uint16](c)
	case 4:
		return reaches[uint32](c)
	case 8:
		return reaches[uint64](c)
	}
	return true
}

// reaches tells whether the smallest and the largest offset occur. Gaps are 0 too, so
// there must be more zeros than gaps.
func reaches[U constraints.Unsigned](c *chunk) bool {
	s := view[U](c)
	if !slices.Contains(s, U(c.span())) {
		return false
	}
	gaps := c.slots() - int(c.n)
	for _, x := range s {
		if x == 0 {
			if gaps--; gaps < 0 {
				return true
			}
		}
	}
	return false
}

// trim copies the offsets to where there is no room for more.
func (c *chunk) trim() {
	switch c.width {
	case 1:
		own[uint8](c, 0)
	case 2:
		own[uint16](c, 0)
	case 4:
		own[uint32](c, 0)
	case 8:
		own[uint64](c, 0)
	}
}
