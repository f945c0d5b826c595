package bitmap

import "math/bits"

// Sums of weights, one for each member of a block.

// Sums are counters modulo 2^16: 128 KiB.
type Sums [BlockSize]uint16

func addBothGeneric(d *Sums, a, b *Words, x uint16) {
	for i, w := range a {
		part := (*[64]uint16)(d[i<<6:])
		for w &= b[i]; w != 0; w &= w - 1 {
			part[bits.TrailingZeros64(w)&63] += x
		}
	}
}

func addWhereGeneric(sums []int64, a []uint16, w *Words, x int64) {
	sums = sums[:len(a)]
	for i, v := range a {
		sums[i] += x & -int64(w[v>>6]>>(v&63)&1)
	}
}
