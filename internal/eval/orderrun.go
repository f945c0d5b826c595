package eval

import (
	"github.com/tagroar/tagroar/internal/bitmap"
)

// ordering is a run's scratch for orders: the terms, the members of the block at
// hand as a list, and what is known of a stretch of them. It stays with the run.
type ordering struct {
	r       *run
	o       *Order
	terms   terms
	list    [bitmap.BlockSize]uint16
	short   *bitmap.Sums             // accumulators; see orderadd.go
	sum     *[bitmap.BlockSize]int32 // the same for scores that are further apart
	wide    *[bitmap.BlockSize]int64 // the same for sums that need it; not kept
	table   bitmap.Words             // all clear between uses; see orderprobe.go
	placing placing                  // see orderplacing.go
	left    []int32                  // terms that it leaves
	added   bool                     // the accumulators hold the block at hand
	adders  adders                   // see orderslices.go
	sliced  bool                     // they hold the block at hand

	scores [stretch]int64
	values [MaxKeys][stretch]int64
	has    [MaxKeys][stretch]bool
	kept   [stretch]uint16 // those of a stretch that a predicate keeps
	picked [stretch]uint16 // those of a stretch that are wanted
}

// stretch is how many members are looked at together: their scores and values
// stay in the nearest cache.
const stretch = 1024

// ordering is the run's scratch for o.
func (r *run) ordering(o *Order) *ordering {
	if r.order == nil {
		r.order = new(ordering)
	}
	s := r.order
	s.r, s.o, s.added, s.sliced = r, o, false, false
	s.terms.reset(o)
	return s
}

// stop lets go of all sets, and of what is rarely needed.
func (s *ordering) stop() {
	s.terms.drop()
	s.adders.drop()
	s.r, s.o, s.wide = nil, nil, nil
}

// seek makes the run's block the block at hand of all terms.
func (s *ordering) seek() {
	if s.terms.num != s.r.num {
		s.added = false
		s.terms.seek(s.r.num)
	}
}

// members are the low halves of b's members: b's own, or over s.list.
func (s *ordering) members(b bitmap.Block) []uint16 {
	switch b.Form() {
	case bitmap.Array:
		return b.Array()
	case bitmap.Runs:
		n := 0
		for _, x := range b.Runs() {
			part := s.list[n : n+int(x.Last-x.Start)+1]
			for i := range part {
				part[i] = x.Start + uint16(i)
			}
			n += len(part)
		}
		return s.list[:n]
	case bitmap.Bits:
		return s.list[:bitmap.DecodeLow(s.list[:], b.Words())]
	}
	return nil
}

// item is the member a[i] of a stretch whose scores and values are known.
func (s *ordering) item(a []uint16, i int) Item {
	x := Item{Member: s.r.num<<16 | uint32(a[i]), Score: s.terms.turn * s.scores[i]}
	for k := range s.o.Keys {
		if s.o.Keys[k].Kind == ByColumn && s.has[k][i] {
			x.Values[k], x.Has = s.values[k][i], x.Has|1<<k
		}
	}
	return x
}

// gather gets key k's values of a stretch, if it is a column.
func (s *ordering) gather(k int, a []uint16) {
	if key := &s.o.Keys[k]; key.Kind == ByColumn {
		key.Column.Gather(uint16(s.r.num), a, s.values[k][:len(a)], s.has[k][:len(a)])
	}
}
