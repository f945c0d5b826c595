package column

import (
	"iter"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// A Column holds a value for each of its members. The zero Column is empty. It
// is immutable and passed by value; copies share everything.
type Column struct {
	members bitmap.Bitmap
	pages   []*page
}

// Members are those that have a value.
func (c Column) Members() bitmap.Bitmap { return c.members }

// Len is the number of members that have a value.
func (c Column) Len() int { return c.members.Len() }

// Get is the value of m, if it has one. Where values are packed it counts up to
// 8,192 members, some 100 ns; otherwise it is two look-ups.
func (c Column) Get(m uint32) (v int64, ok bool) {
	b := c.find(uint16(m >> 16))
	if b == nil {
		return 0, false
	}
	return b.get(c.members.Find(b.num), uint16(m))
}

// All are the members that have a value, ascending, with it.
func (c Column) All() iter.Seq2[uint32, int64] {
	return func(yield func(uint32, int64) bool) {
		var ms []uint32
		var vs []int64
		for in, b := range c.pairs() {
			ms, vs = in.AppendTo(ms[:0]), b.appendTo(vs[:0], in)
			for i, m := range ms {
				if !yield(m, vs[i]) {
					return
				}
			}
		}
	}
}

// pairs are the blocks of members and values, side by side.
func (c Column) pairs() iter.Seq2[bitmap.Block, *block] {
	return func(yield func(bitmap.Block, *block) bool) {
		cur := c.members.Cursor()
		c.blocks(func(b *block) bool { return yield(cur.Seek(uint32(b.num)), b) })
	}
}

// Blocks are the blocks of members, ascending, each with its values in order of
// member: what a snapshot writes and [Builder.AppendBlock] takes. The values are
// overwritten by the next block's.
func (c Column) Blocks() iter.Seq2[bitmap.Block, []int64] {
	return func(yield func(bitmap.Block, []int64) bool) {
		var vs []int64
		for in, b := range c.pairs() {
			vs = b.appendTo(vs[:0], in)
			if !yield(in, vs) {
				return
			}
		}
	}
}

// Bounds are the smallest and the largest value; ok is false if there is none. It
// looks at the blocks' bounds, not at values.
func (c Column) Bounds() (least, most int64, ok bool) {
	c.blocks(func(b *block) bool {
		if !ok {
			least, most, ok = b.least, b.most, true
		}
		least, most = min(least, b.least), max(most, b.most)
		return true
	})
	return least, most, ok
}

// BlockBounds are the smallest and the largest value in block num; they are kept,
// exact. ok is false if no member of the block has a value.
func (c Column) BlockBounds(num uint16) (least, most int64, ok bool) {
	b := c.find(num)
	if b == nil {
		return 0, 0, false
	}
	return b.least, b.most, true
}
