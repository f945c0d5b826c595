package eval

import (
	"context"
	"math"
)

// Counting sort: members of one score follow each other, so it is enough to know
// how many there are of each. Scores are kept as their distance from the best, 16
// bits wide, and dropped with the sorting: where a member stands tells its score.
type counted struct {
	members []uint32
	ranks   []uint16 // how much worse than the best score there can be
	count   []uint32 // by rank
	top     int64    // that score, turned
	turn    int64
	width   int // workers that may sort
}

func newCounted(o *Order, n int) *counted {
	low, high := o.span()
	g := &counted{top: high, turn: 1, count: make([]uint32, high-low+1)}
	g.members, g.ranks = make([]uint32, 0, n), make([]uint16, 0, n)
	if !o.first().Desc {
		g.top, g.turn = -low, -1
	}
	return g
}

func (g *counted) add(s *ordering, a []uint16, after *Item) {
	worst := int64(math.MaxInt64) // turned score of the cursor
	if after != nil {
		worst = s.terms.turn * after.Score
	}
	base := s.r.num << 16
	have := len(g.members)
	members, ranks := g.members[have:have+len(a)], g.ranks[have:have+len(a)]
	if after == nil && s.added && s.terms.narrow() { // ranks are sums the other way round
		best := uint16(g.top - s.terms.base)
		sum, count := s.short, g.count
		for i, v := range a {
			rank := best - sum[v]
			count[rank]++
			members[i], ranks[i] = base|uint32(v), rank
		}
		g.members, g.ranks = g.members[:have+len(a)], g.ranks[:have+len(a)]
		return
	}
	s.score(a)
	n := 0
	for i, v := range a {
		x := s.scores[i]
		if x >= worst && (x > worst || base|uint32(v) <= after.Member) {
			continue
		}
		rank := uint16(g.top - x)
		g.count[rank]++
		members[n], ranks[n] = base|uint32(v), rank
		n++
	}
	g.members, g.ranks = g.members[:have+n], g.ranks[:have+n]
}

// sort is the members in order.
func (g *counted) sort() []uint32 {
	if g.width > 1 {
		return g.sortShared()
	}
	at := make([]uint32, len(g.count))
	n := uint32(0)
	for rank, c := range g.count {
		at[rank] = n
		n += c
	}
	out := make([]uint32, n)
	for i, rank := range g.ranks {
		out[at[rank]] = g.members[i]
		at[rank]++
	}
	g.members, g.ranks = nil, nil
	return out
}

func (g *counted) sorted(context.Context, *Order) ([]uint32, error) { return g.sort(), nil }

func (g *counted) each(ctx context.Context, _ *Order, yield func(Item, error) bool) {
	out, n := g.sort(), 0
	for rank, c := range g.count {
		x := Item{Score: g.turn * (g.top - int64(rank))}
		for _, m := range out[:c] {
			x.Member = m
			if n++; n%between == 0 && ctx.Err() != nil {
				yield(Item{}, ctx.Err())
				return
			}
			if !yield(x, nil) {
				return
			}
		}
		out = out[c:]
	}
}
