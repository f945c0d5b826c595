package compare

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/tagroar/tagroar/bench/rivals/engine"
	"github.com/tagroar/tagroar/bench/workload"
)

// sameAnswer compares a rival's answer with ours.
func sameAnswer(p *engine.Population, q workload.Question, ownTies bool, ours, its engine.Answer) error {
	if !q.Ranks() {
		if its.Count != ours.Count {
			return fmt.Errorf("we count %d, it %d", ours.Count, its.Count)
		}
		return nil
	}
	if len(its.First) != len(ours.First) {
		return fmt.Errorf("we rank %d, it %d", len(ours.First), len(its.First))
	}
	if !ownTies {
		for i, r := range its.First {
			if r != ours.First[i] {
				return fmt.Errorf("at place %d we have %d with %d, it %d with %d", i+1, ours.First[i].Member, ours.First[i].Score, r.Member, r.Score)
			}
		}
		return nil
	}
	seen := map[uint32]bool{}
	for i, r := range its.First {
		if r.Score != ours.First[i].Score || seen[r.Member] || score(p, q, r.Member) != r.Score {
			return fmt.Errorf("at place %d we have the score %d, it %d, of member %d", i+1, ours.First[i].Score, r.Score, r.Member)
		}
		seen[r.Member] = true
	}
	return nil
}

// score looks a member up in the lists; one that is not asked for has −1.
func score(p *engine.Population, q workload.Question, m uint32) (sum int64) {
	has := func(tag int) bool {
		_, found := slices.BinarySearchFunc(p.Members[tag], m, cmp.Compare[uint32])
		return found
	}
	if !has(q.Of) {
		return -1
	}
	for i, tag := range q.Scoring {
		if has(tag) {
			sum += q.Weights[i]
		}
	}
	return sum
}
