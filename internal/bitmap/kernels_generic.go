package bitmap

import "math/bits"

// Kernels in plain Go. They are unrolled by eight: on GOAMD64=v1 every
// bits.OnesCount64 tests for the POPCNT instruction, and the unrolled body lets
// those tests and the bounds check be predicted and overlapped.

func andGeneric(d, a, b *Words) {
	for i := 0; i < wordsLen; i += 8 {
		p, q, r := (*[8]uint64)(d[i:]), (*[8]uint64)(a[i:]), (*[8]uint64)(b[i:])
		p[0] = q[0] & r[0]
		p[1] = q[1] & r[1]
		p[2] = q[2] & r[2]
		p[3] = q[3] & r[3]
		p[4] = q[4] & r[4]
		p[5] = q[5] & r[5]
		p[6] = q[6] & r[6]
		p[7] = q[7] & r[7]
	}
}

func orGeneric(d, a, b *Words) {
	for i := 0; i < wordsLen; i += 8 {
		p, q, r := (*[8]uint64)(d[i:]), (*[8]uint64)(a[i:]), (*[8]uint64)(b[i:])
		p[0] = q[0] | r[0]
		p[1] = q[1] | r[1]
		p[2] = q[2] | r[2]
		p[3] = q[3] | r[3]
		p[4] = q[4] | r[4]
		p[5] = q[5] | r[5]
		p[6] = q[6] | r[6]
		p[7] = q[7] | r[7]
	}
}

func andNotGeneric(d, a, b *Words) {
	for i := 0; i < wordsLen; i += 8 {
		p, q, r := (*[8]uint64)(d[i:]), (*[8]uint64)(a[i:]), (*[8]uint64)(b[i:])
		p[0] = q[0] &^ r[0]
		p[1] = q[1] &^ r[1]
		p[2] = q[2] &^ r[2]
		p[3] = q[3] &^ r[3]
		p[4] = q[4] &^ r[4]
		p[5] = q[5] &^ r[5]
		p[6] = q[6] &^ r[6]
		p[7] = q[7] &^ r[7]
	}
}

func xorGeneric(d, a, b *Words) {
	for i := 0; i < wordsLen; i += 8 {
		p, q, r := (*[8]uint64)(d[i:]), (*[8]uint64)(a[i:]), (*[8]uint64)(b[i:])
		p[0] = q[0] ^ r[0]
		p[1] = q[1] ^ r[1]
		p[2] = q[2] ^ r[2]
		p[3] = q[3] ^ r[3]
		p[4] = q[4] ^ r[4]
		p[5] = q[5] ^ r[5]
		p[6] = q[6] ^ r[6]
		p[7] = q[7] ^ r[7]
	}
}

func countWordsGeneric(s []uint64) int {
	n := 0
	for len(s) >= 8 {
		p := (*[8]uint64)(s)
		n += bits.OnesCount64(p[0]) + bits.OnesCount64(p[1]) + bits.OnesCount64(p[2]) + bits.OnesCount64(p[3]) +
			bits.OnesCount64(p[4]) + bits.OnesCount64(p[5]) + bits.OnesCount64(p[6]) + bits.OnesCount64(p[7])
		s = s[8:]
	}
	for _, x := range s {
		n += bits.OnesCount64(x)
	}
	return n
}

// countRunsGeneric counts the places where a bit differs from the one before it:
// two for each run, but one for a run that lasts to the end.
func countRunsGeneric(w *Words) (card, runs int) {
	before := uint64(0) // the last bit of the word before, as bit 0
	for i := 0; i < wordsLen; i += 8 {
		p := (*[8]uint64)(w[i:])
		x0, x1, x2, x3 := p[0], p[1], p[2], p[3]
		card += bits.OnesCount64(x0) + bits.OnesCount64(x1) + bits.OnesCount64(x2) + bits.OnesCount64(x3)
		runs += bits.OnesCount64(x0^(x0<<1|before)) + bits.OnesCount64(x1^(x1<<1|x0>>63)) +
			bits.OnesCount64(x2^(x2<<1|x1>>63)) + bits.OnesCount64(x3^(x3<<1|x2>>63))
		x4, x5, x6, x7 := p[4], p[5], p[6], p[7]
		card += bits.OnesCount64(x4) + bits.OnesCount64(x5) + bits.OnesCount64(x6) + bits.OnesCount64(x7)
		runs += bits.OnesCount64(x4^(x4<<1|x3>>63)) + bits.OnesCount64(x5^(x5<<1|x4>>63)) +
			bits.OnesCount64(x6^(x6<<1|x5>>63)) + bits.OnesCount64(x7^(x7<<1|x6>>63))
		before = x7 >> 63
	}
	return card, (runs + int(before)) / 2
}

func andCountGeneric(a, b *Words) int {
	n := 0
	for i := 0; i < wordsLen; i += 8 {
		p, q := (*[8]uint64)(a[i:]), (*[8]uint64)(b[i:])
		n += bits.OnesCount64(p[0]&q[0]) + bits.OnesCount64(p[1]&q[1]) + bits.OnesCount64(p[2]&q[2]) + bits.OnesCount64(p[3]&q[3]) +
			bits.OnesCount64(p[4]&q[4]) + bits.OnesCount64(p[5]&q[5]) + bits.OnesCount64(p[6]&q[6]) + bits.OnesCount64(p[7]&q[7])
	}
	return n
}

func andNotCountGeneric(a, b *Words) int {
	n := 0
	for i := 0; i < wordsLen; i += 8 {
		p, q := (*[8]uint64)(a[i:]), (*[8]uint64)(b[i:])
		n += bits.OnesCount64(p[0]&^q[0]) + bits.OnesCount64(p[1]&^q[1]) + bits.OnesCount64(p[2]&^q[2]) + bits.OnesCount64(p[3]&^q[3]) +
			bits.OnesCount64(p[4]&^q[4]) + bits.OnesCount64(p[5]&^q[5]) + bits.OnesCount64(p[6]&^q[6]) + bits.OnesCount64(p[7]&^q[7])
	}
	return n
}

func orCountGeneric(a, b *Words) int {
	n := 0
	for i := 0; i < wordsLen; i += 8 {
		p, q := (*[8]uint64)(a[i:]), (*[8]uint64)(b[i:])
		n += bits.OnesCount64(p[0]|q[0]) + bits.OnesCount64(p[1]|q[1]) + bits.OnesCount64(p[2]|q[2]) + bits.OnesCount64(p[3]|q[3]) +
			bits.OnesCount64(p[4]|q[4]) + bits.OnesCount64(p[5]|q[5]) + bits.OnesCount64(p[6]|q[6]) + bits.OnesCount64(p[7]|q[7])
	}
	return n
}

// decodeGeneric is the plain loop: taking bits in unconditional groups of four was
// 1.5 times slower on sparse words and no faster on dense ones.
func decodeGeneric(dst []uint32, s []uint64, base uint32) int {
	n := 0
	for _, x := range s {
		for ; x != 0; x &= x - 1 {
			dst[n] = base + uint32(bits.TrailingZeros64(x))
			n++
		}
		base += 64
	}
	return n
}

func decodeSomeGeneric(dst []uint32, s []uint64, base uint32) (n, done int) {
	for done < len(s) && n+64 <= len(dst) {
		n += decodeGeneric(dst[n:], s[done:done+1], base+uint32(done)<<6)
		done++
	}
	return n, done
}

func decodeLowGeneric(dst []uint16, s []uint64, base uint16) int {
	n := 0
	for _, x := range s {
		for x != 0 {
			dst[n] = base + uint16(bits.TrailingZeros64(x))
			n++
			x &= x - 1
		}
		base += 64
	}
	return n
}
