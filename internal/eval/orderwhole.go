package eval

import (
	"context"
	"math"
)

// The whole order: what the keys compare is found for every member, block by
// block, and then sorted without comparisons, by counting (ordercount.go) or digit
// by digit (orderradix.go). Blocks come in ascending order and both sorts are
// stable, so equals stay in ascending member.

// gatherer collects members with their scores and values, a stretch at a time,
// and then hands them out in order: as items, or the members alone.
type gatherer interface {
	add(s *ordering, a []uint16, after *Item)
	each(ctx context.Context, o *Order, yield func(Item, error) bool)
	sorted(ctx context.Context, o *Order) ([]uint32, error)
	shared
}

func newGatherer(p *Program, o *Order, n int) gatherer {
	if o.countable() && p.options.Order != RadixMethod {
		return newCounted(o, n)
	}
	return newKeyed(o, n)
}

func (p *Program) gather(ctx context.Context, o *Order, after *Item) (gatherer, error) {
	if n := p.workers(p.wholeWork(o)); n > 1 {
		return p.gatherShared(ctx, n, o, after)
	}
	n, err := p.Count(ctx) // a fraction of the work, and nothing has to grow
	if err != nil {
		return nil, err
	}
	g := newGatherer(p, o, n)
	r := p.start(ctx)
	defer r.stop()
	s := r.ordering(o)
	for r.step() {
		r.gather(s, g, after)
	}
	return g, r.err
}

// gather adds the members of the block at hand.
func (r *run) gather(s *ordering, g gatherer, after *Item) {
	root := r.p.root()
	if !r.possible(root) {
		return
	}
	m := r.mark()
	defer r.release(m)
	v := r.counted(r.eval(root))
	if v.n == 0 {
		return
	}
	s.seek()
	if s.method(v.b, v.n, false) == AddMethod {
		s.accumulate(v.b)
	}
	for a := s.members(v.b); len(a) > 0; {
		n := min(len(a), stretch)
		g.add(s, a[:n], after)
		a = a[n:]
	}
}

// keyed is members with all that the keys compare, in ascending member.
type keyed struct {
	members []uint32
	scores  []int64 // if there are terms
	values  [MaxKeys][]int64
	has     [MaxKeys][]bool
}

func newKeyed(o *Order, n int) *keyed {
	g := &keyed{members: make([]uint32, 0, n)}
	if len(o.Terms) > 0 {
		g.scores = make([]int64, 0, n)
	}
	for k := range o.Keys {
		if o.Keys[k].Kind == ByColumn {
			g.values[k], g.has[k] = make([]int64, 0, n), make([]bool, 0, n)
		}
	}
	return g
}

func (g *keyed) add(s *ordering, a []uint16, after *Item) {
	s.complete(a)
	for i, v := range a {
		if after != nil {
			if x := s.item(a, i); s.o.compare(&x, after) <= 0 {
				continue
			}
		}
		g.members = append(g.members, s.r.num<<16|uint32(v))
		if len(s.o.Terms) > 0 {
			g.scores = append(g.scores, s.terms.turn*s.scores[i])
		}
		for k := range s.o.Keys {
			if s.o.Keys[k].Kind == ByColumn {
				g.values[k] = append(g.values[k], s.values[k][i])
				g.has[k] = append(g.has[k], s.has[k][i])
			}
		}
	}
}

// items sets out to the members at some places. They are far apart, so each array
// is gone through by itself: many of its cache lines are then asked for at once.
func (g *keyed) items(o *Order, out []Item, places []uint32) {
	for i, p := range places {
		out[i] = Item{Member: g.members[p]}
	}
	if g.scores != nil {
		for i, p := range places {
			out[i].Score = g.scores[p]
		}
	}
	for k := range o.Keys {
		if o.Keys[k].Kind != ByColumn {
			continue
		}
		for i, p := range places {
			if g.has[k][p] {
				out[i].Values[k] = g.values[k][p]
				out[i].Has |= 1 << k
			}
		}
	}
}

// between is how many members are handed out between two looks at the context.
const between = 1 << 16

func (g *keyed) each(ctx context.Context, o *Order, yield func(Item, error) bool) {
	order, err := g.sort(ctx, o)
	if err != nil {
		yield(Item{}, err)
		return
	}
	var room [256]Item
	for n := 0; len(order) > 0; n++ {
		if n%(between/len(room)) == 1 && ctx.Err() != nil {
			yield(Item{}, ctx.Err())
			return
		}
		part := room[:min(len(order), len(room))]
		g.items(o, part, order[:len(part)])
		order = order[len(part):]
		for i := range part {
			if !yield(part[i], nil) {
				return
			}
		}
	}
}

func (g *keyed) sorted(ctx context.Context, o *Order) ([]uint32, error) {
	order, err := g.sort(ctx, o)
	for i, p := range order {
		order[i] = g.members[p]
	}
	return order, err
}

// span is between which scores all members lie.
func (o *Order) span() (low, high int64) {
	for _, t := range o.Terms {
		low += min(t.Weight, 0)
		high += max(t.Weight, 0)
	}
	return low, high
}

// countable tells whether the order can be sorted by counting: it is by score
// alone, and there are few scores.
func (o *Order) countable() bool {
	low, high := o.span()
	return o.first().Kind == ByScore && o.simple() && high-low <= math.MaxUint16
}
