package eval

import (
	"math/bits"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Short arrays are counted by a counter of a byte for every member: as many steps
// as the arrays have values, however many members a block has (ScanCount: C. Li,
// J. Lu, Y. Lu, "Efficient Merging and Filtering Algorithms for Approximate
// String Searches", ICDE 2008). Afterwards the same values clear the counters.

const (
	// scanPer is how many values an array may have on average: with more, bit
	// planes take less than a step a value.
	scanPer = 400
	// scanOperands is what a byte can count, and one to spare.
	scanOperands = 254
)

// scan is the members of between lo and hi of list, 1 ≤ lo, if all operands
// are short here: leaves in arrays or runs, and operators with low bounds.
func (r *run) scan(list []int32, lo, hi int, count bool) (value, bool) {
	if !r.scannable(list) {
		return value{}, false
	}
	if r.seen == nil {
		r.seen = new([bitmap.BlockSize]uint8)
	}
	var d *bitmap.Words
	if !count {
		d = r.bits()
		*d = bitmap.Words{}
	}
	from := len(r.blocks)
	for _, id := range list {
		if v := r.operand(id); v.n != 0 {
			r.blocks = append(r.blocks, v.b)
		}
	}
	s := scanner{seen: r.seen, d: d, lo: uint8(lo), over: uint8(min(hi, scanOperands) + 1)}
	for _, b := range r.blocks[from:] {
		s.add(b)
	}
	for _, b := range r.blocks[from:] {
		s.forget(b)
	}
	if s.n == 0 || count {
		return value{n: s.n}, true
	}
	return value{bitmap.ScratchWords(uint16(r.num), d, s.n), s.n}, true
}

func (r *run) scannable(list []int32) bool {
	if len(list) > scanOperands {
		return false
	}
	sum, operators := 0, 0
	for _, id := range list {
		if leaf := r.leafOf[id]; leaf < 0 {
			operators++
		} else if r.block(leaf).Form() == bitmap.Bits {
			return false
		}
		if sum += r.bound(id); sum > scanPer*len(list) || operators > countHeld {
			return false
		}
	}
	return true
}

// scanner counts values. n is how many have reached lo but not over; they are
// set in d, if there is one.
type scanner struct {
	seen     *[bitmap.BlockSize]uint8
	d        *bitmap.Words
	lo, over uint8
	n        int
}

func (s *scanner) add(b bitmap.Block) {
	switch b.Form() {
	case bitmap.Array:
		if s.d == nil {
			s.n += countScan(s.seen, b.Array(), s.lo, s.over)
			return
		}
		for _, v := range b.Array() {
			s.value(v)
		}
	case bitmap.Runs:
		for _, x := range b.Runs() {
			for v := int(x.Start); v <= int(x.Last); v++ {
				s.value(uint16(v))
			}
		}
	case bitmap.Bits:
		for k, x := range b.Words() {
			for ; x != 0; x &= x - 1 {
				s.value(uint16(k<<6 | bits.TrailingZeros64(x)))
			}
		}
	}
}

// countScan is add for an array when only the number is wanted.
func countScan(seen *[bitmap.BlockSize]uint8, a []uint16, lo, over uint8) int {
	n := 0
	for _, v := range a {
		c := seen[v] + 1
		seen[v] = c
		if c == lo {
			n++
		}
		if c == over {
			n--
		}
	}
	return n
}

func (s *scanner) value(v uint16) {
	s.seen[v]++
	switch s.seen[v] {
	case s.lo:
		s.n++
		if s.d != nil {
			s.d[v>>6] |= 1 << (v & 63)
		}
	case s.over:
		s.n--
		if s.d != nil {
			s.d[v>>6] &^= 1 << (v & 63)
		}
	}
}

// forget clears the counters of b's values.
func (s *scanner) forget(b bitmap.Block) {
	switch b.Form() {
	case bitmap.Array:
		for _, v := range b.Array() {
			s.seen[v] = 0
		}
	case bitmap.Runs:
		for _, x := range b.Runs() {
			clear(s.seen[x.Start : int(x.Last)+1])
		}
	case bitmap.Bits:
		for k, x := range b.Words() {
			for ; x != 0; x &= x - 1 {
				s.seen[k<<6|bits.TrailingZeros64(x)] = 0
			}
		}
	}
}
