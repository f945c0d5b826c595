package bitmap

import "unsafe"

// page is one entry of a bitmap's page table: up to pageSize consecutive headers
// in one allocation. With 16 bytes an entry, the table of the largest possible
// bitmap (1,024 pages) is 16 KiB.
type page struct {
	p     *Block
	card  uint32 // members of all its blocks: at most 2^22
	first uint16 // number of its first block
	n     uint8  // blocks: 1 to pageSize; 0 in a Buffer that has been used again
	loose bool   // belongs to a Buffer
}

// newPage makes a page of blocks, which it owns from now on.
func newPage(blocks []Block) page {
	card := 0
	for i := range blocks {
		card += blocks[i].Len()
	}
	return page{p: unsafe.SliceData(blocks), card: uint32(card), first: blocks[0].num, n: uint8(len(blocks))}
}

// blocks are the page's headers, not to be written.
func (p page) blocks() []Block { return unsafe.Slice(p.p, int(p.n)) }

// appendPages cuts blocks into pages, copying them. At the end of a table (tail),
// where sets grow, all pages but the last are full; elsewhere they are even, so that
// each has room for more.
func appendPages(pages []page, blocks []Block, tail bool) []page {
	size := pageSize
	if n := (len(blocks) + pageSize - 1) / pageSize; !tail && n > 1 {
		size = (len(blocks) + n - 1) / n
	}
	for len(blocks) > 0 {
		n := min(len(blocks), size)
		pages = append(pages, newPage(append(make([]Block, 0, n), blocks[:n]...)))
		blocks = blocks[n:]
	}
	return pages
}

// searchPages is the index of the last page that begins at or before num, or −1.
func searchPages(pages []page, num uint16) int {
	lo, n := 0, len(pages)
	for n > 0 {
		half := n >> 1
		if pages[lo+half].first <= num {
			lo += half + 1
			n -= half + 1
		} else {
			n = half
		}
	}
	return lo - 1
}

// searchBlocks is the index of the first block numbered num or higher.
func searchBlocks(blocks []Block, num uint16) int {
	lo, n := 0, len(blocks)
	for n > 0 {
		half := n >> 1
		if blocks[lo+half].num < num {
			lo += half + 1
			n -= half + 1
		} else {
			n = half
		}
	}
	return lo
}
