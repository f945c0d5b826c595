package eval

import (
	"math"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Scores of many members of a block: an accumulator for each of the 65,536, to
// which every term adds its weight. It costs a step for each member of a term in an
// array, the same for all terms in bits, whatever their number of members, and
// clearing the accumulators. Terms in arrays and runs add without regard to the
// result; what it does not ask for is never read.
//
// Sums are 16 bits wide where the scores that are possible in the block differ by no
// more, for they are wanted modulo 2^16 then: that is a vector of 16 to add to, and
// 128 KiB, which fit the second cache. Else they are 32 bits wide unless all weights
// together could exceed that.

// accumulate scores all of b, the result in the block at hand.
func (s *ordering) accumulate(b bitmap.Block) {
	s.added = true
	switch t := &s.terms; {
	case t.narrow():
		s.accumulateShort(b)
	case t.wide:
		if s.wide == nil {
			s.wide = new([bitmap.BlockSize]int64)
		}
		accumulate(s, s.wide, b)
	default:
		if s.sum == nil {
			s.sum = new([bitmap.BlockSize]int32)
		}
		accumulate(s, s.sum, b)
	}
}

// narrow tells whether scores in the block at hand differ by less than 2^16.
func (t *terms) narrow() bool { return t.high-t.low <= math.MaxUint16 }

// sums sets the scores of a stretch from the accumulators.
func (s *ordering) sums(a []uint16) {
	out, t := s.scores[:len(a)], &s.terms
	switch {
	case t.narrow():
		least := uint16(t.low - t.base)
		for i, v := range a {
			out[i] = t.low + int64(s.short[v]-least)
		}
	case t.wide:
		for i, v := range a {
			out[i] = s.wide[v] + t.base
		}
	default:
		for i, v := range a {
			out[i] = int64(s.sum[v]) + t.base
		}
	}
}

// runsAsBits is how many members runs have to have together for it to be cheaper to
// set them out as bits.
const runsAsBits = 1024

func (s *ordering) accumulateShort(b bitmap.Block) {
	if s.short == nil {
		s.short = new(bitmap.Sums)
	}
	sum, r := s.short, s.r
	*sum = bitmap.Sums{}
	m := r.mark()
	defer r.release(m)
	room := r.bits()
	within := bitsOf(r, b)
	for _, k := range s.terms.here {
		x := &s.terms.all[k]
		was := x.loaded
		x.load(r.num, room)
		switch w := uint16(x.weight); {
		case x.block.Form() == bitmap.Bits:
			bitmap.AddBoth(sum, x.block.Words(), within, w)
		case x.block.Form() == bitmap.Runs && x.block.Len() >= runsAsBits:
			x.block.CopyTo(room)
			bitmap.AddBoth(sum, room, within, w)
		default:
			addBlock((*[bitmap.BlockSize]uint16)(sum), x.block, w)
		}
		x.loaded = was // room is used again
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
		if x.block.Form() == bitmap.Bits {
			bitmap.And(both, x.block.Words(), within)
			for _, v := range s.list[:bitmap.DecodeLow(s.list[:], both)] {
				sum[v] += w
			}
		} else {
			addBlock(sum, x.block, w)
		}
		x.loaded = was // room is used again
	}
}

// addBlock adds w to the sums of the members of b, an array or runs.
func addBlock[W uint16 | int32 | int64](sum *[bitmap.BlockSize]W, b bitmap.Block, w W) {
	switch b.Form() {
	case bitmap.Array:
		for _, v := range b.Array() {
			sum[v] += w
		}
	case bitmap.Runs:
		for _, run := range b.Runs() {
			part := sum[run.Start : int(run.Last)+1]
			for i := range part {
				part[i] += w
			}
		}
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
