package bitmap

import (
	"encoding/binary"
	"math/bits"
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

// ascends tells whether the values in p, of two bytes each and at least one,
// ascend strictly, and if so in how many runs. It takes four neighbours at a time:
//
//	gap = y − x − 1, in four lanes of 16 bits
//
// by two subtractions of 64 bits. If the values ascend, no lane borrows from the
// next, so every gap is right; if not, the lowest wrong lane borrows exactly one,
// and the lane above, or the subtraction, shows it.
func ascends(p []byte) (runs int, ok bool) {
	const (
		ones  = 0x0001_0001_0001_0001
		above = 0x0001_0001_0001_0000 // where the upper three lanes begin
		top   = 0x8000_8000_8000_8000
	)
	le := binary.LittleEndian
	var borrowed uint64
	straight := ^uint64(0) // a bit is 1 as long as nothing was borrowed from it
	var apart uint64       // by lane, gaps that are not 0: below 2^14 each
	at := 0
	for q := p; len(q) >= 10; q = q[8:] {
		x, y := le.Uint64(q), le.Uint64(q[2:])
		d, b := bits.Sub64(y, x, 0)
		gap, c := bits.Sub64(d, ones, 0)
		borrowed |= b | c
		straight &= x ^ y ^ gap
		apart += (gap&^top + ^uint64(top) | gap) & top >> 15
		at += 8
	}
	runs = 1 + int(apart&0xffff+apart>>16&0xffff+apart>>32&0xffff+apart>>48)
	below := 0
	before := int(le.Uint16(p[at:]))
	for at += 2; at < len(p); at += 2 {
		v := int(le.Uint16(p[at:]))
		gap := v - before - 1
		below |= gap
		runs += b2i(gap != 0)
		before = v
	}
	return runs, borrowed == 0 && straight&above == above && below >= 0
}
