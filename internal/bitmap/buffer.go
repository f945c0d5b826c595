package bitmap

import "unsafe"

// A Buffer is memory for one bitmap at a time, used again for the next: payloads lie
// one after the other in slabs, headers in pages of their own. Once it has held as
// much before, it takes no memory for another. The zero Buffer is ready. It belongs
// to one goroutine.
//
// A bitmap made into a Buffer is as good as any other until [Buffer.Builder] is
// called again. It differs in that its payloads will be overwritten: its blocks and
// pages are loose, and whatever would share them with another bitmap copies them
// instead (Builder.Append, [Bitmap.Owned]). Blocks of other bitmaps that it shares are
// not loose and stay what they are.
//
// # Afterwards
//
// Who goes on asking a bitmap whose Buffer has been used again gets wrong answers,
// and nothing worse, because a header never speaks of a payload that it was not made
// for: before the memory is given out again, all pages and headers are cleared, where
// they lie, so that old bitmaps are empty but for their length; and what is written
// afterwards is whole again, and shows in them as far as their page table reaches.
// So within one goroutine nothing reads past a payload. (Doing so from another
// goroutine while the Buffer is being used is a data race, as it is for any memory.)
// What holds a copy of a header while others may run, as iterators do, must take
// any payload (see Block.decode).
type Buffer struct {
	pages []page // all of the capacity are loose
	rooms []*[pageSize]Block
	used  int // of rooms
	slabs [][]Words
	slab  int // the slab being filled
	at    int // bytes of it in use
}

// Builder makes a bitmap in u, whose former one ends with this call. A nil Buffer is
// fresh memory for every bitmap.
func (u *Buffer) Builder() Builder {
	if u != nil {
		u.clear()
	}
	return Builder{in: u}
}

// clear takes the headers of all payloads away.
func (u *Buffer) clear() {
	for i := range u.pages {
		u.pages[i] = page{loose: true}
	}
	for _, r := range u.rooms[:u.used] {
		*r = [pageSize]Block{}
	}
	u.pages, u.used, u.slab, u.at = u.pages[:0], 0, 0, 0
}

// addPage adds a page of a copy of blocks and returns all pages.
func (u *Buffer) addPage(blocks []Block) []page {
	if u.used == len(u.rooms) {
		u.rooms = append(u.rooms, new([pageSize]Block))
	}
	room := u.rooms[u.used]
	u.used++
	p := newPage(room[:copy(room[:], blocks)])
	p.loose = true
	if len(u.pages) == cap(u.pages) {
		old := u.pages
		u.pages = append(make([]page, 0, 2*len(old)+4), old...)
		for i := range old { // nothing clears it when the rooms are used again
			old[i] = page{loose: true}
		}
	}
	u.pages = append(u.pages, p)
	return u.pages
}

const (
	firstSlab = 4   // Words: 32 KiB
	lastSlab  = 128 // Words: 1 MiB
	line      = 64  // payloads begin at lines of the cache
)

// take is room for n ≤ 8 KiB, with anything in it.
func (u *Buffer) take(n int) unsafe.Pointer {
	n = (n + line - 1) &^ (line - 1)
	for u.slab < len(u.slabs) && u.at+n > len(u.slabs[u.slab])*8*wordsLen {
		u.slab, u.at = u.slab+1, 0
	}
	if u.slab == len(u.slabs) {
		size := firstSlab
		if u.slab > 0 {
			size = min(2*len(u.slabs[u.slab-1]), lastSlab)
		}
		u.slabs = append(u.slabs, make([]Words, size))
	}
	p := unsafe.Add(unsafe.Pointer(&u.slabs[u.slab][0]), u.at)
	u.at += n
	return p
}

// Payloads of u, or of fresh memory if u is nil.

// array is room for n > 0 values.
func (u *Buffer) array(n int) []uint16 {
	if u == nil {
		return make([]uint16, n)
	}
	return unsafe.Slice((*uint16)(u.take(2*n)), n)
}

// runs is room for n > 0 runs.
func (u *Buffer) runs(n int) []Run {
	if u == nil {
		return make([]Run, n)
	}
	return unsafe.Slice((*Run)(u.take(4*n)), n)
}

// words is a copy of w.
func (u *Buffer) words(w *Words) *Words {
	if u == nil {
		return cloneWords(w)
	}
	own := (*Words)(u.take(8 * wordsLen))
	*own = *w
	return own
}

// none is bits without members.
func (u *Buffer) none() *Words {
	if u == nil {
		return new(Words)
	}
	own := (*Words)(u.take(8 * wordsLen))
	*own = Words{}
	return own
}

// loosen marks a block over a payload of u.
func (u *Buffer) loosen(b Block) Block {
	b.loose = u != nil
	return b
}
