package eval

import "github.com/tagroar/tagroar/internal/bitmap"

// Scores of many members of a block: an accumulator for each of the 65,536, to
// which every term adds its weight member by member. It costs a step for each
// member of a term among those of the result, whatever their number, and clearing
// the accumulators: 256 KiB, which fit the second cache. Terms in arrays and runs
// add without regard to the result; what it does not ask for is never read.
// Sums are 32 bits wide unless all weights together could exceed that.

// accumulate scores all of b, the result in the block at hand.
func (s *ordering) accumulate(b bitmap.Block) {
	s.added = true
	if s.terms.wide {
		if s.wide == nil {
			s.wide = new([bitmap.BlockSize]int64)
		}
		accumulate(s, s.wide, b)
		return
	}
	if s.sum == nil {
		s.sum = new([bitmap.BlockSize]int32)
	}
	accumulate(s, s.sum, b)
}

// sums sets the scores of a stretch from the accumulators.
func (s *ordering) sums(a []uint16) {
	out := s.scores[:len(a)]
	base := s.terms.base
	if s.terms.wide {
		for i, v := range a {
			out[i] = s.wide[v] + base
		}
		return
	}
	for i, v := range a {
		out[i] = int64(s.sum[v]) + base
	}
}

func accumulate[W int32 | int64](s *ordering, sum *[bitmap.BlockSize]W, b bitmap.Block) {
	*sum = [bitmap.BlockSize]W{}
	r := s.r
	m := r.mark()
	defer r.release(m)
	room, both := r.bits(), r.bits()
	within := bitsOf(r, b)
	for _, k := range s.terms.here {
		x := &s.terms.all[k]
		was := x.loaded
		x.load(r.num, room)
		w := W(x.weight)
		switch x.block.Form() {
		case bitmap.Array:
			for _, v := range x.block.Array() {
				sum[v] += w
			}
		case bitmap.Runs:
			for _, run := range x.block.Runs() {
				part := sum[run.Start : int(run.Last)+1]
				for i := range part {
					part[i] += w
				}
			}
		case bitmap.Bits:
			bitmap.And(both, x.block.Words(), within)
			for _, v := range s.list[:bitmap.DecodeLow(s.list[:], both)] {
				sum[v] += w
			}
		}
		x.loaded = was // room is used again
	}
}

// bitsOf are the members of b as bits, b's own or in scratch.
func bitsOf(r *run, b bitmap.Block) *bitmap.Words {
	if b.Form() == bitmap.Bits {
		return b.Words()
	}
	w := r.bits()
	b.CopyTo(w)
	return w
}
