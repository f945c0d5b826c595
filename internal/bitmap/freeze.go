package bitmap

// Bitmap is the set as it is now, in canonical form. Pages without a change are
// shared with the set the editor started from. The editor goes on from the result
// and copies again what it changes next.
func (e *Editor) Bitmap() Bitmap {
	if len(e.works) == 0 {
		return e.base
	}
	blocks := make([]Block, len(e.works)) // zero: gone
	changed := false
	for i, w := range e.works {
		blocks[i] = w.freeze(e)
		changed = changed || w.dirty
	}
	if changed {
		e.base = Bitmap{pages: e.frozenPages(blocks), card: e.card}
	}
	e.works, e.slab, e.last = nil, nil, 0
	return e.base
}

// frozenPages is the base's page table with blocks in place of those that e.works
// were copied from. A page that gets short joins the one before it.
func (e *Editor) frozenPages(blocks []Block) []page {
	works := e.works
	old := e.base.pages
	if len(old) == 0 {
		var live []Block
		for _, x := range blocks {
			if !x.IsEmpty() {
				live = append(live, x)
			}
		}
		return appendPages(nil, live, true)
	}
	pages := make([]page, 0, len(old)+1)
	var buf []Block
	for i, p := range old {
		end := BlockSize // works below belong to this page
		if i+1 < len(old) {
			end = int(old[i+1].first)
		}
		n := 0
		for n < len(works) && int(works[n].num) < end {
			n++
		}
		if n == 0 {
			pages = append(pages, p)
			continue
		}
		buf = buf[:0]
		if k := len(pages) - 1; k >= 0 && int(pages[k].n)+int(p.n) <= pageSize/2 {
			buf = append(buf, pages[k].blocks()...)
			pages = pages[:k]
		}
		buf = mergeBlocks(buf, p.blocks(), works[:n], blocks[:n])
		pages = appendPages(pages, buf, i+1 == len(old))
		works, blocks = works[n:], blocks[n:]
	}
	return pages
}

// mergeBlocks appends to dst the old headers with blocks, which works name, in
// their places.
func mergeBlocks(dst, old []Block, works []*work, blocks []Block) []Block {
	i := 0
	for k, w := range works {
		for i < len(old) && old[i].num < w.num {
			dst = append(dst, old[i])
			i++
		}
		if i < len(old) && old[i].num == w.num {
			i++
		}
		if !blocks[k].IsEmpty() {
			dst = append(dst, blocks[k])
		}
	}
	return append(dst, old[i:]...)
}
