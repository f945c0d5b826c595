package bitmap

import "math/bits"

// Conversions between payloads. Each appends to or writes into what the caller
// allocated.

// arrayRuns counts the runs of an ascending array.
func arrayRuns(a []uint16) int {
	if len(a) == 0 {
		return 0
	}
	n := 1
	before := a[0]
	for _, v := range a[1:] {
		n += b2i(v != before+1)
		before = v
	}
	return n
}

// runsLen is the number of members of rs.
func runsLen(rs []Run) int {
	n := len(rs)
	for _, r := range rs {
		n += int(r.Last) - int(r.Start)
	}
	return n
}

func appendArrayRuns(rs []Run, a []uint16) []Run {
	if len(a) == 0 {
		return rs
	}
	cur := Run{a[0], a[0]}
	for _, v := range a[1:] {
		if v != cur.Last+1 {
			rs = append(rs, cur)
			cur.Start = v
		}
		cur.Last = v
	}
	return append(rs, cur)
}

func appendRunValues(a []uint16, rs []Run) []uint16 {
	for _, r := range rs {
		for v := int(r.Start); v <= int(r.Last); v++ {
			a = append(a, uint16(v))
		}
	}
	return a
}

// appendWordRuns appends the runs of w: it jumps from the next set bit to the
// next clear one.
func appendWordRuns(rs []Run, w *Words) []Run {
	k, x := 0, w[0]
	for {
		for x == 0 {
			k++
			if k == wordsLen {
				return rs
			}
			x = w[k]
		}
		start := k<<6 + bits.TrailingZeros64(x)
		x |= x - 1 // fill below, so that the run now starts at bit 0
		for x == ^uint64(0) {
			k++
			if k == wordsLen {
				return append(rs, Run{uint16(start), BlockSize - 1})
			}
			x = w[k]
		}
		n := bits.TrailingZeros64(^x)
		rs = append(rs, Run{uint16(start), uint16(k<<6 + n - 1)})
		x &= x + 1 // clear the run
	}
}

// clearArray clears w, which has bits of a only: the words of a short array one by
// one, otherwise all.
func clearArray(w *Words, a []uint16) {
	if len(a) > wordsLen/8 {
		*w = Words{}
		return
	}
	i := 0
	for ; i+4 <= len(a); i += 4 {
		p := (*[4]uint16)(a[i:])
		w[uint(p[0])>>6] = 0
		w[uint(p[1])>>6] = 0
		w[uint(p[2])>>6] = 0
		w[uint(p[3])>>6] = 0
	}
	for ; i < len(a); i++ {
		w[uint(a[i])>>6] = 0
	}
}

// setRange sets the bits from first to last inclusive.
func setRange(w *Words, first, last uint16) {
	lo, hi, m, n := rangeMasks(first, last)
	if lo == hi {
		w[lo] |= m & n
		return
	}
	w[lo] |= m
	mid := w[lo+1 : hi]
	for i := range mid {
		mid[i] = ^uint64(0)
	}
	w[hi] |= n
}

// clearRange clears the bits from first to last inclusive.
func clearRange(w *Words, first, last uint16) {
	lo, hi, m, n := rangeMasks(first, last)
	if lo == hi {
		w[lo] &^= m & n
		return
	}
	w[lo] &^= m
	clear(w[lo+1 : hi])
	w[hi] &^= n
}

// flipRange inverts the bits from first to last inclusive.
func flipRange(w *Words, first, last uint16) {
	lo, hi, m, n := rangeMasks(first, last)
	if lo == hi {
		w[lo] ^= m & n
		return
	}
	w[lo] ^= m
	mid := w[lo+1 : hi]
	for i := range mid {
		mid[i] = ^mid[i]
	}
	w[hi] ^= n
}

// countRange counts the bits from first to last inclusive.
func countRange(w *Words, first, last uint16) int {
	lo, hi, m, n := rangeMasks(first, last)
	if lo == hi {
		return bits.OnesCount64(w[lo] & m & n)
	}
	k := bits.OnesCount64(w[lo]&m) + bits.OnesCount64(w[hi]&n)
	if lo+1 < hi {
		k += countWords(w[lo+1 : hi])
	}
	return k
}

// rangeMasks gives the first and last word of a range and the bits of it in each.
func rangeMasks(first, last uint16) (lo, hi int, m, n uint64) {
	return int(first >> 6), int(last >> 6), ^uint64(0) << (first & 63), ^uint64(0) >> (63 - last&63)
}
