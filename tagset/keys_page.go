package tagset

import (
	"sync/atomic"
	"unsafe"
)

// keyPageLen entries share a page. Pages bound what one append may copy, and
// keep the bytes of the unfinished page, the only slack, small at 10,000 keys.
const keyPageLen = 1024

// keyPageBytes is what a page takes besides the key bytes.
const keyPageBytes = int(unsafe.Sizeof(keyPage{}) + unsafe.Sizeof([keyPageLen]keyEntry{}))

// A keyEntry is one interned key: its ordinal, and where its bytes end in the
// page; they begin where the entry before ends.
type keyEntry struct {
	ord uint32
	end uint32
}

// A keyPage holds keyPageLen entries and their key bytes. While the page
// fills, the bytes move to larger arrays; a reader may meet any of these and
// finds what it is allowed to see in each. Published entries and bytes are
// never written again.
type keyPage struct {
	entries *[keyPageLen]keyEntry
	bytes   atomic.Pointer[byte] // nil: none yet
	room    atomic.Uint32        // length of the array at bytes; for the writer and for statistics
}

// key is the key of entry i, without a copy.
func (p *keyPage) key(i uint32) string {
	start := p.start(i)
	// The array holds end bytes at least: they were copied or written before
	// the entry was published.
	return unsafe.String((*byte)(unsafe.Add(unsafe.Pointer(p.bytes.Load()), start)), p.entries[i].end-start)
}

func (p *keyPage) start(i uint32) uint32 {
	if i == 0 {
		return 0
	}
	return p.entries[i-1].end
}

// append writes entry i, the next one of the page. guess is the number of
// bytes that the page is likely to need in all.
func (p *keyPage) append(i uint32, key string, ord, guess uint32) {
	start := p.start(i)
	end := start + uint32(len(key))
	if room := p.room.Load(); end > room {
		p.resize(start, max(end, guess, room+room/8+64))
	}
	copy(unsafe.Slice(p.bytes.Load(), p.room.Load())[start:end], key)
	p.entries[i] = keyEntry{ord: ord, end: end}
	if room := p.room.Load(); i == keyPageLen-1 && end < room-room/16 {
		p.resize(end, end)
	}
}

// resize moves the first used bytes to an array of room bytes.
func (p *keyPage) resize(used, room uint32) {
	to := make([]byte, room)
	if used > 0 {
		copy(to, unsafe.Slice(p.bytes.Load(), used))
	}
	p.bytes.Store(unsafe.SliceData(to))
	p.room.Store(room)
}

func newKeyPage() *keyPage { return &keyPage{entries: new([keyPageLen]keyEntry)} }

// head copies the first n entries into a page of their own.
func (p *keyPage) head(n uint32) *keyPage {
	q := newKeyPage()
	copy(q.entries[:n], p.entries[:n])
	used := p.entries[n-1].end
	to := make([]byte, used)
	copy(to, unsafe.Slice(p.bytes.Load(), used))
	q.bytes.Store(unsafe.SliceData(to))
	q.room.Store(used)
	return q
}
