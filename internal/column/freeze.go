package column

import (
	"slices"

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
	case c.dense && c.n < denseFrom || w.stale>>k&1 != 0 && !e.exact(c):
		values := e.part(w, k, in)
		if w.cut == nil {
			w.put(k, newChunk(values))
		} else {
			w.put(k, newPartOf(values, in, k))
		}
	case !c.dense && w.room[k] > int(c.n)+int(c.n)/8: // do not keep the room
		c.own(int(c.n), 0)
	}
}

// exact tells whether the bounds of a chunk occur in it and its width is right. Gaps
// hold the smallest value too, so it must be there more often than gaps are.
func (e *Editor) exact(c *chunk) bool {
	if widthOf(c.span()) != c.width {
		return false
	}
	e.values = slices.Grow(e.values[:0], c.slots())[:c.slots()]
	unpack(e.values, c, c.least)
	gaps, least, most := c.slots()-int(c.n), 0, false
	for _, v := range e.values {
		if v == c.least {
			least++
		}
		most = most || v == c.most
	}
	return least > gaps && most
}
