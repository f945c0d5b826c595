package eval

import "github.com/tagroar/tagroar/internal/expr"

// The walk finds the blocks that can have members without looking into any: it
// asks the leaves' directories alone. An intersection leapfrogs: each operand
// skips to where the others have got (T. L. Veldhuizen, "Leapfrog Triejoin",
// ICDT 2014), so two sets of raw ids that are far apart meet in few steps
// however many blocks lie between. Other operators go to the nearest block of
// any operand. What is taken away never adds a block and is not asked.
//
// Several operators may ask one leaf about different blocks, so its cursor only
// moves up to the run's low mark, which no operator will ask to go back behind;
// looking farther ahead is done with a copy of the cursor.

// seek moves to the first block numbered num or higher.
func (s *leafState) seek(num uint32) {
	s.block, s.num = s.cursor.Find(num), end
	if s.block != nil {
		s.num = uint32(s.block.Num())
	}
}

// ahead is the leaf's first block ≥ from, which is not below the low mark.
func (r *run) ahead(leaf int32, from uint32) uint32 {
	h := &r.here[leaf]
	if h.Num < r.low {
		h.Move(&r.rest[leaf], r.low)
	}
	if h.Num >= from {
		return h.Num
	}
	far, rest := *h, r.rest[leaf]
	far.Move(&rest, from)
	return far.Num
}

// next is the first block ≥ from that node i can have members in, or end.
func (r *run) next(i int32, from uint32) uint32 {
	if leaf := r.leafOf[i]; leaf >= 0 {
		return r.ahead(leaf, from)
	}
	s := &r.inner[i]
	if s.from <= from && from <= s.next {
		return s.next
	}
	n := &r.p.nodes[i]
	if n.where != nil {
		return r.ahead(n.within, from)
	}
	s.from = from
	if n.op == expr.And && len(n.pos) > 0 {
		s.next = r.leapfrog(n.pos, from, false)
	} else {
		s.next = r.nearest(n, from)
	}
	return s.next
}

// leapfrog is the first block ≥ from in which all operands can have members. At
// the top of the expression no operand is needed behind the others, and it is enough
// to know that there is none before the run's end.
func (r *run) leapfrog(pos []int32, from uint32, top bool) uint32 {
	at, agree, limit := from, 0, uint32(end)
	if top {
		limit = r.until
	}
	for k := 0; agree < len(pos) && at < limit; k++ {
		if k == len(pos) {
			k = 0
		}
		if b := r.next(pos[k], at); b > at {
			at, agree = b, 1
			if top {
				r.low = at
			}
		} else {
			agree++
		}
	}
	return at
}

func (r *run) nearest(n *node, from uint32) uint32 {
	if n.op == expr.And || n.op == expr.Count && n.lo <= 0 { // members of no operand are in it
		return r.ahead(everyone, from)
	}
	at := uint32(end)
	for _, k := range n.pos {
		at = min(at, r.next(k, from))
		if at == from {
			break
		}
	}
	return at
}

// step makes the next candidate block of the run the block at hand: of all there
// are, or of the ranges that it gets from its split. false: none is left, or the
// context has ended, which r.err tells.
func (r *run) step() bool {
	for r.err == nil {
		if r.from < r.until && r.advance(r.from) {
			r.from = r.num + 1
			r.err = r.wait.err()
			return r.err == nil
		}
		if r.split == nil || !r.split.next(r) {
			break
		}
	}
	return false
}

// advance makes the next candidate block of the program, from block number from
// on and before the run's end, the block at hand. Where there is none, the low mark
// tells how far that is known.
func (r *run) advance(from uint32) bool {
	r.low = from
	num := uint32(end)
	if n := r.p.rootNode(); n.op == expr.And && len(n.pos) > 0 {
		num = r.leapfrog(n.pos, from, true)
	} else {
		num = r.next(r.p.root(), from)
	}
	r.low = num
	if num >= r.until {
		return false
	}
	r.num = num
	r.total = r.block(everyone).Len()
	return true
}
