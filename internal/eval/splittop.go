package eval

import (
	"context"
	"sync/atomic"
)

// The first k, shared. All workers have one heap, so that each passes over what any of
// them has ruled out. It is locked when it is looked at, once for a block or a stretch
// of some hundred members, and while the few that pass are offered.

// topShared is top by several workers.
func (p *Program) topShared(ctx context.Context, width int, t *topping, h *best) error {
	s := p.split(ctx, width)
	defer s.free()
	h.shared = true
	return s.each(&topper{topping: t, heap: h}, 0)
}

// topper is the task of finding the first k.
type topper struct {
	*topping
	heap *best
	led  atomic.Bool // somebody sees to the leaders
}

// visit begins with the leaders in the first worker, while others are on their way.
func (x *topper) visit(r *run) {
	if !x.led.Swap(true) {
		if r.err = x.lead(r.wait.ctx, x.heap); r.err != nil {
			return
		}
	}
	x.follow(r, x.heap)
}
