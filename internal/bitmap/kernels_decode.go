package bitmap

import (
	"math/bits"
	"unsafe"
)

// Bits of few members to values, for the portable format. A loop over the bits of
// a word spends most of its time on mispredicting its end. Here every word writes
// as many values as it will hardly exceed, right or wrong; the next word overwrites
// those past its members.

// decodeStep is how many words are decoded between checks of the place in lowBuf.
const decodeStep = 64

// lowBuf is room for an array of the portable format and what is written past it,
// even if it got longer.
type lowBuf [portableArray + 64*decodeStep + 8]uint16

// decodeLowTo is DecodeLow for at most portableArray members: card.
func decodeLowTo(dst *lowBuf, w *Words, card int) []uint16 {
	step := decodeBy6
	switch { // measured on random members: 1.8 to 2.9 times as fast as DecodeLow
	case card < 1536:
		step = decodeBy3
	case card < 2688:
		step = decodeBy4
	}
	n := 0
	for i := 0; i < wordsLen; i += decodeStep {
		p := unsafe.Pointer(&dst[n&(portableArray-1)])
		end := step(p, (*[decodeStep]uint64)(w[i:]), uint16(i<<6))
		n += int(uintptr(end)-uintptr(p)) / 2
	}
	return dst[:card]
}

// decodeBy3 writes the members of w, base added, to p, three at once, and returns
// where they end.
func decodeBy3(p unsafe.Pointer, w *[decodeStep]uint64, base uint16) unsafe.Pointer {
	for _, x := range w[:] {
		d := (*[64]uint16)(p)
		p = unsafe.Add(p, 2*bits.OnesCount64(x))
		d[0] = base + uint16(bits.TrailingZeros64(x))
		x &= x - 1
		d[1] = base + uint16(bits.TrailingZeros64(x))
		x &= x - 1
		d[2] = base + uint16(bits.TrailingZeros64(x))
		x &= x - 1
		for i := 3; x != 0; i++ {
			d[i&63] = base + uint16(bits.TrailingZeros64(x))
			x &= x - 1
		}
		base += 64
	}
	return p
}

func decodeBy4(p unsafe.Pointer, w *[decodeStep]uint64, base uint16) unsafe.Pointer {
	for _, x := range w[:] {
		d := (*[64]uint16)(p)
		p = unsafe.Add(p, 2*bits.OnesCount64(x))
		d[0] = base + uint16(bits.TrailingZeros64(x))
		x &= x - 1
		d[1] = base + uint16(bits.TrailingZeros64(x))
		x &= x - 1
		d[2] = base + uint16(bits.TrailingZeros64(x))
		x &= x - 1
		d[3] = base + uint16(bits.TrailingZeros64(x))
		x &= x - 1
		for i := 4; x != 0; i++ {
			d[i&63] = base + uint16(bits.TrailingZeros64(x))
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
		d[0] = base + uint16(bits.TrailingZeros64(x))
		x &= x - 1
		d[1] = base + uint16(bits.TrailingZeros64(x))
		x &= x - 1
		d[2] = base + uint16(bits.TrailingZeros64(x))
		x &= x - 1
		d[3] = base + uint16(bits.TrailingZeros64(x))
		x &= x - 1
		d[4] = base + uint16(bits.TrailingZeros64(x))
		x &= x - 1
		d[5] = base + uint16(bits.TrailingZeros64(x))
		x &= x - 1
		for i := 6; x != 0; i++ {
			d[i&63] = base + uint16(bits.TrailingZeros64(x))
			x &= x - 1
		}
		base += 64
	}
	return p
}
