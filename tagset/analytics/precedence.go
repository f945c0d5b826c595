package analytics

import "cmp"

// What a value keeps under an order of precedence depends on which values are
// stronger, not on their order among themselves: the weakest keeps the members
// that are in no other value. To make the largest loss as small as can be, choose
// from the weak end: the value that loses least as the weakest of those that are
// left may stand there, since in any other place it would lose no more, and
// whichever stands there instead loses no less (E. L. Lawler, "Optimal Sequencing of
// a Single Machine Subject to Precedence Constraints", Management Science 19, 1973).
// Loss is told in shares of the value, so that a value of 50 members does not
// vanish in one of a million.
//
// A combination of k remaining values goes to none of them as the weakest, until all
// but one are placed. So the choice needs the sizes of the combinations alone, and
// each is touched as often as it has values. Overlapping members of unknown
// combination are counted with none, as if they were in all.

// precedence returns the indices of the values, the strongest first.
func precedence(values []Value, found []combination) []int {
	keeps := make([]int, len(values)) // as the weakest of those that are left
	in := make([][]int, len(values))  // the combinations of a value
	left := make([]int, len(found))   // values of the combination that are not placed
	for i, v := range values {
		keeps[i] = v.Members - v.Shared
	}
	for k, c := range found {
		left[k] = len(c.values)
		for _, i := range c.values {
			in[i] = append(in[i], k)
		}
	}
	order := make([]int, len(values))
	placed := make([]bool, len(values))
	for at := len(order) - 1; at >= 0; at-- {
		weakest := -1
		for i := range values {
			if !placed[i] && (weakest < 0 || weaker(values, keeps, i, weakest)) {
				weakest = i
			}
		}
		order[at], placed[weakest] = weakest, true
		for _, k := range in[weakest] {
			if left[k]--; left[k] == 1 {
				for _, i := range found[k].values {
					if !placed[i] {
						keeps[i] += found[k].members
					}
				}
			}
		}
	}
	return order
}

// weaker tells whether value i should rather be the weakest than value j: it keeps
// the larger share, or else is the larger value, or else comes later.
func weaker(values []Value, keeps []int, i, j int) bool {
	share := func(i int) (part, whole uint64) { // both fit 32 bits
		if values[i].Members == 0 {
			return 1, 1
		}
		return uint64(keeps[i]), uint64(values[i].Members)
	}
	a, b := share(i)
	c, d := share(j)
	return cmp.Or(cmp.Compare(a*d, c*b), cmp.Compare(values[i].Members, values[j].Members), cmp.Compare(i, j)) > 0
}
