package column

import "github.com/tagroar/tagroar/internal/bitmap"

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

// Intervals are the values that satisfy the predicate, in normal form; not to
// be written.
func (p *Predicate) Intervals() []Interval { return p.in }

// Column is the column that the predicate speaks of.
func (p *Predicate) Column() Column { return p.column }

// Candidates are members that include those of the predicate: those that have a
// value. The evaluator walks its directory.
func (p *Predicate) Candidates() bitmap.Bitmap { return p.column.members }

// Match tells whether the value v satisfies the predicate.
func (p *Predicate) Match(v int64) bool { return contains(p.in, v) }

// Contains tells whether m is in the predicate.
func (p *Predicate) Contains(m uint32) bool {
	v, ok := p.column.Get(m)
	return ok && p.Match(v)
}

// Bound is an upper bound of the predicate's members in block num, told by bounds
// alone; 0 means none. It is exact if the intervals hold all values of the block.
func (p *Predicate) Bound(num uint16) int {
	b := p.column.find(num)
	if b == nil {
		return 0
	}
	met, all := meeting(p.in, b.least, b.most)
	if len(met) == 0 {
		return 0
	}
	if all || b.cut == nil {
		return int(b.n)
	}
	n := 0
	for k := range b.cut.chunks {
		c := &b.cut.chunks[k]
		if met, _ := meeting(met, c.least, c.most); len(met) > 0 {
			n += int(c.n) // 0 of an empty chunk
		}
	}
	return n
}

// Block is the predicate's members in block num: a stored block, or one over w
// (see [bitmap.ScratchWords]) with its exact cardinality, or the empty block.
func (p *Predicate) Block(num uint16, w *bitmap.Words) bitmap.Block {
	b := p.column.find(num)
	if b == nil {
		return bitmap.Block{}
	}
	met, all := meeting(p.in, b.least, b.most)
	if len(met) == 0 {
		return bitmap.Block{}
	}
	in := p.column.members.Find(num)
	if all {
		return in
	}
	b.within(met, in, w)
	return bitmap.ScratchWords(num, w, bitmap.Count(w))
}

// within overwrites w with the members of in, the block's, whose value is in one of
// the normal intervals s.
func (b *block) within(s []Interval, in bitmap.Block, w *bitmap.Words) {
	if x := b.slicedFor(len(s), in); x != nil {
		x.within(s, in, w)
		return
	}
	b.scan(s, in, w)
}

// filterStep is how many members are looked up at a time, in buffers of 2 KiB on
// the stack.
const filterStep = 256

// Filter keeps, in place, those of a (low halves of members of block num,
// ascending) that are in the predicate (keep), or those that are not. It looks at
// the values of a alone.
func (p *Predicate) Filter(num uint16, a []uint16, keep bool) []uint16 {
	var met []Interval
	var all bool
	b := p.column.find(num)
	if b != nil {
		met, all = meeting(p.in, b.least, b.most)
	}
	if len(met) == 0 {
		if keep {
			return a[:0]
		}
		return a
	}
	in := p.column.members.Find(num)
	if all {
		return in.Filter(a[:0], a, keep)
	}
	var values [filterStep]int64
	var has [filterStep]bool
	out := a[:0]
	for len(a) > 0 {
		part := a[:min(len(a), filterStep)]
		b.gather(in, part, values[:len(part)], has[:len(part)])
		for i, low := range part {
			if (has[i] && contains(met, values[i])) == keep {
				out = append(out, low)
			}
		}
		a = a[len(part):]
	}
	return out
}
