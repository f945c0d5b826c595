package eval

import (
	"context"
	"math"
)

// The whole order: what the keys compare is found for every member, block by
// block, and then sorted without comparisons, by counting (ordercount.go) or digit
// by digit (orderradix.go). Blocks come in ascending order and both sorts are
// stable, so equals stay in ascending member.

func (p *Program) sorted(ctx context.Context, o *Order, after *Item, yield func(Item, error) bool) {
	var g gatherer = new(keyed)
	if o.countable() && p.options.Order != RadixMethod {
		g = newCounted(o)
	}
	if err := p.gatherAll(ctx, o, after, g); err != nil {
		yield(Item{}, err)
		return
	}
	g.each(ctx, o, yield)
}

// gatherer collects members with their scores and values, a stretch at a time,
// and then hands them out in order.
type gatherer interface {
	add(s *ordering, a []uint16, after *Item)
	each(ctx context.Context, o *Order, yield func(Item, error) bool)
}

func (p *Program) gatherAll(ctx context.Context, o *Order, after *Item, g gatherer) error {
	r, root := p.start(), p.root()
	defer r.stop()
	s := r.ordering(o)
	wait := patience{ctx: ctx}
	for from := uint32(0); r.advance(from); from = r.num + 1 {
		if err := wait.err(); err != nil {
			return err
		}
		if !r.possible(root) {
			continue
		}
		m := r.mark()
		if v := r.counted(r.eval(root)); v.n > 0 {
			s.seek()
			if s.method(v.b, v.n, false) == AddMethod {
				s.accumulate(v.b)
			}
			for a := s.members(v.b); len(a) > 0; {
				n := min(len(a), stretch)
				s.complete(a[:n])
				g.add(s, a[:n], after)
				a = a[n:]
			}
		}
		r.release(m)
	}
	return nil
}

// keyed is members with all that the keys compare, in ascending member.
type keyed struct {
	members []uint32
	scores  []int64 // if there are terms
	values  [MaxKeys][]int64
	has     [MaxKeys][]bool
	turn    int64
}

func (g *keyed) add(s *ordering, a []uint16, after *Item) {
	g.turn = s.terms.turn
	for i, v := range a {
		if after != nil {
			if x := s.item(a, i); s.o.compare(&x, after) <= 0 {
				continue
			}
		}
		g.members = append(g.members, s.r.num<<16|uint32(v))
		if len(s.o.Terms) > 0 {
			g.scores = append(g.scores, g.turn*s.scores[i])
		}
		for k := range s.o.Keys {
			if s.o.Keys[k].Kind == ByColumn {
				g.values[k] = append(g.values[k], s.values[k][i])
				g.has[k] = append(g.has[k], s.has[k][i])
			}
		}
	}
}

// item is the i-th member.
func (g *keyed) item(o *Order, i uint32) Item {
	x := Item{Member: g.members[i]}
	if g.scores != nil {
		x.Score = g.scores[i]
	}
	for k := range o.Keys {
		if o.Keys[k].Kind == ByColumn && g.has[k][i] {
			x.Values[k], x.Has = g.values[k][i], x.Has|1<<k
		}
	}
	return x
}

// between is how many members are handed out between two looks at the context.
const between = 1 << 16

func (g *keyed) each(ctx context.Context, o *Order, yield func(Item, error) bool) {
	order, err := g.sort(ctx, o)
	if err != nil {
		yield(Item{}, err)
		return
	}
	for n, i := range order {
		if n%between == between-1 && ctx.Err() != nil {
			yield(Item{}, ctx.Err())
			return
		}
		if !yield(g.item(o, i), nil) {
			return
		}
	}
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
