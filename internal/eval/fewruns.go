package eval

import (
	"math/bits"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Blocks of few runs, by words as in few.go: the runs of one block are cut wherever
// another begins or ends, so that each piece is wholly in a leaf or wholly out of it,
// and what holds for the first member of a piece holds for all of it. If there are
// no more than 64 pieces, they are asked about by those members, and the answer is
// how long the pieces are whose bits are left. Runs are never made into bits or
// values.

const (
	// fewRuns is how many runs a block that is cut may have.
	fewRuns = bitmap.MaxWhich / 2
	// fewRunsFirst is how many runs the first block of a leaf may have for its other
	// blocks to be expected to have few.
	fewRunsFirst = 16
)

// pieces are ascending ranges of a block that do not overlap.
type pieces struct {
	n      int
	starts [bitmap.MaxWhich]uint16
	lasts  [bitmap.MaxWhich]uint16
}

// cut makes pieces of lead's members: of a short array each value, of runs what is
// left between the places where others change. false: there are too many, or one of
// the blocks is bits.
func (p *pieces) cut(lead *bitmap.Block, others []*bitmap.Block) bool {
	p.n = 0
	switch form := lead.Form(); {
	case form == bitmap.Array && lead.Len() <= len(p.starts):
		p.n = copy(p.starts[:], lead.Array())
		copy(p.lasts[:], lead.Array())
		return true
	case form != bitmap.Runs || lead.RunCount() > fewRuns:
		return false
	}
	for _, x := range lead.Runs() {
		if p.n == len(p.starts) {
			return false
		}
		from := p.n
		p.starts[from] = x.Start
		all := p.starts[:from+1]
		for _, b := range others {
			var ok bool
			if all, ok = b.Cuts(all, x.Start, x.Last); !ok {
				return false
			}
		}
		p.order(from, len(all))
		p.lasts[p.n-1] = x.Last
	}
	return true
}

// order sorts the starts from ≤ i < to and drops equal ones; the first is less than
// all others. Each but the last ends before the next.
func (p *pieces) order(from, to int) {
	s := p.starts[from:to]
	for i := 2; i < len(s); i++ {
		x, k := s[i], i
		for ; k > 1 && s[k-1] > x; k-- {
			s[k] = s[k-1]
		}
		s[k] = x
	}
	p.n = from + 1
	for _, x := range s[1:] {
		if x != p.starts[p.n-1] {
			p.lasts[p.n-1] = x - 1
			p.starts[p.n] = x
			p.n++
		}
	}
}

// firsts are the first members of the pieces.
func (p *pieces) firsts() []uint16 { return p.starts[:p.n] }

// count is how many members the pieces have whose bits are set in m.
func (p *pieces) count(m uint64) int {
	n := 0
	for m &= firstBits(p.n); m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m)
		n += int(p.lasts[i]-p.starts[i]) + 1
	}
	return n
}

// firstBits is a word with its first n bits set, n at most 64.
func firstBits(n int) uint64 { return ^uint64(0) >> (bitmap.MaxWhich - n) }

// fewInRuns tells whether a leaf's blocks can be expected to be few runs: its first
// is.
func (r *run) fewInRuns(leaf int32) bool {
	b := r.here[leaf].Block
	return b != nil && b.Form() == bitmap.Runs && b.RunCount() <= fewRunsFirst && !b.IsFull()
}

// fewRunsMet counts the intersection n, whose leaves are the last on the stack. The
// walk is that of any expression: the blocks of few runs are few.
func (r *run) fewRunsMet(n *node, enough int64) int {
	leads, root, total := r.ids, r.p.root(), 0
	for int64(total) < enough && r.step() {
		k, ok := r.runsMet(n, leads)
		if !ok {
			k = r.count(root)
		}
		total += k
	}
	r.ids = r.ids[:0]
	return total
}

// runsMet counts the intersection n of leads and others in the block at hand; false:
// it cannot.
func (r *run) runsMet(n *node, leads []int32) (int, bool) {
	lead, fewest := int32(-1), fewRuns+1
	for _, leaf := range leads {
		b := r.block(leaf)
		if b.IsEmpty() {
			return 0, true
		}
		if b.Form() != bitmap.Bits && b.RunCount() < fewest {
			lead, fewest = leaf, b.RunCount()
		}
	}
	if lead < 0 {
		return 0, false
	}
	var others [fewLeaves]*bitmap.Block
	k := 0
	for leaf := int32(everyone + 1); int(leaf) < len(r.here); leaf++ {
		b := r.block(leaf)
		if leaf == lead || b.IsEmpty() {
			continue
		}
		if k == len(others) || b.Form() == bitmap.Bits {
			return 0, false
		}
		others[k] = b
		k++
	}
	var p pieces
	if !p.cut(r.here[lead].Block, others[:k]) {
		return 0, false
	}
	return p.count(r.fewLeft(n, leads, lead, p.firsts())), true
}

// runsUnited counts the union of blocks; false: it cannot.
func (r *run) runsUnited(blocks []*bitmap.Block) (int, bool) {
	var p pieces
	n := blocks[0].Len()
	for i, b := range blocks[1:] {
		before := blocks[:i+1]
		if !p.cut(b, before) {
			return 0, false
		}
		m := ^uint64(0)
		for _, x := range before {
			m &^= x.Which(p.firsts(), (*bitmap.Words)(r.table))
		}
		n += p.count(m)
	}
	return n, true
}
