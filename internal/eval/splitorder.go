package eval

import (
	"context"
	"sync"
)

// The whole order, shared. First the members of every range are counted: then each
// range knows its place among those gathered, and is gathered there by whoever takes
// it. Behind a cursor ranges turn out to have less, and all close up.

// shared is how several workers fill a gatherer: each by a gatherer of its own that
// writes to the room of the whole.
type shared interface {
	helper() gatherer
	open(whole gatherer, at int) // what is added goes there
	filled() int                 // the place after what has been added
	join(helper gatherer)        // takes over what the helper knows besides
	closeUp(room []places)
	by(width int) // no more than so many may sort
}

// places are some of the places among the members gathered.
type places struct{ from, to int }

// gatherShared is gather by several workers.
func (p *Program) gatherShared(ctx context.Context, width int, o *Order, after *Item) (gatherer, error) {
	s := p.split(ctx, width)
	defer s.free()
	c := s.count.reset(all)
	c.each = make([]int, s.parts)
	if _, err := c.do(s); err != nil {
		return nil, err
	}
	t := &collector{order: o, after: after, room: make([]places, s.parts)}
	n := 0
	for i, k := range c.each {
		t.room[i] = places{n, n}
		n += k
	}
	t.whole = newGatherer(p, o, n)
	if err := s.each(t, 0); err != nil {
		return nil, err
	}
	t.whole.closeUp(t.room)
	t.whole.by(width)
	return t.whole, nil
}

// collector is the task of gathering.
type collector struct {
	order *Order
	after *Item
	mu    sync.Mutex
	whole gatherer
	room  []places // of each range, as far as it is filled
}

func (t *collector) visit(r *run) {
	g, s := t.whole.helper(), r.ordering(t.order)
	for r.step() {
		at := &t.room[r.part]
		g.open(t.whole, at.to)
		r.gather(s, g, t.after)
		at.to = g.filled()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.whole.join(g)
}

// closeUp moves what is at the places together.
func closeUp[T any](all []T, room []places) []T {
	n := 0
	for _, x := range room {
		if x.from > n {
			copy(all[n:cap(all)], all[x.from:x.to])
		}
		n += x.to - x.from
	}
	return all[:n]
}

func (g *counted) helper() gatherer {
	return &counted{top: g.top, turn: g.turn, count: make([]uint32, len(g.count))}
}

func (g *counted) open(whole gatherer, at int) {
	w := whole.(*counted)
	g.members, g.ranks = w.members[:at], w.ranks[:at]
}

func (g *counted) filled() int { return len(g.members) }

func (g *counted) join(helper gatherer) {
	for rank, n := range helper.(*counted).count {
		g.count[rank] += n
	}
}

func (g *counted) closeUp(room []places) {
	g.members, g.ranks = closeUp(g.members, room), closeUp(g.ranks, room)
}

// A piece of fewer members than there are ranks is not worth its table of ranks, which
// is taken for all pieces at once, however many workers there may be.
func (g *counted) by(width int) { g.width = min(width, len(g.members)/len(g.count)) }

func (g *keyed) helper() gatherer { return new(keyed) }

func (g *keyed) open(whole gatherer, at int) {
	w := whole.(*keyed)
	g.members = w.members[:at]
	if w.scores != nil {
		g.scores = w.scores[:at]
	}
	for k := range w.values {
		if w.values[k] != nil {
			g.values[k], g.has[k] = w.values[k][:at], w.has[k][:at]
		}
	}
}

func (g *keyed) filled() int { return len(g.members) }

func (g *keyed) join(gatherer) {}

func (g *keyed) closeUp(room []places) {
	g.members = closeUp(g.members, room)
	if g.scores != nil {
		g.scores = closeUp(g.scores, room)
	}
	for k := range g.values {
		if g.values[k] != nil {
			g.values[k], g.has[k] = closeUp(g.values[k], room), closeUp(g.has[k], room)
		}
	}
}

// Radix sort is not shared: each pass needs the one before.
func (g *keyed) by(int) {}
