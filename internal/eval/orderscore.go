package eval

import (
	"context"
	"math"
)

// The first k by score. The k-th best so far is a threshold for everyone after
// it, in this block and all later ones. A block is passed over, and the
// expression not evaluated in it, if its terms together do not reach the
// threshold. Blocks come in ascending order, so among equals those kept are the
// smaller members, and another has to be truly better.

func (p *Program) topByScore(ctx context.Context, o *Order, k int, after *Item) ([]Item, error) {
	r, root := p.start(), p.root()
	defer r.stop()
	s := r.ordering(o)
	h := best{o: o, k: k}
	wait := patience{ctx: ctx}
	for from := uint32(0); r.advance(from); from = r.num + 1 {
		if err := wait.err(); err != nil {
			return nil, err
		}
		s.seek()
		need, most := s.band(&h, after)
		if s.terms.high < need || s.terms.low > most || !r.possible(root) {
			continue
		}
		m := r.mark()
		if v := r.counted(r.eval(root)); v.n > 0 {
			s.pick(&h, v, after)
		}
		r.release(m)
	}
	return h.sorted(), nil
}

// band is between which scores, turned, a member has to be.
func (s *ordering) band(h *best, after *Item) (need, most int64) {
	need, most = math.MinInt64, math.MaxInt64
	if after != nil {
		most = s.terms.turn * after.Score
	}
	if h.full() {
		need = s.terms.turn * h.last().Score
		if s.o.simple() {
			need++
		}
	}
	return need, most
}

// pick offers the heap what may be among the first of v.
func (s *ordering) pick(h *best, v value, after *Item) {
	switch s.method(v.b, v.n, h.k <= v.n/siftPart) {
	case SliceMethod:
		s.sift(h, bitsOf(s.r, v.b), after)
		return
	case AddMethod:
		s.accumulate(v.b)
	}
	s.offerScores(h, s.members(v.b), after)
}

// siftPart is of how many members the heap must hold no more than one for most to
// be ruled out before it is full.
const siftPart = 4

// offerScores scores the members a of the block at hand and offers the heap those
// within the band.
func (s *ordering) offerScores(h *best, a []uint16, after *Item) {
	for len(a) > 0 {
		n := min(len(a), stretch)
		s.offerScored(h, a[:n], after)
		a = a[n:]
	}
}

// offerScored scores a stretch and offers the heap those within the band.
func (s *ordering) offerScored(h *best, a []uint16, after *Item) {
	need, most := s.band(h, after)
	s.score(a)
	n := 0
	for i, v := range a {
		x := s.scores[i]
		s.picked[n], s.scores[n] = v, x
		if need <= x && x <= most {
			n++
		}
	}
	a = s.picked[:n]
	if n == 0 {
		return
	}
	for k := range s.o.Keys {
		s.gather(k, a)
	}
	for i := range a {
		if s.scores[i] < need {
			continue
		}
		if x := s.item(a, i); s.o.isAfter(&x, after) {
			h.offer(&x)
			need, _ = s.band(h, after)
		}
	}
}
