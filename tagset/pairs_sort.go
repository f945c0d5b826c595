package tagset

import "math/bits"

// digit is the width of a radix pass: its 2,048 counters stay in the L1 cache.
const digit = 11

// sortBy sorts the pairs by the 32 bits above shift, stably, and returns them
// and what is free of the two slices. It is a radix sort from the lowest digit
// that skips bits in which all pairs agree: 100,000 pairs of 200 tags and ten
// million members take three passes by member and one by tag.
func sortBy(pairs, spare []uint64, shift int) (sorted, free []uint64) {
	var differ uint64
	for _, p := range pairs {
		differ |= p ^ pairs[0]
	}
	differ = differ >> shift & (1<<32 - 1)
	for differ != 0 {
		low := bits.TrailingZeros64(differ)
		width := min(digit, 32-low)
		differ &^= (1<<width - 1) << low
		pairs, spare = pass(pairs, spare, shift+low, 1<<width-1)
	}
	return pairs, spare
}

// pass moves the pairs to spare, ordered by the digit at shift, and swaps them.
func pass(pairs, spare []uint64, shift int, mask uint64) (sorted, free []uint64) {
	var at [1 << digit]uint32
	for _, p := range pairs {
		at[p>>shift&mask]++
	}
	sum := uint32(0)
	for i, n := range at {
		at[i], sum = sum, sum+n
	}
	for _, p := range pairs {
		d := p >> shift & mask
		spare[at[d]] = p
		at[d]++
	}
	return spare, pairs
}
