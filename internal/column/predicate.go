package column

import (
	"cmp"
	"math"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// An Interval is a range of values, both ends included; empty if Lo > Hi.
type Interval struct{ Lo, Hi int64 }

// A Predicate is the members of a column whose value is in one of some
// intervals. It is immutable and safe for concurrent use. A member without a
// value is never in it.
type Predicate struct {
	column Column
	in     []Interval // ascending, disjoint, not adjacent, none empty
}

// Where is the predicate of the values in any of the intervals, which may be in
// any order and overlap.
func (c Column) Where(in ...Interval) *Predicate {
	return &Predicate{column: c, in: Normalize(in)}
}

// Normalize returns the same values as ascending intervals that neither overlap
// nor touch, none of them empty.
func Normalize(in []Interval) []Interval {
	s := slices.DeleteFunc(slices.Clone(in), func(x Interval) bool { return x.Lo > x.Hi })
	slices.SortFunc(s, func(a, b Interval) int { return cmp.Compare(a.Lo, b.Lo) })
	out := s[:0]
	for _, x := range s {
		if n := len(out); n > 0 && (out[n-1].Hi == math.MaxInt64 || x.Lo <= out[n-1].Hi+1) {
			out[n-1].Hi = max(out[n-1].Hi, x.Hi)
			continue
		}
		out = append(out, x)
	}
	return out
}

// Intervals are the values that satisfy the predicate, in normal form; not to
// be written.
func (p *Predicate) Intervals() []Interval { return p.in }

// Column is the column that the predicate speaks of.
func (p *Predicate) Column() Column { return p.column }

// Candidates are members that include those of the predicate: those that have a
// value. The evaluator walks its directory.
func (p *Predicate) Candidates() bitmap.Bitmap { return p.column.members }

// Bound is an upper bound of the predicate's members in block num, cheap to
// tell; 0 means none.
func (p *Predicate) Bound(num uint16) int {
	least, most, ok := p.column.BlockBounds(num)
	if !ok {
		return 0
	}
	for _, x := range p.in {
		if x.Lo <= most && least <= x.Hi {
			return p.column.members.Find(num).Len()
		}
	}
	return 0
}

// Block is the predicate's members in block num: a stored block, or one over w
// (see [bitmap.ScratchWords]) with its exact cardinality, or the empty block.
func (p *Predicate) Block(num uint16, w *bitmap.Words) bitmap.Block {
	*w = bitmap.Words{}
	n := 0
	for m, v := range p.column.All() {
		if uint16(m>>16) == num && p.Match(v) {
			w[uint16(m)>>6] |= 1 << (m & 63)
			n++
		}
	}
	if n == 0 {
		return bitmap.Block{}
	}
	return bitmap.ScratchWords(num, w, n)
}

// Match tells whether the value v satisfies the predicate.
func (p *Predicate) Match(v int64) bool {
	for _, x := range p.in {
		if x.Lo <= v && v <= x.Hi {
			return true
		}
	}
	return false
}

// Filter keeps, in place, those of a (low halves of members of block num,
// ascending) that are in the predicate (keep), or those that are not.
func (p *Predicate) Filter(num uint16, a []uint16, keep bool) []uint16 {
	return slices.DeleteFunc(a, func(low uint16) bool {
		return p.Contains(uint32(num)<<16|uint32(low)) != keep
	})
}

// Contains tells whether m is in the predicate.
func (p *Predicate) Contains(m uint32) bool {
	v, ok := p.column.Get(m)
	return ok && p.Match(v)
}

// Estimate is roughly how many members the predicate has; it costs no look at
// the values.
func (p *Predicate) Estimate() float64 { return float64(p.column.Len()) / 3 }
