package eval

import (
	"context"
	"math"
)

// By member nothing has to be sorted. Ascending, blocks are evaluated as they are
// asked for; descending, the result is built first, and walked backwards.

func (p *Program) byMember(ctx context.Context, o *Order, desc bool, after *Item, yield func(Item, error) bool) {
	if desc {
		p.backwards(ctx, o, after, yield)
		return
	}
	first := uint32(0)
	if after != nil {
		if after.Member == math.MaxUint32 {
			return
		}
		first = after.Member + 1
	}
	r, root := p.start(ctx), p.root()
	defer r.stop()
	r.from = first >> 16
	s := r.ordering(o)
	for r.step() {
		if !r.possible(root) {
			continue
		}
		m := r.mark()
		if v := r.counted(r.eval(root)); v.n > 0 {
			s.seek()
			a := s.members(v.b)
			if r.num == first>>16 {
				a = a[gallop(a, uint16(first)):]
			}
			if !s.yield(a, yield) {
				return
			}
		}
		r.release(m)
	}
	if r.err != nil {
		yield(Item{}, r.err)
	}
}

// yield hands the members a of the block at hand out, with scores and values.
func (s *ordering) yield(a []uint16, yield func(Item, error) bool) bool {
	for len(a) > 0 {
		n := min(len(a), stretch)
		s.complete(a[:n])
		for i := range n {
			if !yield(s.item(a, i), nil) {
				return false
			}
		}
		a = a[n:]
	}
	return true
}

// complete finds the scores and the values of a stretch.
func (s *ordering) complete(a []uint16) {
	s.score(a)
	for k := range s.o.Keys {
		s.gather(k, a)
	}
}

func (p *Program) backwards(ctx context.Context, o *Order, after *Item, yield func(Item, error) bool) {
	set, err := p.Set(ctx)
	if err != nil {
		yield(Item{}, err)
		return
	}
	r := p.start(ctx)
	defer r.stop()
	for i := set.NumBlocks() - 1; i >= 0; i-- {
		if err := r.wait.err(); err != nil {
			yield(Item{}, err)
			return
		}
		b := set.Block(i)
		r.num = uint32(b.Num())
		if after != nil && r.num > after.Member>>16 {
			continue
		}
		s := r.ordering(o) // anew: the terms cannot go back
		s.seek()
		a := s.members(b)
		if after != nil && r.num == after.Member>>16 {
			a = a[:gallop(a, uint16(after.Member))]
		}
		if !s.yieldBackwards(a, yield) {
			return
		}
	}
}

func (s *ordering) yieldBackwards(a []uint16, yield func(Item, error) bool) bool {
	for len(a) > 0 {
		n := min(len(a), stretch)
		part := a[len(a)-n:]
		s.complete(part)
		for i := n - 1; i >= 0; i-- {
			if !yield(s.item(part, i), nil) {
				return false
			}
		}
		a = a[:len(a)-n]
	}
	return true
}
