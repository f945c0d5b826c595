package bitmap

import "slices"

// gallopFrom is how many times longer an array must be than the one probing it
// before searching in it by doubling steps beats walking through it.
const gallopFrom = 16

// mergeUpTo is the total length up to which a merge is over before a table has been
// fetched.
const mergeUpTo = 24

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
		n = filterArray(out, a, b.Array(), keep)
	case Runs:
		n = filterRuns(out, a, b.Runs(), keep)
	}
	return dst[:len(dst)+n]
}

// filterArray gallops through a c many times as long, merges the very short, and
// scatters c to probe it with a otherwise.
func filterArray(out, a, c []uint16, keep bool) int {
	switch {
	case len(c) > gallopFrom*len(a):
		return filterGallop(out, a, c, keep)
	case len(a)+len(c) > mergeUpTo:
		t := tables.Get().(*Words)
		setArray(t, c)
		n := filterBits(out, a, t, keep)
		clearArray(t, c)
		tables.Put(t)
		return n
	case keep:
		return intersectArrays(out, a, c)
	}
	return subtractArrays(out, a, c)
}

// filterRuns moves whole stretches of a where the runs are few, and looks at each
// value where they are many.
func filterRuns(out, a []uint16, rs []Run, keep bool) int {
	if len(a) > 4*len(rs) {
		return filterStretches(out, a, rs, keep)
	}
	n, i, j := 0, 0, 0
	flip := b2i(!keep)
	for i < len(a) && j < len(rs) {
		v, r := a[i], rs[j]
		out[n] = v
		past := b2i(v > r.Last)
		n += (b2i(r.Start <= v) ^ flip) &^ past
		i += 1 - past
		j += past
	}
	if !keep {
		n += copy(out[n:], a[i:])
	}
	return n
}

func filterStretches(out, a []uint16, rs []Run, keep bool) int {
	n := 0
	for _, r := range rs {
		k := gallop(a, r.Start)
		if !keep {
			n += copy(out[n:], a[:k])
		}
		a = a[k:]
		k = len(a)
		if r.Last < BlockSize-1 {
			k = gallop(a, r.Last+1)
		}
		if keep {
			n += copy(out[n:], a[:k])
		}
		a = a[k:]
	}
	if !keep {
		n += copy(out[n:], a)
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
