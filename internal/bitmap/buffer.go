package bitmap

// A Buffer is memory for one bitmap at a time, used again for the next: payloads lie
// in arenas, headers in pages of their own. Once it has held as much before, it takes
// no memory for another. The zero Buffer is ready. It belongs to one goroutine; several
// may make the blocks of its bitmap, each in an arena of its own.
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
// any payload (see Reader).
type Buffer struct {
	pages []page // all of the capacity are loose
	rooms []*[pageSize]Block
	used  int   // of rooms
	mem   Arena // the builder's
	more  []*Arena
	found []Block // see Found
}

// Builder makes a bitmap in u, whose former one ends with this call. A nil Buffer is
// fresh memory for every bitmap.
func (u *Buffer) Builder() Builder {
	if u != nil {
		u.clear()
	}
	return Builder{in: u, mem: u.arena()}
}

// arena is the builder's.
func (u *Buffer) arena() *Arena {
	if u == nil {
		return nil
	}
	return &u.mem
}

// Arenas are n more arenas, for blocks that others make for the builder at hand and
// hand over with [Builder.Keep]; of a nil Buffer they are nil.
func (u *Buffer) Arenas(n int) []*Arena {
	if u == nil {
		return make([]*Arena, n)
	}
	for len(u.more) < n {
		u.more = append(u.more, new(Arena))
	}
	return u.more[:n]
}

// Found is room for n blocks, all empty, until the builder has taken them.
func (u *Buffer) Found(n int) []Block {
	if u == nil {
		return make([]Block, n)
	}
	if cap(u.found) < n {
		u.found = make([]Block, n)
	}
	u.found = u.found[:n]
	clear(u.found)
	return u.found
}

// clear takes the headers of all payloads away.
func (u *Buffer) clear() {
	for i := range u.pages {
		u.pages[i] = page{loose: true}
	}
	for _, r := range u.rooms[:u.used] {
		*r = [pageSize]Block{}
	}
	u.pages, u.used = u.pages[:0], 0
	u.mem.slab, u.mem.at = 0, 0
	for _, a := range u.more {
		a.slab, a.at = 0, 0
	}
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
