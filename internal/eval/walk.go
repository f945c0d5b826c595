package eval

import "github.com/tagroar/tagroar/internal/expr"

// The walk finds the blocks that can have members without looking into any: it
// asks the leaves' directories alone. An intersection leapfrogs: each operand
// skips to where the others have got (T. L. Veldhuizen, "Leapfrog Triejoin",
// ICDT 2014), so two sets of raw ids that are far apart meet in few steps
// however many blocks lie between. Other operators go to the nearest block of
// any operand. What is taken away never adds a block and is not asked.

// seek moves the leaf to its first block numbered num or higher.
func (s *leafState) seek(num uint32) {
	s.block = s.cursor.Seek(num)
	if s.block.IsEmpty() {
		s.num = end
		return
	}
	s.num = uint32(s.block.Num())
}

// next is the first block ≥ from that node i can have members in, or end.
func (r *run) next(i int32, from uint32) uint32 {
	n := &r.p.nodes[i]
	if n.leaf >= 0 {
		s := &r.sets[n.leaf]
		if s.num < from {
			s.seek(from)
		}
		return s.num
	}
	s := &r.inner[i]
	if s.from <= from && from <= s.next {
		return s.next
	}
	s.from = from
	if n.op == expr.And && len(n.pos) > 0 {
		s.next = r.leapfrog(n.pos, from)
	} else {
		s.next = r.nearest(n, from)
	}
	return s.next
}

func (r *run) leapfrog(pos []int32, from uint32) uint32 {
	at, agree := from, 0
	for k := 0; agree < len(pos) && at < end; k++ {
		if k == len(pos) {
			k = 0
		}
		if b := r.next(pos[k], at); b > at {
			at, agree = b, 1
		} else {
			agree++
		}
	}
	return at
}

func (r *run) nearest(n *node, from uint32) uint32 {
	if n.op == expr.And || n.op == expr.Count && n.lo <= 0 { // members of no operand are in it
		s := &r.sets[everyone]
		if s.num < from {
			s.seek(from)
		}
		return s.num
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

// advance makes the next candidate block of node i, from block number from on,
// the block at hand.
func (r *run) advance(i int32, from uint32) bool {
	num := r.next(i, from)
	if num >= end {
		return false
	}
	r.num = num
	r.total = r.block(everyone).Len()
	return true
}
