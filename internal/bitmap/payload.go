package bitmap

import (
	"encoding/binary"
	"unsafe"
)

// Payloads between memory and the portable format. Where memory is little-endian,
// arrays and bits are copied as they lie; elsewhere value by value, by the twins
// whose names end in Generic, which tests hold against these.

// putArray writes a to p, of two bytes a value.
func putArray(p []byte, a []uint16) {
	if littleEndian {
		copy(p, unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(a))), 2*len(a)))
		return
	}
	putArrayGeneric(p, a)
}

func putArrayGeneric(p []byte, a []uint16) {
	p = p[:2*len(a)]
	for i, v := range a {
		binary.LittleEndian.PutUint16(p[2*i:], v)
	}
}

// putWords writes w to p.
func putWords(p []byte, w *Words) {
	if littleEndian {
		copy(p, (*[portableBits]byte)(unsafe.Pointer(w))[:])
		return
	}
	putWordsGeneric(p, w)
}

func putWordsGeneric(p []byte, w *Words) {
	p = p[:portableBits]
	for i, x := range w {
		binary.LittleEndian.PutUint64(p[8*i:], x)
	}
}

// putRuns writes rs to p, of four bytes a run.
func putRuns(p []byte, rs []Run) {
	p = p[:4*len(rs)]
	for i, r := range rs {
		binary.LittleEndian.PutUint32(p[4*i:], uint32(r.Start)|uint32(r.Last-r.Start)<<16)
	}
}

// loadRuns reads rs from p, of four bytes a run, and returns how many members they
// have, or −1 if they are not ascending and separated: what is in rs then has no
// meaning. p may be the memory of rs.
func loadRuns(rs []Run, p []byte) int {
	p = p[:4*len(rs)]
	n, more, ok := wordsLoadRuns(rs, p)
	if !ok {
		return -1
	}
	before := -2
	if n > 0 {
		before = int(rs[n-1].Last)
	}
	rest := loadRunsGeneric(rs[n:], p[4*n:], before)
	if rest < 0 {
		return -1
	}
	return n + more + rest
}

// loadRunsGeneric is loadRuns after a run that ends at before.
func loadRunsGeneric(rs []Run, p []byte, before int) int {
	sum, wrong := len(rs), 0 // wrong gets negative
	for i := range rs {
		x := binary.LittleEndian.Uint32(p[4*i:])
		start, more := int(x&0xffff), int(x>>16)
		last := start + more
		wrong |= (start - before - 2) | (BlockSize - 1 - last)
		sum += more
		rs[i] = Run{uint16(start), uint16(last)}
		before = last
	}
	if wrong < 0 {
		return -1
	}
	return sum
}

// loadArray reads a from p, of two bytes a value.
func loadArray(a []uint16, p []byte) {
	if littleEndian {
		copy(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(a))), 2*len(a)), p)
		return
	}
	loadArrayGeneric(a, p)
}

func loadArrayGeneric(a []uint16, p []byte) {
	p = p[:2*len(a)]
	for i := range a {
		a[i] = binary.LittleEndian.Uint16(p[2*i:])
	}
}

// newWords is a copy of the words in p. Growing a nil slice of bytes spares the
// zeroing that new(Words) would do first; the allocator aligns 8 KiB by far more
// than a word needs, which is looked at all the same.
func newWords(p []byte) *Words {
	p = p[:portableBits]
	if littleEndian {
		own := unsafe.Pointer(unsafe.SliceData(append([]byte(nil), p...)))
		if uintptr(own)%unsafe.Alignof(Words{}) == 0 {
			return (*Words)(own)
		}
	}
	return newWordsGeneric(p)
}

func newWordsGeneric(p []byte) *Words {
	w := new(Words)
	for i := range w {
		w[i] = binary.LittleEndian.Uint64(p[8*i:])
	}
	return w
}

// loadWordsGeneric sets d to the words in p, and counts.
func loadWordsGeneric(d *Words, p []byte) (card, runs int) {
	for i := range d {
		d[i] = binary.LittleEndian.Uint64(p[8*i:])
	}
	return countRunsGeneric(d)
}

// ascendsGeneric is the twin of the kernel ascends, which tells whether the values in
// p, of two bytes each and at least one, ascend strictly, and if so in how many runs.
// It takes four neighbours at a time:
//
//	gap = y − x − 1, in four lanes of 16 bits
//
// by subtractions of 64 bits. If the values ascend, no lane borrows from the next,
// so every gap is right. If not, the lowest wrong lane has a right gap, below 0,
// and shows it: by the top bits of x and y if they differ, by that of the gap if not.
func ascendsGeneric(p []byte) (runs int, ok bool) {
	const (
		ones = 0x0001_0001_0001_0001
		tops = 0x8000_8000_8000_8000
	)
	le := binary.LittleEndian
	var below, apart uint64 // by lane: a top bit if any gap is below 0; gaps that are not 0
	q := p
	for ; len(q) >= 34; q = q[32:] {
		v := (*[34]byte)(q)
		x, y := le.Uint64(v[0:]), le.Uint64(v[2:])
		gap := y - x - ones
		below |= gap ^ (x^y)&(gap^x)
		apart += (gap&^tops + ^uint64(tops) | gap) & tops >> 15
		x, y = le.Uint64(v[8:]), le.Uint64(v[10:])
		gap = y - x - ones
		below |= gap ^ (x^y)&(gap^x)
		apart += (gap&^tops + ^uint64(tops) | gap) & tops >> 15
		x, y = le.Uint64(v[16:]), le.Uint64(v[18:])
		gap = y - x - ones
		below |= gap ^ (x^y)&(gap^x)
		apart += (gap&^tops + ^uint64(tops) | gap) & tops >> 15
		x, y = le.Uint64(v[24:]), le.Uint64(v[26:])
		gap = y - x - ones
		below |= gap ^ (x^y)&(gap^x)
		apart += (gap&^tops + ^uint64(tops) | gap) & tops >> 15
	}
	// At most 2^16 values: no lane of apart overflows.
	runs = 1 + int(apart&0xffff+apart>>16&0xffff+apart>>32&0xffff+apart>>48)
	rest := 0
	before := int(le.Uint16(q))
	for q = q[2:]; len(q) >= 2; q = q[2:] {
		v := int(le.Uint16(q))
		gap := v - before - 1
		rest |= gap
		runs += b2i(gap != 0)
		before = v
	}
	return runs, below&tops == 0 && rest >= 0
}
