package bitmap

import "fmt"

// Builder makes a Bitmap of blocks given in ascending order of number. The zero
// Builder is ready and makes it of fresh memory; that of a [Buffer] uses the
// Buffer's.
type Builder struct {
	pages []page
	card  uint64
	buf   [pageSize]Block // the page being filled
	n     int
	last  int     // 1 + the last block's number
	in    *Buffer // nil: fresh memory
	mem   *Arena  // its
}

// Append adds a block; an empty one is skipped. The payload is shared, unless it
// is scratch or a Buffer's: that is copied into canonical form. Numbers must
// ascend.
func (b *Builder) Append(x Block) {
	if x.form == Empty {
		return
	}
	if x.loose {
		x = x.SettledIn(b.mem)
	}
	b.Keep(x)
}

// Keep is Append for a block whose payload stays where it is: fresh or stored, or in
// an arena of the builder's own Buffer.
func (b *Builder) Keep(x Block) {
	if x.form == Empty {
		return
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
		if b.n > 0 || p.n < pageSize || p.loose || int(p.first) < b.last {
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
func (b *Builder) AppendWords(num uint16, w *Words) { b.Keep(b.mem.ofWords(num, w)) }

// AppendArray adds a copy of the strictly ascending a in canonical form.
func (b *Builder) AppendArray(num uint16, a []uint16) { b.Keep(b.mem.ofArray(num, a)) }

// AppendRuns adds a copy of the ascending, separated runs in canonical form.
func (b *Builder) AppendRuns(num uint16, rs []Run) { b.Keep(b.mem.ofRuns(num, rs)) }

// Bitmap is what has been appended so far. The builder may go on; that of a Buffer
// is done.
func (b *Builder) Bitmap() Bitmap {
	switch {
	case b.in != nil:
		if b.n > 0 {
			b.flush()
		}
	case b.n > 0:
		p := newPage(append(make([]Block, 0, b.n), b.buf[:b.n]...))
		pages := make([]page, len(b.pages)+1)
		copy(pages, b.pages)
		pages[len(b.pages)] = p
		return Bitmap{pages: pages, card: b.card + uint64(p.card)}
	}
	return Bitmap{pages: b.pages[:len(b.pages):len(b.pages)], card: b.card}
}

func (b *Builder) flush() {
	if b.in != nil {
		b.pages = b.in.addPage(b.buf[:b.n])
	} else {
		b.pages = append(b.pages, newPage(append(make([]Block, 0, b.n), b.buf[:b.n]...)))
	}
	b.card += uint64(b.pages[len(b.pages)-1].card)
	b.n = 0
}
