package column

import (
	"math/bits"
	"slices"
)

// pageSize is the number of block numbers of a page: one bit of a mask each.
// Copying a full page is 2.5 KiB.
const pageSize = 64

// A page is the blocks whose number is from 64·num to 64·num+63. Which page a block
// is in depends on its number alone, so pages are never split or joined.
type page struct {
	num    uint16
	mask   uint64  // bit i: block 64·num+i has values
	blocks []block // one for each bit of mask, ascending
}

// find is the block of that number, or nil.
func (c Column) find(num uint16) *block {
	i := int(num / pageSize)
	if i >= len(c.pages) || c.pages[i].num != num/pageSize { // dense columns skip the search
		var ok bool
		if i, ok = searchPages(c.pages, num/pageSize); !ok {
			return nil
		}
	}
	p := c.pages[i]
	bit := uint64(1) << (num % pageSize)
	if p.mask&bit == 0 {
		return nil
	}
	return &p.blocks[bits.OnesCount64(p.mask&(bit-1))]
}

func searchPages(pages []*page, num uint16) (int, bool) {
	return slices.BinarySearchFunc(pages, num, func(p *page, num uint16) int { return int(p.num) - int(num) })
}

// blocks calls f for each block, ascending, until it says no.
func (c Column) blocks(f func(*block) bool) {
	for _, p := range c.pages {
		for i := range p.blocks {
			if !f(&p.blocks[i]) {
				return
			}
		}
	}
}

// replace is the table of pages with fresh, whose numbers ascend, in the places of
// the blocks of their number; an empty one (n is 0) takes its place away. Pages that
// none of them is in are shared.
func replace(old []*page, fresh []block) []*page {
	pages := make([]*page, 0, len(old)+1)
	for len(fresh) > 0 {
		num := fresh[0].num / pageSize
		n := 1
		for n < len(fresh) && fresh[n].num/pageSize == num {
			n++
		}
		i, found := searchPages(old, num)
		pages = append(pages, old[:i]...)
		old = old[i:]
		was := new(page)
		if found {
			was, old = old[0], old[1:]
		}
		if p := was.with(num, fresh[:n]); p.mask != 0 {
			pages = append(pages, p)
		}
		fresh = fresh[n:]
	}
	return append(pages, old...)
}

// with is a copy of p, which is number num, with fresh in it.
func (p *page) with(num uint16, fresh []block) *page {
	q := &page{num: num, blocks: make([]block, 0, min(pageSize, len(p.blocks)+len(fresh)))}
	rest := p.blocks
	for _, b := range fresh {
		for len(rest) > 0 && rest[0].num < b.num {
			q.add(rest[0])
			rest = rest[1:]
		}
		if len(rest) > 0 && rest[0].num == b.num {
			rest = rest[1:]
		}
		if b.n > 0 {
			q.add(b)
		}
	}
	for _, b := range rest {
		q.add(b)
	}
	return q
}

// add puts b at the end.
func (p *page) add(b block) {
	p.mask |= 1 << (b.num % pageSize)
	p.blocks = append(p.blocks, b)
}
