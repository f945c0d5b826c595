package bitmap

import "slices"

// gallopFrom is how many times longer an array must be than the one probing it
// before searching in it by doubling steps beats merging with it.
const gallopFrom = 16

// Filter appends to dst the values of the ascending array a that are in b (keep)
// or are not in it (!keep). dst may be a[:0]; otherwise they may not overlap.
func (b Block) Filter(dst, a []uint16, keep bool) []uint16 {
	dst = slices.Grow(dst, len(a))
	out := dst[len(dst) : len(dst)+len(a)]
	n := 0
	switch b.form {
	case Empty:
		if !keep {
			n = copy(out, a)
		}
	case Bits:
		n = filterBits(out, a, b.Words(), keep)
	case Array:
		c := b.Array()
		switch {
		case len(c) > gallopFrom*len(a):
			n = filterGallop(out, a, c, keep)
		case keep:
			n = intersectArrays(out, a, c)
		default:
			n = subtractArrays(out, a, c)
		}
	case Runs:
		n = filterRuns(out, a, b.Runs(), keep)
	}
	return dst[:len(dst)+n]
}

// filterBits is free of branches on the data: every value is written, and the
// place moves on if it was wanted.
func filterBits(out, a []uint16, w *Words, keep bool) int {
	flip := uint64(1)
	if keep {
		flip = 0
	}
	n := 0
	for _, v := range a {
		out[n] = v
		n += int(w[v>>6]>>(v&63)&1 ^ flip)
	}
	return n
}

func filterRuns(out, a []uint16, rs []Run, keep bool) int {
	n, j := 0, 0
	for _, v := range a {
		for j < len(rs) && rs[j].Last < v {
			j++
		}
		if (j < len(rs) && rs[j].Start <= v) == keep {
			out[n] = v
			n++
		}
	}
	return n
}

func filterGallop(out, a, c []uint16, keep bool) int {
	n := 0
	for _, v := range a {
		c = c[gallop(c, v):]
		if (len(c) > 0 && c[0] == v) == keep {
			out[n] = v
			n++
		}
	}
	return n
}

// gallop is the index of the first element ≥ v, found in steps that double.
func gallop(c []uint16, v uint16) int {
	lo, step := 0, 1
	for lo+step <= len(c) && c[lo+step-1] < v {
		lo += step
		step <<= 1
	}
	hi := min(lo+step, len(c))
	return lo + searchArray(c[lo:hi], v)
}

// intersectArrays writes a ∩ c to out (which may be a) and returns its length.
func intersectArrays(out, a, c []uint16) int {
	n, i, j := 0, 0, 0
	for i < len(a) && j < len(c) {
		x, y := a[i], c[j]
		out[n] = x
		n += b2i(x == y)
		i += b2i(x <= y)
		j += b2i(y <= x)
	}
	return n
}

// subtractArrays writes a ∖ c to out (which may be a) and returns its length.
func subtractArrays(out, a, c []uint16) int {
	n, i, j := 0, 0, 0
	for i < len(a) && j < len(c) {
		x, y := a[i], c[j]
		out[n] = x
		n += b2i(x < y)
		i += b2i(x <= y)
		j += b2i(y <= x)
	}
	return n + copy(out[n:], a[i:])
}

// uniteArrays writes a ∪ c to out, which overlaps neither and has room for both.
func uniteArrays(out, a, c []uint16) int {
	n, i, j := 0, 0, 0
	for i < len(a) && j < len(c) {
		x, y := a[i], c[j]
		out[n] = min(x, y)
		n++
		i += b2i(x <= y)
		j += b2i(y <= x)
	}
	n += copy(out[n:], a[i:])
	return n + copy(out[n:], c[j:])
}

// differArrays writes to out, as uniteArrays, what is in one of a and c.
func differArrays(out, a, c []uint16) int {
	n, i, j := 0, 0, 0
	for i < len(a) && j < len(c) {
		x, y := a[i], c[j]
		out[n] = min(x, y)
		n += b2i(x != y)
		i += b2i(x <= y)
		j += b2i(y <= x)
	}
	n += copy(out[n:], a[i:])
	return n + copy(out[n:], c[j:])
}

// b2i compiles to a flag-to-register move, not a branch.
func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
