package bitmap

import "math/bits"

// Arrays and runs into the bits of a block.

// setArrayGeneric walks the four quarters of a side by side: neighbours often share
// a word, and setting a bit in the word just written has to wait for that write. A
// rotation takes its distance as it is, and leaves the word in memory to the OR; a
// shift becomes a load, a bit set and a store.
func setArrayGeneric(w *Words, a []uint16) {
	h := len(a) / 4
	a0, a1, a2, a3 := a[:h], a[h:][:h], a[2*h:][:h], a[3*h:][:h]
	for i, x := range a0 {
		w[x>>6] |= bits.RotateLeft64(1, int(x))
		x = a1[i]
		w[x>>6] |= bits.RotateLeft64(1, int(x))
		x = a2[i]
		w[x>>6] |= bits.RotateLeft64(1, int(x))
		x = a3[i]
		w[x>>6] |= bits.RotateLeft64(1, int(x))
	}
	for _, x := range a[4*h:] {
		w[x>>6] |= bits.RotateLeft64(1, int(x))
	}
}

func dropArrayGeneric(w *Words, a []uint16) {
	for _, v := range a {
		w[v>>6] &^= 1 << (v & 63)
	}
}

func setRunsGeneric(w *Words, rs []Run) {
	for _, r := range rs {
		setRange(w, r.Start, r.Last)
	}
}

func dropRunsGeneric(w *Words, rs []Run) {
	for _, r := range rs {
		clearRange(w, r.Start, r.Last)
	}
}
