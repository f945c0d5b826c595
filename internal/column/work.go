package column

import (
	"math"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// A work is an editor's copy of one block: the header and the array of chunks are
// its own, a chunk's offsets from the first change in it on.
//
// Until it is frozen its form may be looser than the invariants ask for. Bounds hold
// all values but need not be exact (stale), so a width may be too wide; a chunk or
// block that has lost members keeps its layout. One that grows changes its layout
// at once, so that offsets are never moved by more than a chunk's.
type work struct {
	block
	own   uint8       // bit k: the offsets of chunk k are ours
	stale uint8       // bit k: the bounds of chunk k may be too wide
	room  [chunks]int // slots allocated, where the offsets are ours and packed
}

// part is chunk k; of a block that is not cut there is one, 0.
func (w *work) part(k int) *chunk {
	if w.cut == nil {
		return &w.chunk
	}
	return &w.cut.chunks[k]
}

// partOf is the number of the chunk that low is in.
func (w *work) partOf(low uint16) int {
	if w.cut == nil {
		return 0
	}
	return int(low / chunkSize)
}

// put makes c, whose offsets are ours, chunk k.
func (w *work) put(k int, c chunk) {
	p := w.part(k)
	num := p.num
	*p = c
	p.num = num
	w.own |= 1 << k
	w.stale &^= 1 << k
	w.room[k] = int(c.n)
}

// renew replaces the whole block by b, whose offsets are ours.
func (w *work) renew(b block) {
	*w = work{block: b, own: math.MaxUint8}
	for k := range w.room {
		w.room[k] = int(w.part(k).n)
	}
}

// overwrite gives low, a member of in, the value v; false: it had it.
func (e *Editor) overwrite(w *work, in bitmap.Block, low uint16, v int64) bool {
	c, slot := w.slot(in, low)
	k := w.partOf(low)
	old := c.value(slot)
	if old == v {
		return false
	}
	if !c.holds(v) {
		values := e.part(w, k, in)
		values[c.rank(in, k, low, slot)] = v
		w.put(k, c.like(values, in, k))
		return true
	}
	w.touch(k, 0)
	c.putOffset(slot, distance(c.least, v))
	c.most = max(c.most, v)
	if old == c.least || old == c.most {
		w.stale |= 1 << k
	}
	return true
}

// insert gives low, not a member of in, the value v.
func (e *Editor) insert(w *work, in bitmap.Block, low uint16, v int64) {
	m := uint32(w.num)<<16 | uint32(low)
	k := w.partOf(low)
	c, slot := w.slot(in, low)
	switch {
	case w.cut == nil && c.n == chunkSize: // too many for one chunk
		values := slices.Insert(w.appendTo(e.values[:0], in), slot, v)
		e.edited().Add(m)
		w.renew(newBlock(e.in(w.num), values))
		e.values = values
		return
	case c.n == 0:
		w.put(k, newChunk([]int64{v}))
	case !c.holds(v) || w.cut != nil && !c.dense && c.n+1 == denseFrom:
		values := slices.Insert(e.part(w, k, in), c.rank(in, k, low, slot), v)
		e.edited().Add(m)
		if w.cut == nil {
			w.put(k, newChunk(values))
		} else if c.dense {
			w.put(k, c.like(values, e.in(w.num), k))
		} else {
			w.put(k, newPartOf(values, e.in(w.num), k))
		}
		return
	default:
		w.touch(k, 1)
		x := distance(c.least, v)
		c.n++
		if c.dense {
			c.putOffset(slot, x)
		} else {
			w.room[k] = c.insertOffset(slot, x, w.room[k])
		}
		c.most = max(c.most, v)
	}
	e.edited().Add(m)
}

// remove takes the value from low, a member of in.
func (e *Editor) remove(w *work, in bitmap.Block, low uint16) {
	c, slot := w.slot(in, low)
	k := w.partOf(low)
	if old := c.value(slot); old == c.least || old == c.most {
		w.stale |= 1 << k
	}
	w.touch(k, 0)
	if c.dense {
		c.putOffset(slot, 0)
	} else {
		c.deleteOffset(slot)
	}
	c.n--
	e.edited().Remove(uint32(w.num)<<16 | uint32(low))
}

// holds tells whether v fits the chunk's frame.
func (c *chunk) holds(v int64) bool {
	return c.n > 0 && v >= c.least && widthOf(distance(c.least, v)) <= c.width
}

// rank is the number of members of in before low in chunk k, where low's slot is
// known.
func (c *chunk) rank(in bitmap.Block, k int, low uint16, slot int) int {
	if !c.dense {
		return slot
	}
	return before(in, uint16(k*chunkSize), low)
}

// like is a chunk of values for the members of in, in the layout of c.
func (c *chunk) like(values []int64, in bitmap.Block, k int) chunk {
	if !c.dense {
		return newChunk(values)
	}
	var room bitmap.Words
	return newDense(values, chunkOf(wordsOf(in, &room), k))
}

// newPartOf is newPart for chunk k of in.
func newPartOf(values []int64, in bitmap.Block, k int) chunk {
	var room bitmap.Words
	return newPart(values, chunkOf(wordsOf(in, &room), k))
}

// part is the values of chunk k, in order of member, in e's scratch.
func (e *Editor) part(w *work, k int, in bitmap.Block) []int64 {
	var room bitmap.Words
	ws := &room
	if c := w.part(k); c.dense && !c.full() {
		ws = wordsOf(in, &room)
	}
	e.values = w.part(k).appendTo(e.values[:0], chunkOf(ws, k))
	return e.values
}

// touch makes the offsets of chunk k ours, if they are not, with room for more.
func (w *work) touch(k, more int) {
	if w.own>>k&1 != 0 {
		return
	}
	w.own |= 1 << k
	c := w.part(k)
	if c.dense {
		more = 0
	}
	w.room[k] = c.own(c.slots(), more)
}
