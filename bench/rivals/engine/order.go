package engine

import (
	"cmp"
	"slices"

	"github.com/tagroar/tagroar/bench/workload"
)

// ordered returns the question with its tags in the order in which an expert takes them: those of All by rising number of members,
// each group by falling, groups by their rising sum, None by falling. Planners do that by their statistics; for engines that have
// none it is done here, before the clock runs.
func ordered(q workload.Question, size func(tag int) int) workload.Question {
	up := func(a, b int) int { return cmp.Compare(size(a), size(b)) }
	down := func(a, b int) int { return up(b, a) }
	q.All, q.None = slices.SortedFunc(slices.Values(q.All), up), slices.SortedFunc(slices.Values(q.None), down)
	groups := make([][]int, len(q.Any))
	for i, g := range q.Any {
		groups[i] = slices.SortedFunc(slices.Values(g), down)
	}
	sum := func(g []int) (n int) {
		for _, t := range g {
			n += size(t)
		}
		return n
	}
	slices.SortFunc(groups, func(a, b []int) int { return cmp.Compare(sum(a), sum(b)) })
	q.Any = groups
	return q
}

// sizes of the tags.
func (p *Population) sizes() []int {
	n := make([]int, len(p.Members))
	for i, m := range p.Members {
		n[i] = len(m)
	}
	return n
}

// pick lists from's entries of the given indexes.
func pick[T any](from []T, which []int) []T {
	out := make([]T, len(which))
	for i, w := range which {
		out[i] = from[w]
	}
	return out
}
