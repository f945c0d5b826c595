package bitmap

// AndCount is |a ∩ b|, numbers disregarded. There is a path for every pair of
// forms; none allocates. |a ∖ b| is a.Len() − AndCount(a, b), and so on.
func AndCount(a, b Block) int {
	if a.form > b.form {
		a, b = b, a
	}
	switch {
	case a.form == Empty:
		return 0
	case a.form == Bits:
		return WordsAndCount(a.Words(), b.Words())
	case a.form == Array && b.form == Array:
		return countArrays(a.Array(), b.Array())
	case a.form == Array && b.form == Runs:
		return countArrayRuns(a.Array(), b.Runs())
	case a.form == Array:
		return countArrayBits(a.Array(), b.Words())
	case b.form == Runs:
		return countRunsRuns(a.Runs(), b.Runs())
	}
	return countRunsBits(a.Runs(), b.Words())
}

func countArrayBits(a []uint16, w *Words) int {
	n := uint64(0)
	for len(a) >= 4 {
		p := (*[4]uint16)(a)
		n += w[p[0]>>6]>>(p[0]&63)&1 + w[p[1]>>6]>>(p[1]&63)&1 + w[p[2]>>6]>>(p[2]&63)&1 + w[p[3]>>6]>>(p[3]&63)&1
		a = a[4:]
	}
	for _, v := range a {
		n += w[v>>6] >> (v & 63) & 1
	}
	return int(n)
}

func countRunsBits(rs []Run, w *Words) int {
	n := 0
	for _, r := range rs {
		n += countRange(w, r.Start, r.Last)
	}
	return n
}

func countRunsRuns(a, b []Run) int {
	n, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		x, y := a[i], b[j]
		n += max(0, int(min(x.Last, y.Last))-int(max(x.Start, y.Start))+1)
		i += b2i(x.Last <= y.Last)
		j += b2i(y.Last <= x.Last)
	}
	return n
}

func countArrayRuns(a []uint16, rs []Run) int {
	n := 0
	if len(a) > gallopFrom*len(rs) { // few runs: cut the array at both ends of each
		for _, r := range rs {
			a = a[gallop(a, r.Start):]
			k := len(a)
			if r.Last < BlockSize-1 {
				k = gallop(a, r.Last+1)
			}
			n += k
			a = a[k:]
		}
		return n
	}
	i, j := 0, 0
	for i < len(a) && j < len(rs) {
		v, r := a[i], rs[j]
		n += b2i(r.Start <= v) & b2i(v <= r.Last)
		i += b2i(v <= r.Last)
		j += b2i(v > r.Last)
	}
	return n
}

// countArrays merges two arrays without branches on their content, or gallops
// through the longer.
func countArrays(a, c []uint16) int {
	if len(a) > len(c) {
		a, c = c, a
	}
	n := 0
	if len(c) > gallopFrom*len(a) {
		for _, v := range a {
			c = c[gallop(c, v):]
			n += b2i(len(c) > 0 && c[0] == v)
		}
		return n
	}
	i, j := 0, 0
	for i < len(a) && j < len(c) {
		x, y := a[i], c[j]
		n += b2i(x == y)
		i += b2i(x <= y)
		j += b2i(y <= x)
	}
	return n
}
