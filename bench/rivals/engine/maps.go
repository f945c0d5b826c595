package engine

import (
	"context"
	"runtime"

	"github.com/tagroar/tagroar/bench/workload"
)

// maps are what a program has without any library. The smallest operand is walked through and the others are asked; where there is
// no single smallest one, the tags of the smallest group are walked through one after another, and a member is passed over that an
// earlier one of them had.
type maps struct {
	tags []map[uint32]struct{}
	size int
	sums []int32
}

func openMaps(context.Context) (Engine, error) { return &maps{}, nil }

func (e *maps) Version() string { return runtime.Version() }

func (e *maps) Load(_ context.Context, p *Population) error {
	e.size = p.Size
	e.tags = make([]map[uint32]struct{}, len(p.Tags))
	for i, members := range p.Members {
		set := make(map[uint32]struct{}, len(members))
		for _, m := range members {
			set[m] = struct{}{}
		}
		e.tags[i] = set
	}
	return nil
}

func (e *maps) Ways(_ context.Context, q workload.Question) ([]Way, error) {
	if q.Ranks() {
		return []Way{e.asked(q), e.summed(q)}, nil
	}
	q = ordered(q, func(t int) int { return len(e.tags[t]) })
	var ways []Way
	if len(q.All) > 0 {
		all, none, groups := pick(e.tags, q.All), pick(e.tags, q.None), e.groups(q.Any)
		ways = append(ways, counting("through the smallest tag", func() (n int) {
			for m := range all[0] {
				if inEach(all[1:], m) && !inOne(none, m) && inGroups(groups, m) {
					n++
				}
			}
			return n
		}))
	}
	if len(q.Any) > 0 {
		all, none, groups := pick(e.tags, q.All), pick(e.tags, q.None), e.groups(q.Any)
		ways = append(ways, counting("through the smallest group", func() (n int) {
			for i, tag := range groups[0] {
				for m := range tag {
					if !inOne(groups[0][:i], m) && inEach(all, m) && inGroups(groups[1:], m) && !inOne(none, m) {
						n++
					}
				}
			}
			return n
		}))
	}
	return ways, nil
}

func (e *maps) groups(of [][]int) [][]map[uint32]struct{} {
	out := make([][]map[uint32]struct{}, len(of))
	for i, g := range of {
		out[i] = pick(e.tags, g)
	}
	return out
}

func inEach(of []map[uint32]struct{}, m uint32) bool {
	for _, set := range of {
		if _, has := set[m]; !has {
			return false
		}
	}
	return true
}

func inOne(of []map[uint32]struct{}, m uint32) bool {
	for _, set := range of {
		if _, has := set[m]; has {
			return true
		}
	}
	return false
}

func inGroups(of [][]map[uint32]struct{}, m uint32) bool {
	for _, g := range of {
		if !inOne(g, m) {
			return false
		}
	}
	return true
}

// asked scores each member by asking every tag for it. Members come in any order, so that all that could be among the first are
// shown; first breaks ties by who came earlier, which is why the scores go through counters by member.
func (e *maps) asked(q workload.Question) Way {
	best := &first{limit: q.Limit}
	of, tags := e.tags[q.Of], pick(e.tags, q.Scoring)
	return Way{"each member asks every tag, heap", func(context.Context) (Answer, error) {
		e.clear()
		for m := range of {
			sum := int32(1)
			for i, tag := range tags {
				if _, has := tag[m]; has {
					sum += int32(q.Weights[i])
				}
			}
			e.sums[m] = sum
		}
		return e.best(best), nil
	}}
}

// summed walks through the scoring tags, then through the members asked for.
func (e *maps) summed(q workload.Question) Way {
	best := &first{limit: q.Limit}
	of, tags := e.tags[q.Of], pick(e.tags, q.Scoring)
	return Way{"sums of tags, heap", func(context.Context) (Answer, error) {
		e.clear()
		for m := range of {
			e.sums[m] = 1
		}
		for i, tag := range tags {
			weight := int32(q.Weights[i])
			for m := range tag {
				if e.sums[m] > 0 {
					e.sums[m] += weight
				}
			}
		}
		return e.best(best), nil
	}}
}

// clear makes the counters zero, which says that a member is not asked for: those that are count from one.
func (e *maps) clear() {
	if e.sums == nil {
		e.sums = make([]int32, e.size)
	}
	clear(e.sums)
}

func (e *maps) best(best *first) Answer {
	least := best.least()
	for m, sum := range e.sums {
		if score := int64(sum) - 1; sum > 0 && score > least {
			best.show(workload.Ranked{Member: uint32(m), Score: score})
			least = best.least()
		}
	}
	return best.answer()
}

func (e *maps) Close() error { return nil }
