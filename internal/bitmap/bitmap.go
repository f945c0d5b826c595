package bitmap

import (
	"iter"
	"slices"
)

// Bitmap is an immutable set of uint32 members. The zero value is empty. It is
// small and passed by value; copies share everything. One made into a Buffer is
// immutable until the Buffer's next use.
type Bitmap struct {
	pages []page
	card  uint64
}

// Len is the number of members; it is cached. (Where int has 32 bits, a set of
// 2^31 members or more overflows it.)
func (b Bitmap) Len() int { return int(b.card) }

// Card is Len where int may be too small: for what is written down.
func (b Bitmap) Card() uint64 { return b.card }

// IsEmpty tells whether there is no member.
func (b Bitmap) IsEmpty() bool { return b.card == 0 }

// Contains tells whether v is a member.
func (b Bitmap) Contains(v uint32) bool {
	return b.Find(uint16(v >> 16)).Contains(uint16(v))
}

// Find is the block of that number, or the zero Block.
func (b Bitmap) Find(num uint16) Block {
	i := searchPages(b.pages, num)
	if i < 0 {
		return Block{}
	}
	blocks := b.pages[i].blocks()
	// Dense sets, the common case, hold the block right where its number says.
	if k := int(num - b.pages[i].first); k < len(blocks) && blocks[k].num == num {
		return blocks[k]
	}
	if k := searchBlocks(blocks, num); k < len(blocks) && blocks[k].num == num {
		return blocks[k]
	}
	return Block{}
}

// Min is the smallest member.
func (b Bitmap) Min() (v uint32, ok bool) {
	if len(b.pages) == 0 || b.pages[0].n == 0 {
		return 0, false
	}
	x := b.pages[0].blocks()[0]
	return uint32(x.num)<<16 | uint32(x.Min()), true
}

// Max is the largest member.
func (b Bitmap) Max() (v uint32, ok bool) {
	if len(b.pages) == 0 || b.pages[len(b.pages)-1].n == 0 {
		return 0, false
	}
	blocks := b.pages[len(b.pages)-1].blocks()
	x := blocks[len(blocks)-1]
	return uint32(x.num)<<16 | uint32(x.Max()), true
}

// Rank is the number of members ≤ v.
func (b Bitmap) Rank(v uint32) int {
	num := uint16(v >> 16)
	i := searchPages(b.pages, num)
	if i < 0 {
		return 0
	}
	n := 0
	for _, p := range b.pages[:i] {
		n += int(p.card)
	}
	for _, x := range b.pages[i].blocks() {
		if x.num >= num {
			if x.num == num {
				n += x.Rank(uint16(v))
			}
			break
		}
		n += x.Len()
	}
	return n
}

// Select is the member of rank i counted from 0, if there is one.
func (b Bitmap) Select(i int) (v uint32, ok bool) {
	if i < 0 || uint64(i) >= b.card {
		return 0, false
	}
	for _, p := range b.pages {
		if i >= int(p.card) {
			i -= int(p.card)
			continue
		}
		for _, x := range p.blocks() {
			if i < x.Len() {
				return uint32(x.num)<<16 | uint32(x.Select(i)), true
			}
			i -= x.Len()
		}
	}
	return 0, false
}

// Equal tells whether b and o have the same members. Shared blocks are not
// looked into.
func (b Bitmap) Equal(o Bitmap) bool {
	if b.card != o.card {
		return false
	}
	x, y := b.Cursor(), o.Cursor()
	for {
		p, q := x.next(), y.next()
		if !p.equal(q) {
			return false
		}
		if p.IsEmpty() {
			return true
		}
	}
}

// equal compares two canonical blocks: equal content means equal headers.
func (b Block) equal(o Block) bool {
	if b.num != o.num || b.card != o.card || b.form != o.form || b.runs != o.runs {
		return false
	}
	if b.p == o.p {
		return true
	}
	switch b.form {
	case Array:
		return slices.Equal(b.Array(), o.Array())
	case Runs:
		return slices.Equal(b.Runs(), o.Runs())
	case Bits:
		return *b.Words() == *o.Words()
	}
	return true
}

// NumBlocks is the number of blocks.
func (b Bitmap) NumBlocks() int {
	n := 0
	for _, p := range b.pages {
		n += int(p.n)
	}
	return n
}

// Block is the i-th block in ascending order. It needs 0 ≤ i < b.NumBlocks().
func (b Bitmap) Block(i int) Block {
	for _, p := range b.pages {
		if i < int(p.n) {
			return p.blocks()[i]
		}
		i -= int(p.n)
	}
	panic("bitmap: block index out of range")
}

// Blocks are the blocks in ascending order.
func (b Bitmap) Blocks() iter.Seq[Block] {
	return func(yield func(Block) bool) {
		for _, p := range b.pages {
			for _, x := range p.blocks() {
				if !yield(x) {
					return
				}
			}
		}
	}
}
