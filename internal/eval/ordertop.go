package eval

import (
	"context"
	"math"
	"slices"
)

// The first k. The k-th best so far is a threshold for everyone else, in this
// block and all others; a block is passed over, and the expression not evaluated
// in it, if what is known of it beforehand does not reach the threshold. So the
// most promising blocks come first, all others in ascending order after them:
// where values or tags go with the members, hardly any of those is looked into
// (the idea of R. Fagin, A. Lotem, M. Naor, "Optimal Aggregation Algorithms for
// Middleware", PODS 2001, on blocks).

// leaders is how many blocks come first: a few, since only their threshold is
// wanted, and they are evaluated though others might have ruled them out.
const leaders = 4

func (p *Program) top(ctx context.Context, o *Order, k int, after *Item) ([]Item, error) {
	first, err := p.leaders(ctx, o)
	if err != nil {
		return nil, err
	}
	t := topping{p: p, o: o, after: after, leaders: first}
	h := newBest(o, k)
	if n := p.workers(p.topWork(o)); n > 1 {
		if err := p.topShared(ctx, n, &t, h); err != nil {
			return nil, err
		}
		return h.sorted(), nil
	}
	if err := t.lead(ctx, h); err != nil {
		return nil, err
	}
	r := p.start(ctx)
	defer r.stop()
	t.follow(r, h)
	if r.err != nil {
		return nil, r.err
	}
	return h.sorted(), nil
}

// topping is what finding the first k is about.
type topping struct {
	p       *Program
	o       *Order
	after   *Item
	leaders []uint32
}

// lead offers the heap the members of the leaders.
func (t *topping) lead(ctx context.Context, h *best) error {
	if len(t.leaders) == 0 {
		return nil
	}
	r := t.p.start(ctx)
	defer r.stop()
	s := r.ordering(t.o)
	for _, num := range t.leaders {
		if err := r.wait.err(); err != nil {
			return err
		}
		if r.advance(num) {
			t.look(r, s, h)
		}
	}
	return nil
}

// follow offers the heap the members of all other blocks of the run.
func (t *topping) follow(r *run, h *best) {
	s := r.ordering(t.o)
	for r.step() {
		if !slices.Contains(t.leaders, r.num) {
			t.look(r, s, h)
		}
	}
}

// look offers the heap the members of the block at hand that it can want.
func (t *topping) look(r *run, s *ordering, h *best) {
	root, scored := t.p.root(), t.o.first().Kind == ByScore
	if scored && !s.promising(h, t.after) || !scored && !s.valuable(h, t.after) || !r.possible(root) {
		return
	}
	m := r.mark()
	if v := r.counted(r.eval(root)); v.n > 0 {
		s.seek()
		if scored {
			s.pick(h, v, t.after)
		} else {
			s.pickValued(h, v, t.after)
		}
	}
	r.release(m)
}

// leaders are the blocks with the best bounds, ascending; none if all are alike.
func (p *Program) leaders(ctx context.Context, o *Order) ([]uint32, error) {
	r := p.start(ctx)
	defer r.stop()
	s := r.ordering(o)
	var nums [leaders]uint32
	var bounds [leaders]int64 // falling
	n, least, most := 0, int64(math.MaxInt64), int64(math.MinInt64)
	for r.step() {
		b := s.bestOf()
		least, most = min(least, b), max(most, b)
		if n == leaders && b <= bounds[n-1] {
			continue
		}
		n = min(n+1, leaders)
		i := n - 1
		for ; i > 0 && bounds[i-1] < b; i-- {
			nums[i], bounds[i] = nums[i-1], bounds[i-1]
		}
		nums[i], bounds[i] = r.num, b
	}
	if least >= most || r.err != nil {
		return nil, r.err
	}
	first := nums[:n]
	slices.Sort(first)
	return first, nil
}

// bestOf is a bound of the first key in the block at hand; the greater, the
// better.
func (s *ordering) bestOf() int64 {
	key := s.o.first()
	if key.Kind == ByScore {
		s.seek()
		return s.terms.high
	}
	least, most, ok := key.Column.BlockBounds(uint16(s.r.num))
	switch {
	case !ok:
		return math.MinInt64
	case key.Desc:
		return most
	}
	return ^least
}

// settles tells whether a member of the block at hand comes after the heap's last
// if their first keys are equal: no other key tells them apart, and it is greater.
func (s *ordering) settles(h *best) bool {
	return s.o.simple() && s.r.num > h.last().Member>>16
}
