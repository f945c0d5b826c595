package bitmap

import "unsafe"

// A Place is where a walk over a bitmap's blocks stands, apart from the page table,
// which only one step in a page's length needs: expressions of a hundred sets take
// a step in each for every block, and four places share a line of cache. Forward
// begins a walk. Both fields are for reading.
type Place struct {
	Block *Block // the header of the block at hand, not to be written; nil: at the end
	Num   uint32 // its number; BlockSize: at the end
	left  uint32 // headers after it on its page
}

// Forward sets p to the place of the first block, and rest to what Move needs beside it.
func (b Bitmap) Forward(p *Place, rest *Cursor) {
	if len(b.pages) > 0 && b.pages[0].n > 0 {
		first := &b.pages[0]
		rest.pages, rest.blocks, rest.at = b.pages[1:], nil, 0
		p.Block, p.Num, p.left = first.p, uint32(first.p.num), uint32(first.n)-1
		return
	}
	*rest = b.Cursor()
	p.set(rest, rest.Find(0))
}

// Move goes on to the first block numbered num or higher. It needs p.Num < num, and
// the Cursor that Forward gave, or a copy for a copy of the place.
func (p *Place) Move(rest *Cursor, num uint32) {
	if p.left > 0 {
		next := (*Block)(unsafe.Add(unsafe.Pointer(p.Block), unsafe.Sizeof(Block{})))
		if at := uint32(next.num); at >= num {
			p.Block, p.Num, p.left = next, at, p.left-1
			return
		}
	}
	p.jump(rest, num)
}

// jump is Move to a block that is not the next of the page.
func (p *Place) jump(rest *Cursor, num uint32) {
	rest.blocks, rest.at = nil, 0
	if p.Block != nil {
		rest.blocks = unsafe.Slice(p.Block, int(p.left)+1)
	}
	p.set(rest, rest.jump(num))
}

// set makes b, where rest stands, the block at hand.
func (p *Place) set(rest *Cursor, b *Block) {
	if b == nil {
		*p = Place{Num: BlockSize}
		return
	}
	*p = Place{Block: b, Num: uint32(b.num), left: uint32(len(rest.blocks) - rest.at - 1)}
}
