package eval

import "github.com/tagroar/tagroar/internal/bitmap"

// A union of many tags often has everybody in a block long before its last operand,
// and then there is nothing more to do. Whether it has is told by the first word that
// lacks somebody: as operands only ever add, what comes before it need not be looked
// at again, so all looks at a block together cost one pass over it, and the usual
// one, in which that word still lacks somebody, costs a comparison. Operands come
// largest first.

const (
	// fillFrom is how many operands are combined before the first look.
	fillFrom = 16
	// fillStep is how many are combined between two looks at least, fillPart what part
	// of those before: a union that never fills writes its result some times more, one
	// that does goes hardly farther than it had to.
	fillStep = 8
	fillPart = 4
)

// mayFill tells that the operands gathered have as many members as there are; blocks
// that have few are done before it pays to look.
func (g *gathered) mayFill() bool {
	return g.sum >= g.r.total && g.r.total > bitmap.MaxArray && !g.r.p.options.NoFill
}

// fill replaces what is gathered by its union, in bits; true: it has everybody, and
// not all operands may be in it.
func (g *gathered) fill() bool {
	r, d := g.r, g.r.bits()
	ptrs := r.ptrs[g.m.ptrs:]
	n := min(fillFrom, len(ptrs))
	bitmap.OrMany(d, ptrs[:n])
	for n < len(ptrs) {
		if g.full(d) {
			return true
		}
		next := min(n+max(fillStep, n/fillPart), len(ptrs))
		ptrs[n-1] = d
		bitmap.OrMany(d, ptrs[n-1:next])
		n = next
	}
	for _, b := range r.blocks[g.m.blocks:] {
		if g.full(d) {
			return true
		}
		b.OrInto(d)
	}
	r.ptrs, r.blocks = append(r.ptrs[:g.m.ptrs], d), r.blocks[:g.m.blocks]
	g.last = r.scratchBits(d)
	return g.full(d)
}

// full tells that d, a later state of what was asked about before, has everybody.
func (g *gathered) full(d *bitmap.Words) bool {
	all := g.r.whole()
	for ; g.lacks < len(all); g.lacks++ {
		if d[g.lacks] != all[g.lacks] { // nobody is in a set who is not in the universe
			return false
		}
	}
	return true
}

// whole is everybody in the block at hand as bits.
func (r *run) whole() *bitmap.Words {
	b := r.block(everyone)
	if b.Form() == bitmap.Bits {
		return b.Words()
	}
	if r.allOf != r.num {
		if r.all == nil {
			r.all = new(bitmap.Words)
		}
		b.CopyTo(r.all)
		r.allOf = r.num
	}
	return r.all
}
