package bitmap

// Cursor walks a bitmap's blocks forward. The zero Cursor is at the end.
type Cursor struct {
	pages  []page  // after the current one
	blocks []Block // the current page
	at     int     // the current block; len(blocks): the page is done
}

// Cursor starts before the first block.
func (b Bitmap) Cursor() Cursor { return Cursor{pages: b.pages} }

// Seek moves to the first block numbered num or higher and returns it; at the
// end, the zero Block. It never moves back. Asking for the current block or the
// one after it costs a comparison or two.
func (c *Cursor) Seek(num uint32) Block {
	if b := c.Find(num); b != nil {
		return *b
	}
	return Block{}
}

// Find is Seek for whoever wants no more of the block than its header tells: it
// returns the place of the header, which is not to be written; at the end, nil.
func (c *Cursor) Find(num uint32) *Block {
	if at := c.at; at < len(c.blocks) {
		if b := &c.blocks[at]; uint32(b.num) >= num {
			return b
		}
		if at++; at < len(c.blocks) {
			if b := &c.blocks[at]; uint32(b.num) >= num {
				c.at = at
				return b
			}
		}
	}
	return c.jump(num)
}

// jump is Find for a block that is neither the current nor the next of the page.
func (c *Cursor) jump(num uint32) *Block {
	if num >= BlockSize {
		*c = Cursor{}
		return nil
	}
	if n := len(c.blocks); c.at >= n || uint32(c.blocks[n-1].num) < num {
		if len(c.pages) > 1 && uint32(c.pages[1].first) <= num {
			c.pages = c.pages[searchPages(c.pages, uint16(num)):]
		}
		for {
			if len(c.pages) == 0 {
				*c = Cursor{}
				return nil
			}
			c.blocks, c.pages, c.at = c.pages[0].blocks(), c.pages[1:], 0
			if n := len(c.blocks); n > 0 && uint32(c.blocks[n-1].num) >= num {
				break
			}
		}
	}
	c.at += searchBlocks(c.blocks[c.at:], uint16(num))
	return &c.blocks[c.at]
}

// peek is the current block without moving, or the zero Block at the end.
func (c *Cursor) peek() Block {
	if c.at < len(c.blocks) {
		return c.blocks[c.at]
	}
	if b := c.jump(0); b != nil {
		return *b
	}
	return Block{}
}

// after moves past the current block and returns the next.
func (c *Cursor) after() Block {
	c.at++
	return c.peek()
}

// next is peek, then moves past the block.
func (c *Cursor) next() Block {
	b := c.peek()
	c.at++
	return b
}
