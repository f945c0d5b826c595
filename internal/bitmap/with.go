package bitmap

// With is b with v in it. The cost is a copy of one block, its page of headers
// and the page table, whatever the size of the set.
func (b Bitmap) With(v uint32) Bitmap {
	b = b.Owned()
	num := uint16(v >> 16)
	i := max(searchPages(b.pages, num), 0)
	if len(b.pages) == 0 {
		return b.replacePage(0, 0, []Block{ownArray(num, []uint16{uint16(v)}, 1)}, 1)
	}
	old := b.pages[i].blocks()
	k := searchBlocks(old, num)
	if k < len(old) && old[k].num == num {
		x := old[k].with(uint16(v))
		if x.p == old[k].p {
			return b
		}
		blocks := make([]Block, len(old))
		copy(blocks, old)
		blocks[k] = x
		return b.replacePage(i, i+1, blocks, 1)
	}
	blocks := make([]Block, len(old)+1)
	copy(blocks, old[:k])
	blocks[k] = ownArray(num, []uint16{uint16(v)}, 1)
	copy(blocks[k+1:], old[k:])
	return b.replacePage(i, i+1, blocks, 1)
}

// Without is b with v not in it, at the cost of With.
func (b Bitmap) Without(v uint32) Bitmap {
	b = b.Owned()
	num := uint16(v >> 16)
	i := searchPages(b.pages, num)
	if i < 0 {
		return b
	}
	old := b.pages[i].blocks()
	k := searchBlocks(old, num)
	if k == len(old) || old[k].num != num {
		return b
	}
	x := old[k].without(uint16(v))
	if x.p == old[k].p {
		return b
	}
	if !x.IsEmpty() {
		blocks := make([]Block, len(old))
		copy(blocks, old)
		blocks[k] = x
		return b.replacePage(i, i+1, blocks, -1)
	}
	// The block is gone. Pages that have become small join their neighbour, so
	// that removals never leave a long table of short pages.
	from, to := i, i+1
	if i > 0 && len(old)-1+int(b.pages[i-1].n) <= pageSize/2 {
		from--
	} else if to < len(b.pages) && len(old)-1+int(b.pages[to].n) <= pageSize/2 {
		to++
	}
	var blocks []Block
	for _, p := range b.pages[from:to] {
		for _, y := range p.blocks() {
			if y.num != num {
				blocks = append(blocks, y)
			}
		}
	}
	return b.replacePage(from, to, blocks, -1)
}

// replacePage is b with blocks, which it may keep, in place of the pages
// from ≤ i < to, and added members more.
func (b Bitmap) replacePage(from, to int, blocks []Block, added int) Bitmap {
	pages := make([]page, 0, len(b.pages)-(to-from)+2)
	pages = append(pages, b.pages[:from]...)
	switch {
	case len(blocks) > pageSize:
		pages = appendPages(pages, blocks, to == len(b.pages))
	case len(blocks) > 0:
		pages = append(pages, newPage(blocks))
	}
	pages = append(pages, b.pages[to:]...)
	return Bitmap{pages: pages, card: b.card + uint64(added)}
}
