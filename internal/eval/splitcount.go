package eval

import (
	"context"
	"sync/atomic"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Counts that are shared.

// counter is the task of counting, until there are enough.
type counter struct {
	enough int64
	pair   bool // the members of both leaves of a pair
	a, b   int32
	total  atomic.Int64
	each   []int // by range, if that is wanted
}

func (c *counter) visit(r *run) {
	root, n := r.p.root(), 0
	for r.step() {
		k := 0
		switch {
		case c.pair:
			k = bitmap.AndCount(*r.block(c.a), *r.block(c.b))
		case r.possible(root):
			k = r.count(root)
		}
		n += k
		if c.each != nil {
			c.each[r.part] += k
		}
		if c.enough < all && c.total.Add(int64(k)) >= c.enough {
			r.split.halt()
		}
	}
	if c.enough == all {
		c.total.Add(int64(n))
	}
}

// reset is the counter for another count.
func (c *counter) reset(enough int64) *counter {
	c.enough, c.pair, c.each = enough, false, nil
	c.total.Store(0)
	return c
}

// countShared is countTo by several workers.
func (p *Program) countShared(ctx context.Context, width int, enough int64) (int, error) {
	s := p.split(ctx, width)
	defer s.free()
	return s.count.reset(enough).do(s)
}

// pairShared is the number of members that two leaves share, by several workers.
func (p *Program) pairShared(ctx context.Context, width int, a, b int32) (int, error) {
	s := p.split(ctx, width)
	defer s.free()
	c := s.count.reset(all)
	c.pair, c.a, c.b = true, a, b
	return c.do(s)
}

func (c *counter) do(s *split) (int, error) {
	if err := s.each(c, 0); err != nil {
		return 0, err
	}
	return int(c.total.Load()), nil
}
