package column

import "github.com/tagroar/tagroar/internal/bitmap"

// A Builder makes a column of members in ascending order, one by one or a block at
// a time. The zero Builder is ready. Below it data is trusted: members out of
// order, or fewer values than members, are a caller's bug.
type Builder struct {
	members bitmap.Builder
	pages   []*page
	num     uint16   // the block being filled, if there are any values
	low     []uint16 // its members so far
	values  []int64  // and their values
}

// Append gives m, larger than every member before, the value v.
func (b *Builder) Append(m uint32, v int64) {
	if num := uint16(m >> 16); num != b.num {
		b.flush()
		b.num = num
	}
	b.low = append(b.low, uint16(m))
	b.values = append(b.values, v)
}

// AppendBlock gives the members of in, numbered higher than every member's before,
// the values, in order. The block of members is shared, the values are copied.
func (b *Builder) AppendBlock(in bitmap.Block, values []int64) {
	b.flush()
	if in.IsEmpty() {
		return
	}
	b.members.Append(in)
	b.put(newBlock(in, values))
}

func (b *Builder) put(x block) {
	if n := len(b.pages); n == 0 || b.pages[n-1].num != x.num/pageSize {
		b.pages = append(b.pages, &page{num: x.num / pageSize})
	}
	b.pages[len(b.pages)-1].add(x)
}

// flush ends the block being filled.
func (b *Builder) flush() {
	if len(b.low) == 0 {
		return
	}
	b.members.AppendArray(b.num, b.low)
	b.put(newBlock(bitmap.ScratchArray(b.num, b.low), b.values))
	b.low, b.values = b.low[:0], b.values[:0]
}

// Column is the column of all that was appended; the builder is spent.
func (b *Builder) Column() Column {
	b.flush()
	for _, p := range b.pages { // they grew by doubling
		if cap(p.blocks) > len(p.blocks) {
			p.blocks = append(make([]block, 0, len(p.blocks)), p.blocks...)
		}
	}
	c := Column{members: b.members.Bitmap(), pages: b.pages}
	*b = Builder{}
	return c
}
