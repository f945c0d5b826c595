package bitmap

// UnionAll is the union of bs, made block by block: each block of the result is
// written once, however many operands it has. A block that only one operand has
// is shared, or copied if it lies in a Buffer.
func UnionAll(bs ...Bitmap) Bitmap {
	switch len(bs) {
	case 0:
		return Bitmap{}
	case 1:
		return bs[0].Owned()
	}
	cursors := make([]Cursor, 0, len(bs))
	var one Bitmap
	for _, b := range bs {
		if !b.IsEmpty() {
			cursors = append(cursors, b.Cursor())
			one = b
		}
	}
	if len(cursors) <= 1 {
		return one.Owned()
	}
	var out Builder
	s := getScratch()
	defer s.release()
	blocks := make([]Block, 0, len(cursors))
	words := make([]*Words, 0, len(cursors))
	for len(cursors) > 0 {
		num := cursors[0].peek().num
		for i := 1; i < len(cursors); i++ {
			num = min(num, cursors[i].peek().num)
		}
		blocks = blocks[:0]
		live := cursors[:0]
		for i := range cursors {
			c := &cursors[i]
			if x := c.peek(); x.num == num {
				blocks = append(blocks, x)
				if c.after().IsEmpty() {
					continue
				}
			}
			live = append(live, *c)
		}
		cursors = live
		out.Append(s.union(blocks, words))
	}
	return out.Bitmap()
}

// fewBlocks short blocks are merged one after the other; each step copies all that
// came before it.
const fewBlocks = 4

// union is the union of one or more blocks of one number. words is room for the
// operands that are bits.
func (s *scratch) union(blocks []Block, words []*Words) Block {
	first := blocks[0]
	if len(blocks) == 1 {
		return first
	}
	if len(blocks) == 2 {
		return s.or(first, blocks[1])
	}
	largest, rest := first, 0 // rest: members of the blocks that are not bits
	words = words[:0]
	for _, x := range blocks {
		if x.IsFull() {
			return x
		}
		if x.Len() > largest.Len() {
			largest = x
		}
		if x.form == Bits {
			words = append(words, x.Words())
		} else {
			rest += x.Len()
		}
	}
	if len(words) == 0 && len(blocks) <= fewBlocks && rest <= MaxArray/2 {
		return s.uniteSmall(blocks)
	}
	OrMany(&s.w, words)
	for _, x := range blocks {
		if x.form != Bits {
			x.OrInto(&s.w)
		}
	}
	return fromWords(first.num, &s.w, largest, Block{})
}

// uniteSmall merges one after the other: cheaper than clearing, filling and
// counting 8 KiB for a few members.
func (s *scratch) uniteSmall(blocks []Block) Block {
	acc := blocks[0]
	for _, x := range blocks[1:] {
		acc = s.or(acc, x)
	}
	return acc
}
