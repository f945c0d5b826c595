package column

// transpose turns a matrix of bits, w by w in each of 64/w lanes: afterwards bit i
// of lane l of a[j] is what bit j of lane l of a[i] was. w, the number of words, is
// 8, 16, 32 or 64. (Warren, Hacker's Delight, 7-3: exchange the off-diagonal
// quarters, then do so in each quarter. Lanes only add to what a word carries.)
func transpose(a []uint64) {
	mask := ^uint64(0) // the lower half of each 2·j bits
	for j := 32; j >= len(a); j >>= 1 {
		mask ^= mask << j
	}
	for j := len(a) / 2; j > 0; j >>= 1 {
		mask ^= mask << j
		for k := 0; k < len(a); k += 2 * j {
			lo, hi := a[k:][:j], a[k+j:][:j]
			for i, x := range lo {
				t := (x>>j ^ hi[i]) & mask
				lo[i] = x ^ t<<j
				hi[i] ^= t
			}
		}
	}
}
