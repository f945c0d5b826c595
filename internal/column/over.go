package column

import (
	"iter"
	"sync"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Walking the values of the members of a set: the common part of all aggregates.

// An overlap is a block of the column together with the set's block.
type overlap struct {
	*block
	in bitmap.Block // the block's members
	x  bitmap.Block // the set's, some of which may have no value
}

// overlaps are the blocks in which both the column and the set have members.
func (c Column) overlaps(set bitmap.Bitmap) iter.Seq[overlap] {
	return func(yield func(overlap) bool) {
		cur := c.members.Cursor()
		for x := range set.Blocks() {
			b := c.find(x.Num())
			if b != nil && !yield(overlap{b, cur.Seek(uint32(x.Num())), x}) {
				return
			}
		}
	}
}

// whole tells whether each of the block's values belongs to a member of the set. It
// may say no wrongly.
func (o overlap) whole() bool {
	return o.x.IsFull() || o.x.Len() >= int(o.n) && bitmap.AndCount(o.x, o.in) == int(o.n)
}

// A slab is the values of some members of one chunk.
type slab struct {
	least, most int64    // bounds of the chunk
	low         []uint16 // members, ascending
	values      []int64  // theirs
}

// slabs is room for those of one block.
type slabs struct {
	w      bitmap.Words
	low    [blockSize]uint16
	values [chunkSize]int64
	has    [chunkSize]bool
}

var slabPool = sync.Pool{New: func() any { return new(slabs) }}

func getSlabs() *slabs    { return slabPool.Get().(*slabs) }
func (s *slabs) release() { slabPool.Put(s) }

// each calls f for the values of the set's members, chunk by chunk in ascending
// order; chunks that wanted says no to are passed over. A slab is valid until f
// returns.
func (s *slabs) each(o overlap, wanted func(least, most int64) bool, f func(slab)) {
	if !wanted(o.least, o.most) {
		return
	}
	low := s.both(o)
	if o.cut == nil {
		for len(low) > 0 {
			n := min(len(low), chunkSize)
			o.gather(o.in, low[:n], s.values[:n], s.has[:n])
			f(slab{o.least, o.most, low[:n], s.values[:n]})
			low = low[n:]
		}
		return
	}
	r := ranker{in: o.in}
	start := 0
	for k := range o.cut.chunks {
		c := &o.cut.chunks[k]
		n := untilChunk(low, k+1)
		if n > 0 && wanted(c.least, c.most) {
			values := s.values[:n]
			if c.dense {
				c.pick(values, low[:n])
			} else {
				r.skipTo(k*chunkSize, start)
				c.gatherPacked(&r, start, low[:n], values, s.has[:n])
			}
			f(slab{c.least, c.most, low[:n], values})
		}
		low = low[n:]
		start += int(c.n)
	}
}

// both is the set's members that have a value.
func (s *slabs) both(o overlap) []uint16 {
	switch {
	case o.x.Form() == bitmap.Array:
		return o.in.Filter(s.low[:0], o.x.Array(), true)
	case o.in.Form() == bitmap.Array:
		return o.x.Filter(s.low[:0], o.in.Array(), true)
	}
	o.x.CopyTo(&s.w)
	o.in.AndInto(&s.w)
	return s.low[:bitmap.DecodeLow(s.low[:], &s.w)]
}

// any is for walks that pass over nothing.
func anyBounds(least, most int64) bool { return true }
