package engine

import (
	"context"
	"math/bits"

	"github.com/bits-and-blooms/bitset"

	"github.com/tagroar/tagroar/bench/workload"
)

// bitsets hold a bit for every member in every tag. Two ways are tried: operations in place on scratch that is kept, and one pass
// over the words of all operands, in stretches that stay in the nearest cache, which an expert writes where it matters.
type bitsets struct {
	tags    []*bitset.BitSet
	counts  []int
	scratch [2]*bitset.BitSet
	sums    []int32
}

func openBitsets(context.Context) (Engine, error) { return &bitsets{}, nil }

func (e *bitsets) Version() string { return moduleVersion("github.com/bits-and-blooms/bitset") }

func (e *bitsets) Load(_ context.Context, p *Population) error {
	e.counts = p.sizes()
	e.tags = make([]*bitset.BitSet, len(p.Tags))
	for i, members := range p.Members {
		b := bitset.MustNew(uint(p.Size))
		for _, m := range members {
			b.Set(uint(m))
		}
		e.tags[i] = b
	}
	return nil
}

func (e *bitsets) Ways(_ context.Context, q workload.Question) ([]Way, error) {
	if q.Ranks() {
		return []Way{e.sum(q)}, nil
	}
	q = ordered(q, func(t int) int { return e.counts[t] })
	ways := []Way{counting("in place", func() int { return e.inPlace(q) }), counting("one pass over the words", e.onePass(q))}
	if len(q.All) == 2 && len(q.Any)+len(q.None) == 0 {
		a, b := e.tags[q.All[0]], e.tags[q.All[1]]
		ways = append(ways, counting("IntersectionCardinality", func() int { return int(a.IntersectionCardinality(b)) }))
	}
	return ways, nil
}

func (e *bitsets) inPlace(q workload.Question) int {
	if e.scratch[0] == nil {
		n := e.tags[0].Len()
		e.scratch[0], e.scratch[1] = bitset.MustNew(n), bitset.MustNew(n)
	}
	b, union := e.scratch[0], e.scratch[1]
	all, groups := q.All, q.Any
	if len(all) > 0 {
		e.tags[all[0]].Copy(b)
		for _, t := range all[1:] {
			b.InPlaceIntersection(e.tags[t])
		}
	} else {
		e.unite(b, groups[0])
		groups = groups[1:]
	}
	for _, g := range groups {
		e.unite(union, g)
		b.InPlaceIntersection(union)
	}
	for i, t := range q.None {
		if i == len(q.None)-1 {
			return int(b.DifferenceCardinality(e.tags[t]))
		}
		b.InPlaceDifference(e.tags[t])
	}
	return int(b.Count())
}

func (e *bitsets) unite(into *bitset.BitSet, group []int) {
	e.tags[group[0]].Copy(into)
	for _, t := range group[1:] {
		into.InPlaceUnion(e.tags[t])
	}
}

// onePass evaluates a stretch of all operands before the next one.
func (e *bitsets) onePass(q workload.Question) func() int {
	words := func(which []int) (out [][]uint64) {
		for _, t := range which {
			out = append(out, e.tags[t].Words())
		}
		return out
	}
	all, none := words(q.All), words(q.None)
	groups := make([][][]uint64, len(q.Any))
	for i, g := range q.Any {
		groups[i] = words(g)
	}
	const stretch = 256
	var result, union [stretch]uint64
	length := len(e.tags[0].Words())
	return func() (n int) {
		for at := 0; at < length; at += stretch {
			end := min(at+stretch, length)
			r := result[:end-at]
			for i := range r {
				r[i] = ^uint64(0)
			}
			for _, w := range all {
				for i, x := range w[at:end] {
					r[i] &= x
				}
			}
			for _, g := range groups {
				u := union[:copy(union[:], g[0][at:end])]
				for _, w := range g[1:] {
					for i, x := range w[at:end] {
						u[i] |= x
					}
				}
				for i, x := range u {
					r[i] &= x
				}
			}
			for _, w := range none {
				for i, x := range w[at:end] {
					r[i] &^= x
				}
			}
			for _, x := range r {
				n += bits.OnesCount64(x)
			}
		}
		return n
	}
}

// sum adds up the weights in one counter for each member.
func (e *bitsets) sum(q workload.Question) Way {
	best := &first{limit: q.Limit}
	of := e.tags[q.Of]
	return Way{"sums of intersections, heap", func(context.Context) (Answer, error) {
		if e.sums == nil {
			e.sums = make([]int32, of.Len())
		}
		clear(e.sums)
		for i, t := range q.Scoring {
			weight, words := int32(q.Weights[i]), e.tags[t].Words()
			for k, x := range of.Words() {
				for x &= words[k]; x != 0; x &= x - 1 {
					e.sums[k<<6+bits.TrailingZeros64(x)] += weight
				}
			}
		}
		least := best.least()
		for k, x := range of.Words() {
			for ; x != 0; x &= x - 1 {
				m := k<<6 + bits.TrailingZeros64(x)
				if score := int64(e.sums[m]); score > least {
					best.show(workload.Ranked{Member: uint32(m), Score: score})
					least = best.least()
				}
			}
		}
		return best.answer(), nil
	}}
}

func (e *bitsets) Close() error { return nil }
