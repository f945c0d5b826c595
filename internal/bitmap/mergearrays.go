package bitmap

// Merging ascending arrays. A merge is a chain of loads, each of which waits for the
// comparison before it: about nine cycles a step, whatever is merged. There are no
// branches on the content in it, which on new data would cost as much again, and
// long merges are cut into two that advance side by side.

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
func uniteArrays(out, a, c []uint16) int { return mergeArrays(out, a, c, 1) }

// differArrays writes to out, as uniteArrays, what is in exactly one of a and c.
func differArrays(out, a, c []uint16) int { return mergeArrays(out, a, c, 0) }

// cutFrom is the length from which two merges side by side pay for the cut.
const cutFrom = 48

// mergeArrays writes a ∪ c to out, with what is in both (both = 1) or without (0).
func mergeArrays(out, a, c []uint16, both int) int {
	if len(a) > len(c) {
		a, c = c, a
	}
	switch {
	case len(c) > gallopFrom*len(a):
		return mergeFew(out, a, c, both)
	case len(a)+len(c) < cutFrom:
		return mergeOnce(out, a, c, both)
	}
	h := len(a) / 2
	g := searchArray(c, a[h])
	a1, c1, out1 := a[:h], c[:g], out[:h+g]
	a2, c2, out2 := a[h:], c[g:], out[h+g:]
	n, i, j, m, k, l := 0, 0, 0, 0, 0, 0
	for i < len(a1) && j < len(c1) && k < len(a2) && l < len(c2) {
		x, y := a1[i], c1[j]
		out1[n] = min(x, y)
		n += b2i(x != y) | both
		i += b2i(x <= y)
		j += b2i(y <= x)
		x, y = a2[k], c2[l]
		out2[m] = min(x, y)
		m += b2i(x != y) | both
		k += b2i(x <= y)
		l += b2i(y <= x)
	}
	n += mergeOnce(out1[n:], a1[i:], c1[j:], both)
	m += mergeOnce(out2[m:], a2[k:], c2[l:], both)
	return n + copy(out[n:], out2[:m])
}

// mergeFew is mergeArrays for an a much shorter than c: it moves the stretches of c
// between the values of a.
func mergeFew(out, a, c []uint16, both int) int {
	n := 0
	for _, v := range a {
		k := gallop(c, v)
		n += copy(out[n:], c[:k])
		c = c[k:]
		out[n] = v
		if len(c) > 0 && c[0] == v {
			n += both
			c = c[1:]
		} else {
			n++
		}
	}
	return n + copy(out[n:], c)
}

func mergeOnce(out, a, c []uint16, both int) int {
	n, i, j := 0, 0, 0
	for i < len(a) && j < len(c) {
		x, y := a[i], c[j]
		out[n] = min(x, y)
		n += b2i(x != y) | both
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
