package population

import (
	"math/bits"
	"math/rand/v2"
)

// placeRandom sets exactly want of the first n bits, each as likely as another. Dense tags are drawn a word at a time: the
// binary digits of the density are folded, lowest first, into random words by OR (digit 1) and AND (digit 0), which leaves each bit
// set with that probability to 16 digits; a short correction then makes the number exact.
func placeRandom(w []uint64, n, want int, r *rand.Rand) {
	have := 0
	if want > n/64 {
		p := uint32(uint64(want) << 16 / uint64(n))
		for i := range w {
			var x uint64
			for d := p; d != 0; d >>= 1 {
				if d&1 != 0 {
					x |= r.Uint64()
				} else {
					x &= r.Uint64()
				}
			}
			// Digits above the highest one are zeros and still halve the probability.
			for k := bits.Len32(p); k < 16 && x != 0; k++ {
				x &= r.Uint64()
			}
			w[i] = x
		}
		trim(w, n)
		have = count(w)
	}
	for ; have < want; have++ {
		for !flip(w, r.IntN(n), true) {
		}
	}
	for ; have > want; have-- {
		for !flip(w, r.IntN(n), false) {
		}
	}
}

// placeRuns sets exactly want of the first n bits in runs whose lengths, and the gaps between them, are exponential.
func placeRuns(w []uint64, n, want, mean int, r *rand.Rand) {
	gap := float64(mean) * float64(n-want) / float64(want)
	have := 0
	for at := int(r.ExpFloat64() * gap); have < want; {
		if at >= n {
			at = int(r.ExpFloat64() * gap) // too few in the first pass: go round again, the runs may meet
		}
		length := 1 + int(r.ExpFloat64()*float64(mean))
		for end := min(at+length, n); at < end && have < want; at++ {
			if flip(w, at, true) {
				have++
			}
		}
		at += 1 + int(r.ExpFloat64()*gap)
	}
}

// flip gives bit i the value to and tells whether it had the other.
func flip(w []uint64, i int, to bool) bool {
	bit := uint64(1) << (i & 63)
	if w[i>>6]&bit != 0 == to {
		return false
	}
	w[i>>6] ^= bit
	return true
}

func trim(w []uint64, n int) {
	if n&63 != 0 {
		w[len(w)-1] &= 1<<(n&63) - 1
	}
}

func count(w []uint64) (c int) {
	for _, x := range w {
		c += bits.OnesCount64(x)
	}
	return c
}
