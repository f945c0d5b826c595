package engine

import (
	"cmp"
	"slices"

	"github.com/tagroar/tagroar/bench/workload"
)

// first keeps the best of the members that it is shown in ascending order, as a heap with the last of them on top.
type first struct {
	limit int
	heap  []workload.Ranked
}

// least is the score that a member must exceed to come in.
func (f *first) least() int64 {
	if len(f.heap) < f.limit {
		return -1
	}
	return f.heap[0].Score
}

func (f *first) show(r workload.Ranked) {
	if len(f.heap) < f.limit {
		f.heap = append(f.heap, r)
		for i := len(f.heap) - 1; i > 0 && after(f.heap[i], f.heap[(i-1)/2]); i = (i - 1) / 2 {
			f.heap[i], f.heap[(i-1)/2] = f.heap[(i-1)/2], f.heap[i]
		}
		return
	}
	if r.Score <= f.heap[0].Score { // an equal score comes after those that are in
		return
	}
	f.heap[0] = r
	for i := 0; ; {
		last := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(f.heap); child++ {
			if after(f.heap[child], f.heap[last]) {
				last = child
			}
		}
		if last == i {
			return
		}
		f.heap[i], f.heap[last] = f.heap[last], f.heap[i]
		i = last
	}
}

// answer is good until the next one; it empties f.
func (f *first) answer() Answer {
	slices.SortFunc(f.heap, compareRanked)
	a := Answer{First: f.heap}
	f.heap = f.heap[:0]
	return a
}

func after(a, b workload.Ranked) bool { return compareRanked(a, b) > 0 }

// compareRanked orders by falling score, then by rising member.
func compareRanked(a, b workload.Ranked) int {
	if c := cmp.Compare(b.Score, a.Score); c != 0 {
		return c
	}
	return cmp.Compare(a.Member, b.Member)
}
