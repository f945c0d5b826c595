package eval

import (
	"context"
	"math"
	"sync"
	"sync/atomic"
)

// The first k, shared. Every worker keeps the first k of its own blocks, and the
// first k of all those are the answer. As soon as one of the heaps is full, what
// comes after its last item is out for everyone, so its first key is told to the
// others: they pass over what one heap alone would have, or hardly less.

// bar is the first key that any member has to reach, as far as the workers have told
// each other: a score, turned, or a value, turned so that the greater comes first.
type bar struct{ at atomic.Int64 }

func newBar() *bar {
	b := new(bar)
	b.at.Store(math.MinInt64)
	return b
}

// raise makes it at least x.
func (b *bar) raise(x int64) {
	for {
		at := b.at.Load()
		if x <= at || b.at.CompareAndSwap(at, x) {
			return
		}
	}
}

// tell raises the bar to the heap's last item.
func (s *ordering) tell(h *best) {
	if h.bar == nil || !h.full() {
		return
	}
	last := h.last()
	if s.o.first().Kind == ByScore {
		h.bar.raise(s.terms.turn * last.Score)
	} else if at := s.placeOf(last.Values[0], last.Has&1 != 0); !at.unset {
		h.bar.raise(^at.value)
	}
}

// topShared is top by several workers. The caller begins with the leaders while the
// others are on their way.
func (p *Program) topShared(ctx context.Context, width int, t *topping) ([]Item, error) {
	s := p.split(ctx, width)
	defer s.free()
	x := &topper{topping: t, bar: newBar()}
	if err := s.each(x, 0); err != nil {
		return nil, err
	}
	return x.items, nil
}

// topper is the task of finding the first k.
type topper struct {
	*topping
	bar   *bar
	led   atomic.Bool // somebody sees to the leaders
	mu    sync.Mutex
	items []Item // the first k of those who are done
}

func (x *topper) visit(r *run) {
	h := newBest(x.o, x.k)
	h.bar = x.bar
	if !x.led.Swap(true) {
		if r.err = x.lead(r.wait.ctx, h); r.err != nil {
			return
		}
	}
	x.follow(r, h)
	items := h.sorted()
	x.mu.Lock()
	defer x.mu.Unlock()
	x.items = x.o.firstOf(x.items, items, x.k)
}

// firstOf is the first k of two lists in order.
func (o *Order) firstOf(a, b []Item, k int) []Item {
	if len(a) == 0 || len(b) == 0 {
		return append(a, b...)
	}
	out := make([]Item, 0, min(k, len(a)+len(b)))
	for len(out) < cap(out) {
		if len(b) == 0 || len(a) > 0 && o.compare(&a[0], &b[0]) < 0 {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return out
}
