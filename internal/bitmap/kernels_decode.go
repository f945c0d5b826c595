package bitmap

import (
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// Bits of few members to values, for the portable format, where there is no kernel
// for it. A loop over the bits of a word spends most of its time on mispredicting its
// end. Here every word writes as many values as it will hardly exceed, right or wrong;
// the next word overwrites those past its members.

// putLow writes the low halves of w's members, card and at most portableArray, to p
// in the portable format. What is in p past them is overwritten: the more room there
// is, the fewer of the last ones go one by one. s.v is overwritten.
func (s *scratch) putLow(p []byte, w *Words, card int) {
	if !lowKernel() {
		putArray(p, decodeLowTo(s.long(), w, card))
		return
	}
	n, words := wordsPutLow(p, w)
	for i, x := range w[words:] {
		for ; x != 0; x &= x - 1 {
			binary.LittleEndian.PutUint16(p[2*n:], uint16((words+i)<<6+bits.TrailingZeros64(x)))
			n++
		}
	}
}

// putWordRuns writes the n ≤ maxPutRuns runs of w to p, of four bytes a run. Where there
// is a kernel, the first and the last members of runs are decoded like others, and
// jumping from run to run is for few. s.w, s.a and s.r are overwritten.
func (s *scratch) putWordRuns(p []byte, w *Words, n int) {
	p = p[:4*n]
	if !lowKernel() || n < runsJumped {
		s.r = appendWordRuns(s.r[:0], w)
		putRuns(p, s.r)
		return
	}
	before := uint64(0)
	for i, x := range w {
		s.w[i] = x &^ (x<<1 | before)
		before = x >> 63
	}
	starts := s.a[:n]
	DecodeLow(starts, &s.w)
	for i := range wordsLen - 1 {
		s.w[i] = w[i] &^ (w[i]>>1 | w[i+1]<<63)
	}
	s.w[wordsLen-1] = w[wordsLen-1] &^ (w[wordsLen-1] >> 1)
	lasts := p[2*n:] // overwritten by runs behind the one that is read
	s.putLow(lasts, &s.w, n)
	for i, start := range starts {
		last := binary.LittleEndian.Uint16(lasts[2*i:])
		binary.LittleEndian.PutUint32(p[4*i:], uint32(start)|uint32(last-start)<<16)
	}
}

const (
	// maxPutRuns is how many runs the portable format has at most in the place of bits.
	maxPutRuns = (portableBits - 2) / 4
	// runsJumped is the number of runs from which putWordRuns decodes, measured.
	runsJumped = 400
)

// decodeStep is how many words are decoded between checks of the place in lowBuf.
const decodeStep = 64

// lowBuf is room for an array of the portable format and what is written past it,
// even if it got longer.
type lowBuf [portableArray + 64*decodeStep + 8]uint16

// decodeLowTo is DecodeLow for at most portableArray members: card.
func decodeLowTo(dst *lowBuf, w *Words, card int) []uint16 {
	step := decodeBy6
	switch { // measured on random members
	case card < 1920:
		step = decodeBy4
	case card < 3200:
		step = decodeBy5
	}
	dst[0] = touch(w)
	n := 0
	for i := 0; i < wordsLen; i += decodeStep {
		p := unsafe.Pointer(&dst[n&(portableArray-1)])
		end := step(p, (*[decodeStep]uint64)(w[i:]), uint16(i<<6))
		n += int(uintptr(end)-uintptr(p)) / 2
	}
	return dst[:card]
}

// touch reads a word of every line of the cache, so that those that lie in memory
// come side by side and not each when its turn has come. The result has no meaning.
func touch(w *Words) uint16 {
	var x, y uint64
	for i := 0; i < wordsLen; i += 16 {
		p := (*[16]uint64)(w[i:])
		x |= p[0]
		y |= p[8]
	}
	return uint16(x | y)
}

// decodeBy4 writes the members of w, base added, to p, four at once, and returns
// where they end.
func decodeBy4(p unsafe.Pointer, w *[decodeStep]uint64, base uint16) unsafe.Pointer {
	for _, x := range w[:] {
		d := (*[64]uint16)(p)
		p = unsafe.Add(p, 2*bits.OnesCount64(x))
		d[0] = base + lowest(x)
		x &= x - 1
		d[1] = base + lowest(x)
		x &= x - 1
		d[2] = base + lowest(x)
		x &= x - 1
		d[3] = base + lowest(x)
		x &= x - 1
		for i := 4; x != 0; i++ {
			d[i&63] = base + lowest(x)
			x &= x - 1
		}
		base += 64
	}
	return p
}

func decodeBy5(p unsafe.Pointer, w *[decodeStep]uint64, base uint16) unsafe.Pointer {
	for _, x := range w[:] {
		d := (*[64]uint16)(p)
		p = unsafe.Add(p, 2*bits.OnesCount64(x))
		d[0] = base + lowest(x)
		x &= x - 1
		d[1] = base + lowest(x)
		x &= x - 1
		d[2] = base + lowest(x)
		x &= x - 1
		d[3] = base + lowest(x)
		x &= x - 1
		d[4] = base + lowest(x)
		x &= x - 1
		for i := 5; x != 0; i++ {
			d[i&63] = base + lowest(x)
			x &= x - 1
		}
		base += 64
	}
	return p
}

func decodeBy6(p unsafe.Pointer, w *[decodeStep]uint64, base uint16) unsafe.Pointer {
	for _, x := range w[:] {
		d := (*[64]uint16)(p)
		p = unsafe.Add(p, 2*bits.OnesCount64(x))
		d[0] = base + lowest(x)
		x &= x - 1
		d[1] = base + lowest(x)
		x &= x - 1
		d[2] = base + lowest(x)
		x &= x - 1
		d[3] = base + lowest(x)
		x &= x - 1
		d[4] = base + lowest(x)
		x &= x - 1
		d[5] = base + lowest(x)
		x &= x - 1
		for i := 6; x != 0; i++ {
			d[i&63] = base + lowest(x)
			x &= x - 1
		}
		base += 64
	}
	return p
}
