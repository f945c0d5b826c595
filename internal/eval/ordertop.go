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
	h := newBest(o, k)
	first, err := p.leaders(ctx, o)
	if err != nil {
		return nil, err
	}
	t := topRun{p: p, o: o, h: h, after: after}
	if len(first) > 0 {
		if err := t.visit(ctx, first, nil); err != nil {
			return nil, err
		}
	}
	if err := t.visit(ctx, nil, first); err != nil {
		return nil, err
	}
	return h.sorted(), nil
}

type topRun struct {
	p     *Program
	o     *Order
	h     *best
	after *Item
}

// visit offers the heap the members of the blocks in only, or of all but those in
// not if there are none. Both are ascending.
func (t topRun) visit(ctx context.Context, only, not []uint32) error {
	r, root := t.p.start(), t.p.root()
	defer r.stop()
	s := r.ordering(t.o)
	scored := t.o.first().Kind == ByScore
	wait := patience{ctx: ctx}
	for from, i := uint32(0), 0; ; from = r.num + 1 {
		if only != nil {
			if i == len(only) {
				return nil
			}
			from = only[i]
			i++
		}
		if !r.advance(from) {
			return nil
		}
		if err := wait.err(); err != nil {
			return err
		}
		if slices.Contains(not, r.num) {
			continue
		}
		if scored && !s.promising(t.h, t.after) || !scored && !s.valuable(t.h, t.after) || !r.possible(root) {
			continue
		}
		m := r.mark()
		if v := r.counted(r.eval(root)); v.n > 0 {
			s.seek()
			if scored {
				s.pick(t.h, v, t.after)
			} else {
				s.pickValued(t.h, v, t.after)
			}
		}
		r.release(m)
	}
}

// leaders are the blocks with the best bounds, ascending; none if all are alike.
func (p *Program) leaders(ctx context.Context, o *Order) ([]uint32, error) {
	r := p.start()
	defer r.stop()
	s := r.ordering(o)
	wait := patience{ctx: ctx}
	var nums [leaders]uint32
	var bounds [leaders]int64 // falling
	n, least, most := 0, int64(math.MaxInt64), int64(math.MinInt64)
	for from := uint32(0); r.advance(from); from = r.num + 1 {
		if err := wait.err(); err != nil {
			return nil, err
		}
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
	if least >= most {
		return nil, nil
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
