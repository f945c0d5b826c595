package eval

import (
	"math/bits"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/expr"
)

// Counts of sets with few members a block, where it is not the members that cost
// but everything about them: ranking operands, taking scratch, copying what is left.
// If the least of the leaves that all members must be in is an array of no more than
// 64, each operand's answer about those is one word (bitmap.Block.Which), operators
// are operations on words, and the members are the bits of the last. A union of a
// few leaves that are all as short counts of each what is in none before it. Runs go
// the same way by pieces: fewruns.go. Other blocks are evaluated as ever.

const (
	// fewLeaves bounds the leaves below what is counted in this way: more are told
	// apart by their bounds first.
	fewLeaves = 16
	// fewUnited is how many leaves a union may have: each asks all before it.
	fewUnited = 6
)

// isFew tells whether node n, whose operands are compiled, can be asked by words.
func (p *Program) isFew(n *node) bool {
	if n.op != expr.And && n.op != expr.Or && n.op != expr.Xor || n.size > fewLeaves {
		return false
	}
	for _, list := range [2][]int32{n.pos, n.neg} {
		for _, k := range list {
			if x := &p.nodes[k]; x.leaf < 0 && !x.few {
				return false
			}
		}
	}
	return true
}

// countFew is countTo, if the program is one for it.
func (r *run) countFew(enough int64) (n int, ok bool) {
	root := r.p.rootNode()
	if !root.few || r.trace != nil || r.p.options.NoSparse {
		return 0, false
	}
	if r.table == nil {
		r.table = new(table)
	}
	switch {
	case root.op == expr.And && r.leads(root) > 0:
		switch {
		case r.p.isThin(r.ids[0]):
			return r.fewMet(root, enough), true
		case r.fewInRuns(r.ids[0]):
			return r.fewRunsMet(root, enough), true
		}
		r.ids = r.ids[:0]
	case root.op == expr.Or && root.flat && len(root.pos) > 0 && len(root.pos) <= fewUnited:
		if first := r.leafOf[root.pos[0]]; r.p.isThin(first) || r.fewInRuns(first) {
			return r.fewUnited(root, enough), true
		}
	}
	return 0, false
}

// isThin tells whether a leaf has few members in its blocks, all in all: of the least
// that all members are in, or the largest of a union.
func (p *Program) isThin(leaf int32) bool {
	b := &p.leaves[leaf]
	return b.Len() <= bitmap.MaxWhich*b.NumBlocks()
}

// leads pushes the leaves that every member of the intersection n is in.
func (r *run) leads(n *node) int {
	base := len(r.ids)
	for _, id := range n.pos {
		if leaf := r.leafOf[id]; leaf > everyone {
			r.ids = append(r.ids, leaf)
		}
	}
	return len(r.ids) - base
}

// fewMet counts the intersection n, whose leaves are the last on the stack.
func (r *run) fewMet(n *node, enough int64) int {
	leads := r.ids
	two := leads[:min(2, len(leads))] // the two least: of others few blocks are looked for
	root, total := r.p.root(), 0
	for at := uint32(0); int64(total) < enough; at++ {
		if at = r.meet(two, at); at >= end {
			break
		}
		if r.err = r.wait.err(); r.err != nil {
			break
		}
		lead, least := int32(-1), bitmap.MaxWhich+1
		r.low, r.num = at, at
		for _, leaf := range two {
			if b := r.here[leaf].Block; b.Len() < least && b.Form() == bitmap.Array {
				lead, least = leaf, b.Len()
			}
		}
		if lead >= 0 {
			total += bits.OnesCount64(r.fewLeft(n, leads, lead, r.here[lead].Block.Array()))
			continue
		}
		if k, ok := r.runsMet(n, leads); ok {
			total += k
		} else if r.total = r.block(everyone).Len(); r.met(n) {
			total += r.count(root)
		}
	}
	r.ids = r.ids[:0]
	return total
}

// fewLeft tells which of the values in the block at hand, which are in the leaf lead,
// are in the intersection n of leads and others.
func (r *run) fewLeft(n *node, leads []int32, lead int32, a []uint16) uint64 {
	m := firstBits(len(a))
	for i := 0; i < len(leads) && m != 0; i++ {
		if leaf := leads[i]; leaf != lead {
			m &= r.whichLeaf(leaf, a)
		}
	}
	for i := 0; i < len(n.neg) && m != 0; i++ {
		m &^= r.which(n.neg[i], a)
	}
	for i := 0; i < len(n.pos) && m != 0; i++ {
		if r.leafOf[n.pos[i]] < 0 {
			m &= r.which(n.pos[i], a)
		}
	}
	return m
}

// met tells whether the operators that all members must be in have any in the block
// at hand.
func (r *run) met(n *node) bool {
	for _, id := range n.pos {
		if r.leafOf[id] < 0 && r.bound(id) == 0 {
			return false
		}
	}
	return true
}

// meet is the first block from at on that all of the leaves have, or end.
func (r *run) meet(leaves []int32, at uint32) uint32 {
	for k, agree := 0, 0; agree < len(leaves) && at < end; agree++ {
		leaf := leaves[k]
		h := &r.here[leaf]
		if h.Num < at {
			h.Move(&r.rest[leaf], at)
		}
		if h.Num > at {
			at, agree = h.Num, 0
		}
		if k++; k == len(leaves) {
			k = 0
		}
	}
	return at
}

// whichLeaf tells which of the values in the block at hand are in a leaf, bit by bit.
func (r *run) whichLeaf(leaf int32, a []uint16) uint64 {
	h := &r.here[leaf]
	if h.Num < r.num {
		h.Move(&r.rest[leaf], r.num)
	}
	if h.Num > r.num {
		return 0
	}
	return r.here[leaf].Block.Which(a, (*bitmap.Words)(r.table))
}

// which is whichLeaf for node i.
func (r *run) which(i int32, a []uint16) uint64 {
	switch leaf := r.leafOf[i]; {
	case leaf == everyone:
		return ^uint64(0)
	case leaf >= 0:
		return r.whichLeaf(leaf, a)
	}
	n := &r.p.nodes[i]
	m := uint64(0)
	switch n.op {
	case expr.And:
		m = ^m
		for _, k := range n.pos {
			m &= r.which(k, a)
		}
		for _, k := range n.neg {
			m &^= r.which(k, a)
		}
	case expr.Or:
		for _, k := range n.pos {
			m |= r.which(k, a)
		}
	case expr.Xor:
		for _, k := range n.pos {
			m ^= r.which(k, a)
		}
	}
	return m
}

// fewUnited counts the union n of leaves.
func (r *run) fewUnited(n *node, enough int64) int {
	root, total := r.p.root(), 0
	for at := uint32(0); int64(total) < enough; at++ {
		next := uint32(end)
		for _, id := range n.pos {
			leaf := r.leafOf[id]
			h := &r.here[leaf]
			if h.Num < at {
				h.Move(&r.rest[leaf], at)
			}
			next = min(next, h.Num)
		}
		if at = next; at >= end {
			break
		}
		if r.err = r.wait.err(); r.err != nil {
			break
		}
		var blocks [fewUnited]*bitmap.Block
		k, short := 0, true
		for _, id := range n.pos {
			if leaf := r.leafOf[id]; r.here[leaf].Num == at {
				b := r.here[leaf].Block
				blocks[k] = b
				k++
				short = short && b.Form() == bitmap.Array && b.Len() <= bitmap.MaxWhich
			}
		}
		switch {
		case k == 1:
			total += blocks[0].Len()
		case short:
			total += bitmap.CountUnion(blocks[:k], (*bitmap.Words)(r.table))
		default:
			if n, ok := r.runsUnited(blocks[:k]); ok {
				total += n
				continue
			}
			r.low, r.num = at, at
			r.total = r.block(everyone).Len()
			total += r.count(root)
		}
	}
	return total
}
