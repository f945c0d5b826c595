package column

import "bytes"

// Equal tells whether c and o give the same members the same values. Shared chunks
// are not looked into. Equal columns have equal chunks, so bytes are compared.
func (c Column) Equal(o Column) bool {
	if len(c.pages) != len(o.pages) || !c.members.Equal(o.members) {
		return false
	}
	for i, p := range c.pages {
		q := o.pages[i]
		if p == q {
			continue
		}
		if p.num != q.num || p.mask != q.mask {
			return false
		}
		for k := range p.blocks {
			if !p.blocks[k].equal(&q.blocks[k]) {
				return false
			}
		}
	}
	return true
}

// equal tells whether two blocks of the same members have the same values.
func (b *block) equal(o *block) bool {
	if b.least != o.least || b.most != o.most {
		return false
	}
	if b.cut == nil || b.cut == o.cut {
		return b.cut != nil || b.chunk.equal(&o.chunk)
	}
	for k := range b.cut.chunks {
		if !b.cut.chunks[k].equal(&o.cut.chunks[k]) {
			return false
		}
	}
	return true
}

// equal tells whether two chunks of the same members have the same values.
func (c *chunk) equal(o *chunk) bool {
	if c.least != o.least || c.most != o.most {
		return false
	}
	return c.offsets == o.offsets || bytes.Equal(c.raw(c.slots()), o.raw(o.slots()))
}
