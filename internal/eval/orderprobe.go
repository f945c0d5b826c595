package eval

import (
	"math"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Scores of few members: every term in turn is asked about all of them, which is
// the intersection of the two blocks with the positions kept. It costs a step a
// member and term in bits, a merge or a search otherwise, and nothing for the
// members that are not asked about. Of many members the terms in arrays and runs are
// not asked in turn, but looked for: orderplacing.go.
//
// Terms come by falling weight, so that where only scores from some number on are
// wanted, members that all terms to come cannot lift so high are asked about no
// more (H. Turtle, J. Flood, "Query Evaluation: Strategies and Optimizations",
// IP&M 31(6), 1995, there member by member).

// score sets the scores of a stretch of the block at hand.
func (s *ordering) score(a []uint16) {
	sums := s.scores[:len(a)]
	switch {
	case s.added:
		s.sums(a)
	case s.sliced:
		for i := range sums {
			sums[i] = s.terms.base
		}
		s.adders.probe(sums, a, &s.terms)
		s.askAll(sums, a, s.adders.rare)
	default:
		s.askAll(sums, a, s.start(a))
	}
}

func (s *ordering) askAll(sums []int64, a []uint16, terms []int32) {
	for _, k := range terms {
		s.ask(sums, a, &s.terms.all[k])
	}
}

// scoreFrom scores those of a whose score is at least need, and perhaps others, and
// returns them.
func (s *ordering) scoreFrom(a []uint16, need int64) []uint16 {
	t := &s.terms
	if s.added || s.sliced || need <= t.low {
		s.score(a)
		return a
	}
	left := s.start(a)
	rest := int64(0) // what the terms to come add at most
	for _, k := range left {
		rest += max(t.all[k].weight, 0)
	}
	from := need - t.base // below this who is in no term so far is out
	for _, k := range left {
		if rest < from {
			a = s.keepBand(a, need-rest, math.MaxInt64)
			if len(a) == 0 {
				break
			}
			from = rest / 2 // looking through them costs as much as a term
		}
		x := &t.all[k]
		s.ask(s.scores[:len(a)], a, x)
		rest -= max(x.weight, 0)
	}
	return a
}

// keepBand is those of a, a stretch, whose scores are from need to most. Whether one is
// kept cannot be predicted, so it is no branch.
func (s *ordering) keepBand(a []uint16, need, most int64) []uint16 {
	if need > most {
		return nil
	}
	n, span := 0, uint64(most)-uint64(need)
	for i, v := range a {
		x := s.scores[i%stretch]
		s.picked[n%stretch], s.scores[n%stretch] = v, x
		if uint64(x)-uint64(need) <= span { // distances from need, modulo 2^64
			n++
		}
	}
	return s.picked[:n]
}

// ask adds a term's weight to the sums of those of a that are in it.
func (s *ordering) ask(sums []int64, a []uint16, x *term) {
	if x.loaded {
		s.probe(sums, a, x.block, x.weight)
		return
	}
	kept := x.where.Filter(uint16(s.r.num), append(s.kept[:0], a...), true)
	mergeArrays(sums, a, kept, x.weight)
}

// probe adds w to the sums of those of a that are in b.
func (s *ordering) probe(sums []int64, a []uint16, b bitmap.Block, w int64) {
	switch b.Form() {
	case bitmap.Bits:
		bitmap.AddWhere(sums, a, b.Words(), w)
	case bitmap.Array:
		s.probeArray(sums, a, b.Array(), w)
	case bitmap.Runs:
		probeRuns(sums, a, b.Runs(), w)
	}
}

// Chosen as where package bitmap filters arrays: search in one many times as long,
// merge the very short, scatter and ask bit by bit otherwise.
const (
	gallopFrom = 16
	mergeUpTo  = 32
)

func (s *ordering) probeArray(sums []int64, a, b []uint16, w int64) {
	switch {
	case len(b) > gallopFrom*len(a):
		for i, v := range a {
			b = b[gallop(b, v):]
			if len(b) == 0 {
				return
			}
			if b[0] == v {
				sums[i] += w
			}
		}
	case len(a) > gallopFrom*len(b):
		for _, v := range b {
			k := gallop(a, v)
			a, sums = a[k:], sums[k:]
			if len(a) == 0 {
				return
			}
			if a[0] == v {
				sums[0] += w
			}
		}
	case len(a)+len(b) <= mergeUpTo:
		mergeArrays(sums, a, b, w)
	default:
		t := &s.table
		for _, v := range b {
			t[v>>6] |= 1 << (v & 63)
		}
		bitmap.AddWhere(sums, a, t, w)
		for _, v := range b {
			t[v>>6] = 0
		}
	}
}

func mergeArrays(sums []int64, a, b []uint16, w int64) {
	sums = sums[:len(a)]
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		v, x := a[i], b[j]
		if v == x {
			sums[i] += w
		}
		if v <= x {
			i++
		}
		if x <= v {
			j++
		}
	}
}

func probeRuns(sums []int64, a []uint16, runs []bitmap.Run, w int64) {
	if len(a) < 4*len(runs) {
		sums = sums[:len(a)]
		for i, j := 0, 0; i < len(a) && j < len(runs); {
			v, r := a[i], runs[j]
			if v > r.Last {
				j++
				continue
			}
			if r.Start <= v {
				sums[i] += w
			}
			i++
		}
		return
	}
	for _, r := range runs {
		k := gallop(a, r.Start)
		a, sums = a[k:], sums[k:]
		k = len(a)
		if r.Last < bitmap.BlockSize-1 {
			k = gallop(a, r.Last+1)
		}
		for i := range sums[:k] {
			sums[i] += w
		}
		if a, sums = a[k:], sums[k:]; len(a) == 0 {
			return
		}
	}
}

// gallop is the index of the first element of a that is at least v, found in
// steps that double.
func gallop(a []uint16, v uint16) int {
	lo, step := 0, 1
	for lo+step <= len(a) && a[lo+step-1] < v {
		lo += step
		step <<= 1
	}
	hi := min(lo+step, len(a))
	for lo < hi {
		if m := int(uint(lo+hi) >> 1); a[m] < v {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}
