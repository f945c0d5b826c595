package bitmap

// Loops over very few values. With three members a block there is nothing to
// amortise: a mispredicted branch costs more than all comparisons together, and
// in a merge each load waits for the comparison before it. So every value is
// compared with every other, four at a time in the lanes of a word, or searched for
// in a number of steps that depends on lengths alone; values do not wait for each
// other in either.

const (
	// fewSteps is how many words times values are compared all with all.
	fewSteps = 24

	laneOnes = 0x0001_0001_0001_0001
	laneTops = 0x8000_8000_8000_8000
)

// lanes4 is the first four values of c in the lanes of a word; four loads that the
// compiler makes one of.
func lanes4(c []uint16) uint64 {
	_ = c[3]
	return uint64(c[0]) | uint64(c[1])<<16 | uint64(c[2])<<32 | uint64(c[3])<<48
}

// countFew is |a ∩ c|, comparing all with all.
func countFew(a, c []uint16) int {
	n := 0
	for ; len(c) >= 4; c = c[4:] {
		w := lanes4(c)
		for _, v := range a {
			// One lane of x at most is 0, and then, and only then, a top bit is left.
			x := w ^ uint64(v)*laneOnes
			n += b2i((x-laneOnes)&^x&laneTops != 0)
		}
	}
	for _, y := range c {
		for _, v := range a {
			n += b2i(v == y)
		}
	}
	return n
}

// lowerBound is the index of the first element ≥ v, found without a branch on the
// content.
func lowerBound(c []uint16, v uint16) int {
	if len(c) == 0 {
		return 0
	}
	at, n := 0, len(c)
	for n > 1 {
		half := n >> 1
		at += half & -b2i(c[at+half-1] < v)
		n -= half
	}
	return at + b2i(c[at] < v)
}

// countSearch is |a ∩ c| by looking for each value of a in c.
func countSearch(a, c []uint16) int {
	n, last := 0, len(c)-1
	for _, v := range a {
		i := min(lowerBound(c, v), last)
		n += b2i(c[i] == v)
	}
	return n
}

// firstRun is the index of the first run that ends at or after v, found like
// lowerBound.
func firstRun(rs []Run, v uint16) int {
	if len(rs) == 0 {
		return 0
	}
	at, n := 0, len(rs)
	for n > 1 {
		half := n >> 1
		at += half & -b2i(rs[at+half-1].Last < v)
		n -= half
	}
	return at + b2i(rs[at].Last < v)
}
