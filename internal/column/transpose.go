package column

// transpose turns a matrix of bits, w by w in each of 64/w lanes: afterwards bit i
// of lane l of a[j] is what bit j of lane l of a[i] was, for i and j below w, which
// is 8, 16 or 32. (Warren, Hacker's Delight, 7-3: exchange the off-diagonal
// quarters, then do so in each quarter. Lanes only add to what a word carries.)
func transpose(a *[32]uint64, w int) {
	mask := ^uint64(0) // the lower half of each 2·j bits
	for j := 32; j >= w; j >>= 1 {
		mask ^= mask << j
	}
	for j := w / 2; j > 0; j >>= 1 {
		mask ^= mask << j
		for k := 0; k < w; k += 2 * j {
			for i := k; i < k+j; i++ {
				x, y := a[i&31], a[(i+j)&31]
				t := (x>>(j&31) ^ y) & mask
				a[i&31], a[(i+j)&31] = x^t<<(j&31), y^t
			}
		}
	}
}
