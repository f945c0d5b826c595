package bitmap

// |a ∩ c| of two arrays, the workhorse of sparse tags, by whichever of four ways
// their lengths favour (330 × 330 on one machine: merge 2,700 ns, scatter 500,
// compare 250):
//
//   - compare all with all where both are very short (few.go);
//   - search in the longer if it is many times as long;
//   - compare eight values with eight, where there is a kernel for that;
//   - elsewhere, scatter the shorter into a clear table of bits and probe it with
//     the longer: about a nanosecond a member, with no branch to mispredict and no
//     chain of loads that wait for each other, which is what a merge is made of.
const (
	// searchFewFrom and searchFrom are how many times longer an array must be for
	// searching each member of the other in it to beat going through all of it: of one
	// with too few for the kernel, and of others.
	searchFewFrom = 4
	searchFrom    = 32
)

func countArrays(a, c []uint16) int {
	if n, ok := countPlain(a, c); ok {
		return n
	}
	t := tables.Get().(*Words)
	n := countByTable(t, a, c)
	tables.Put(t)
	return n
}

// countPlain is countArrays where no table is needed.
func countPlain(a, c []uint16) (n int, ok bool) {
	if len(a) > len(c) {
		a, c = c, a
	}
	switch {
	case len(a)*((len(c)+3)/4) <= fewSteps:
		return countFew(a, c), true
	case len(c) > searchFrom*len(a), len(a) < 8 && len(c) > searchFewFrom*len(a):
		return countSearch(a, c), true
	}
	return countCommon(a, c)
}

// countByTable is countArrays with a clear table, left clear.
func countByTable(t *Words, a, c []uint16) int {
	if len(a) > len(c) {
		a, c = c, a
	}
	setArray(t, a)
	n := countArrayBits(c, t)
	clearArray(t, a)
	return n
}
