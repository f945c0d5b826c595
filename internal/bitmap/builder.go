package bitmap

import "fmt"

// Builder makes a Bitmap of blocks given in ascending order of number. The zero
// Builder is ready.
type Builder struct {
	pages []page
	card  uint64
	buf   [pageSize]Block // the page being filled
	n     int
	last  int // 1 + the last block's number
}

// Append adds a block; an empty one is skipped. The payload is shared, unless it
// is scratch: that is copied into canonical form. Numbers must ascend.
func (b *Builder) Append(x Block) {
	if x.form == Empty {
		return
	}
	if x.loose {
		x = x.settled()
	}
	if int(x.num) < b.last {
		panic(fmt.Sprintf("bitmap: builder got block %d after %d", x.num, b.last-1))
	}
	b.last = int(x.num) + 1
	if b.n == pageSize {
		b.flush()
	}
	b.buf[b.n] = x
	b.n++
}

// AppendBitmap adds the blocks of x, as Append does. Full pages are shared.
func (b *Builder) AppendBitmap(x Bitmap) {
	for _, p := range x.pages {
		blocks := p.blocks()
		if b.n > 0 || p.n < pageSize || int(p.first) < b.last {
			for _, y := range blocks {
				b.Append(y)
			}
			continue
		}
		b.pages = append(b.pages, p)
		b.card += uint64(p.card)
		b.last = int(blocks[pageSize-1].num) + 1
	}
}

// AppendWords adds a copy of w in canonical form; empty ones are skipped.
func (b *Builder) AppendWords(num uint16, w *Words) { b.Append(blockOfWords(num, w)) }

// AppendArray adds a copy of the strictly ascending a in canonical form.
func (b *Builder) AppendArray(num uint16, a []uint16) { b.Append(blockOfArray(num, a)) }

// AppendRuns adds a copy of the ascending, separated runs in canonical form.
func (b *Builder) AppendRuns(num uint16, rs []Run) { b.Append(blockOfRuns(num, rs)) }

// Bitmap is what has been appended so far. The builder may go on.
func (b *Builder) Bitmap() Bitmap {
	if b.n == 0 {
		return Bitmap{pages: b.pages[:len(b.pages):len(b.pages)], card: b.card}
	}
	p := newPage(append(make([]Block, 0, b.n), b.buf[:b.n]...))
	pages := make([]page, len(b.pages)+1)
	copy(pages, b.pages)
	pages[len(b.pages)] = p
	return Bitmap{pages: pages, card: b.card + uint64(p.card)}
}

func (b *Builder) flush() {
	p := newPage(append(make([]Block, 0, b.n), b.buf[:b.n]...))
	b.pages = append(b.pages, p)
	b.card += uint64(p.card)
	b.n = 0
}
