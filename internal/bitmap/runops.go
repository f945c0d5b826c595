package bitmap

// Set algebra on run lists. Inputs and results ascend and neither overlap nor
// touch; results are appended to dst.

func intersectRuns(dst, a, b []Run) []Run {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		x, y := a[i], b[j]
		if start, last := max(x.Start, y.Start), min(x.Last, y.Last); start <= last {
			dst = append(dst, Run{start, last})
		}
		i += b2i(x.Last <= y.Last)
		j += b2i(y.Last <= x.Last)
	}
	return dst
}

func uniteRuns(dst, a, b []Run) []Run {
	n := len(dst)
	for len(a) > 0 || len(b) > 0 {
		var r Run
		if len(b) == 0 || len(a) > 0 && a[0].Start <= b[0].Start {
			r, a = a[0], a[1:]
		} else {
			r, b = b[0], b[1:]
		}
		if k := len(dst); k > n && int(r.Start) <= int(dst[k-1].Last)+1 {
			dst[k-1].Last = max(dst[k-1].Last, r.Last)
			continue
		}
		dst = append(dst, r)
	}
	return dst
}

func subtractRuns(dst, a, b []Run) []Run {
	j := 0
	for _, x := range a {
		for j < len(b) && b[j].Last < x.Start {
			j++
		}
		start := int(x.Start)
		for k := j; k < len(b) && b[k].Start <= x.Last; k++ {
			if int(b[k].Start) > start {
				dst = append(dst, Run{uint16(start), b[k].Start - 1})
			}
			start = int(b[k].Last) + 1
		}
		if start <= int(x.Last) {
			dst = append(dst, Run{uint16(start), x.Last})
		}
	}
	return dst
}

// differRuns merges the boundaries of both lists; one that is in both cancels, and
// what is left are the boundaries of the result.
func differRuns(dst, a, b []Run) []Run {
	const none = BlockSize + 1
	i, j, start := 0, 0, -1
	for {
		x, y := boundary(a, i, none), boundary(b, j, none)
		at := min(x, y)
		if at == none {
			return dst
		}
		i += b2i(x == at)
		j += b2i(y == at)
		switch {
		case x == y:
		case start < 0:
			start = at
		default:
			dst = append(dst, Run{uint16(start), uint16(at - 1)})
			start = -1
		}
	}
}

// boundary is the k-th place where membership changes: each run's start, and the
// place after its last.
func boundary(rs []Run, k, none int) int {
	switch {
	case k>>1 == len(rs):
		return none
	case k&1 == 0:
		return int(rs[k>>1].Start)
	}
	return int(rs[k>>1].Last) + 1
}
