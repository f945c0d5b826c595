package eval

import "math"

// The first k by score: a block's bound is the sum of the weights that it has
// terms for.

// promising tells whether the scores of the block at hand reach into the band.
func (s *ordering) promising(h *best, after *Item) bool {
	s.seek()
	need, most := s.band(h, after)
	return need <= s.terms.high && s.terms.low <= most
}

// band is between which scores, turned, a member has to be.
func (s *ordering) band(h *best, after *Item) (need, most int64) {
	h.lock()
	defer h.unlock()
	return s.bandOf(h, after)
}

// bandOf is the band of a heap that is locked.
func (s *ordering) bandOf(h *best, after *Item) (need, most int64) {
	need, most = math.MinInt64, math.MaxInt64
	if after != nil {
		most = s.terms.turn * after.Score
	}
	if h.full() {
		need = s.terms.turn * h.last().Score
		if s.settles(h) {
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
	if a = s.keepBand(s.scoreFrom(a, need), need, most); len(a) == 0 {
		return
	}
	for k := range s.o.Keys {
		s.gather(k, a)
	}
	h.lock()
	defer h.unlock()
	need, _ = s.bandOf(h, after)
	for i := range a {
		if s.scores[i] < need {
			continue
		}
		if x := s.item(a, i); s.o.isAfter(&x, after) {
			h.offer(&x)
			need, _ = s.bandOf(h, after)
		}
	}
}
