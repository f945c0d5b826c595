package bitmap

// Cursor walks a bitmap's blocks forward. The zero Cursor is at the end.
type Cursor struct {
	pages  []page // after the current one
	blocks []Block
}

// Cursor starts before the first block.
func (b Bitmap) Cursor() Cursor { return Cursor{pages: b.pages} }

// Seek moves to the first block numbered num or higher and returns it; at the
// end, the zero Block. It never moves back. Asking for the current block or the
// one after it costs a comparison or two.
func (c *Cursor) Seek(num uint32) Block {
	for {
		if len(c.blocks) > 0 {
			if uint32(c.blocks[0].num) >= num {
				return c.blocks[0]
			}
			if num < BlockSize && c.blocks[len(c.blocks)-1].num >= uint16(num) {
				if uint32(c.blocks[1].num) >= num {
					c.blocks = c.blocks[1:]
				} else {
					c.blocks = c.blocks[searchBlocks(c.blocks, uint16(num)):]
				}
				return c.blocks[0]
			}
			c.blocks = nil
		}
		if len(c.pages) == 0 {
			return Block{}
		}
		if len(c.pages) > 1 && uint32(c.pages[1].first) <= num {
			if num >= BlockSize {
				c.pages = nil
				return Block{}
			}
			c.pages = c.pages[searchPages(c.pages, uint16(num)):]
		}
		c.blocks = c.pages[0].blocks()
		c.pages = c.pages[1:]
	}
}

// peek is the current block without moving, or the zero Block at the end.
func (c *Cursor) peek() Block {
	for len(c.blocks) == 0 {
		if len(c.pages) == 0 {
			return Block{}
		}
		c.blocks = c.pages[0].blocks()
		c.pages = c.pages[1:]
	}
	return c.blocks[0]
}

// next is peek, then moves past the block.
func (c *Cursor) next() Block {
	b := c.peek()
	if len(c.blocks) > 0 {
		c.blocks = c.blocks[1:]
	}
	return b
}
