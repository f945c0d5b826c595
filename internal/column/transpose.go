package column

// transpose turns a matrix of bits, w by w in each of 64/w lanes: afterwards bit i
// of lane l of a[j] is what bit j of lane l of a[i] was, for i and j below w, which
// is 8, 16 or 32. (Warren, Hacker's Delight, 7-3: exchange the off-diagonal
// quarters, then do so in each quarter. Lanes only add to what a word carries.)
func transpose(a *[32]uint64, w int) {
	if w == 32 {
		for i := range 16 {
			a[i], a[i+16] = exchange(a[i], a[i+16], 16, 0x0000_ffff_0000_ffff)
		}
	}
	if w >= 16 {
		for k := 0; k < w; k += 16 {
			for i := k; i < k+8; i++ {
				a[i&31], a[(i+8)&31] = exchange(a[i&31], a[(i+8)&31], 8, 0x00ff_00ff_00ff_00ff)
			}
		}
	}
	for k := 0; k < w; k += 8 {
		p := (*[8]uint64)(a[k:])
		p[0], p[4] = exchange(p[0], p[4], 4, 0x0f0f_0f0f_0f0f_0f0f)
		p[1], p[5] = exchange(p[1], p[5], 4, 0x0f0f_0f0f_0f0f_0f0f)
		p[2], p[6] = exchange(p[2], p[6], 4, 0x0f0f_0f0f_0f0f_0f0f)
		p[3], p[7] = exchange(p[3], p[7], 4, 0x0f0f_0f0f_0f0f_0f0f)
		for i := 0; i < 8; i += 4 {
			q := (*[4]uint64)(p[i:])
			x, y := exchange(q[0], q[2], 2, 0x3333_3333_3333_3333)
			z, t := exchange(q[1], q[3], 2, 0x3333_3333_3333_3333)
			q[0], q[1] = exchange(x, z, 1, 0x5555_5555_5555_5555)
			q[2], q[3] = exchange(y, t, 1, 0x5555_5555_5555_5555)
		}
	}
}

// exchange swaps the bits of x at mask<<j with those of y at mask.
func exchange(x, y uint64, j uint, mask uint64) (uint64, uint64) {
	t := (x>>j ^ y) & mask
	return x ^ t<<j, y ^ t
}
