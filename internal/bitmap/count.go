package bitmap

// AndCount is |a ∩ b|, numbers disregarded. There is a path for every pair of
// forms; none allocates. |a ∖ b| is a.Len() − AndCount(a, b), and so on.
func AndCount(a, b Block) int { return andCount(&a, &b) }

// andCount is AndCount by the places of the headers.
func andCount(a, b *Block) int {
	if a.form > b.form {
		a, b = b, a
	}
	switch {
	case a.form == Empty:
		return 0
	case a.form == Array && b.form == Array:
		return countArrays(a.Array(), b.Array())
	case a.form == Bits:
		return WordsAndCount(a.Words(), b.Words())
	case b.form == Runs && b.card == BlockSize-1:
		return a.Len()
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
	n, i := uint64(0), 0
	for ; i+8 <= len(a); i += 8 {
		p := (*[8]uint16)(a[i:])
		v0, v1, v2, v3 := uint(p[0]), uint(p[1]), uint(p[2]), uint(p[3])
		n += w[v0>>6]>>(v0&63)&1 + w[v1>>6]>>(v1&63)&1 + w[v2>>6]>>(v2&63)&1 + w[v3>>6]>>(v3&63)&1
		v4, v5, v6, v7 := uint(p[4]), uint(p[5]), uint(p[6]), uint(p[7])
		n += w[v4>>6]>>(v4&63)&1 + w[v5>>6]>>(v5&63)&1 + w[v6>>6]>>(v6&63)&1 + w[v7>>6]>>(v7&63)&1
	}
	for ; i < len(a); i++ {
		v := uint(a[i])
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

// searchRunsFrom is how many times more runs there must be for searching where each
// of the other's begins to beat going through all of them.
const searchRunsFrom = 4

func countRunsRuns(a, b []Run) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	n := 0
	if len(b) > searchRunsFrom*len(a) {
		for _, x := range a {
			b = b[firstRun(b, x.Start):]
			for _, y := range b {
				if y.Start > x.Last {
					break
				}
				n += int(min(x.Last, y.Last)) - int(max(x.Start, y.Start)) + 1
			}
		}
		return n
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		x, y := a[i], b[j]
		n += max(0, int(min(x.Last, y.Last))-int(max(x.Start, y.Start))+1)
		i += b2i(x.Last <= y.Last)
		j += b2i(y.Last <= x.Last)
	}
	return n
}

// countArrayRuns looks for the ends of few runs in the array, and for few values among
// the runs. Otherwise it goes through both, with branches: values tend to stand
// together within runs or between them, and then branches are foreseen, where loads
// that wait for comparisons take nine cycles a value whatever they find.
func countArrayRuns(a []uint16, rs []Run) int {
	n := 0
	switch {
	case len(a) > gallopFrom*len(rs):
		for _, r := range rs { // galloping, for the next end is nearer than the end of the array
			a = a[gallop(a, r.Start):]
			k := len(a)
			if r.Last < BlockSize-1 {
				k = gallop(a, r.Last+1)
			}
			n += k
			a = a[k:]
		}
		return n
	case len(rs) > searchRunsFrom*len(a):
		last := len(rs) - 1
		for _, v := range a {
			r := rs[min(firstRun(rs, v), last)]
			n += b2i(r.Start <= v) & b2i(v <= r.Last)
		}
		return n
	}
	i := 0
	for _, r := range rs {
		for i < len(a) && a[i] < r.Start {
			i++
		}
		k := i
		for i < len(a) && a[i] <= r.Last {
			i++
		}
		n += i - k
	}
	return n
}
