package bitmap

import "unsafe"

// An Arena is where a [Buffer] keeps payloads: they lie one after the other in slabs,
// which are used again from the beginning when the Buffer is. It belongs to one
// goroutine. A nil Arena is fresh memory.
type Arena struct {
	slabs [][]Words
	slab  int // the slab being filled
	at    int // bytes of it in use
}

const (
	firstSlab = 4   // Words: 32 KiB
	lastSlab  = 128 // Words: 1 MiB
	line      = 64  // payloads begin at lines of the cache
)

// take is room for n ≤ 8 KiB, with anything in it.
func (u *Arena) take(n int) unsafe.Pointer {
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
func (u *Arena) array(n int) []uint16 {
	if u == nil {
		return make([]uint16, n)
	}
	return unsafe.Slice((*uint16)(u.take(2*n)), n)
}

// runs is room for n > 0 runs.
func (u *Arena) runs(n int) []Run {
	if u == nil {
		return make([]Run, n)
	}
	return unsafe.Slice((*Run)(u.take(4*n)), n)
}

// words is a copy of w.
func (u *Arena) words(w *Words) *Words {
	if u == nil {
		return cloneWords(w)
	}
	own := (*Words)(u.take(8 * wordsLen))
	*own = *w
	return own
}

// none is bits without members.
func (u *Arena) none() *Words {
	if u == nil {
		return new(Words)
	}
	own := (*Words)(u.take(8 * wordsLen))
	*own = Words{}
	return own
}

// loosen marks a block over a payload of u.
func (u *Arena) loosen(b Block) Block {
	b.loose = u != nil
	return b
}
