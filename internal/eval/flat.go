package eval

import "github.com/tagroar/tagroar/internal/bitmap"

// A union of some tags within an intersection is what audiences are made of, and
// when it has more members than an array may have, little is left to choose: operands
// in bits are combined in one pass, the others scattered into it. That is done here
// straight from the headers. On the way of all operators it takes some ten copies of
// a block's header from one place to another, each of which waits for the fields that
// have just been written.

// flat is the operand o of the intersection, if it can be had so; done: it is
// gathered, or has everybody and falls out.
func (g *gathered) flat(o ranked) (done bool) {
	r := g.r
	n := &r.p.nodes[o.id]
	if !n.flat || n.memo >= 0 || o.bound <= bitmap.MaxArray || len(n.pos) > fillFrom || r.trace != nil || r.p.options.NoFlat {
		return false
	}
	var others [fillFrom]*bitmap.Block
	var last *bitmap.Block
	from, k := len(r.ptrs), 0
	for _, id := range n.pos {
		leaf := r.leafOf[id]
		if r.absent(leaf) {
			continue
		}
		b := r.block(leaf)
		if b.IsEmpty() {
			continue
		}
		if b.Len() == r.total {
			r.ptrs = r.ptrs[:from]
			return true
		}
		last = b
		if b.Form() == bitmap.Bits {
			r.ptrs = append(r.ptrs, b.Words())
			continue
		}
		others[k] = b
		k++
	}
	if len(r.ptrs)-from+k == 1 { // nobody is in none: the bound was of somebody
		r.ptrs = r.ptrs[:from]
		g.leaf(last)
		return true
	}
	d := r.bits()
	bitmap.OrMany(d, r.ptrs[from:])
	for _, b := range others[:k] {
		b.OrInto(d)
	}
	r.ptrs = append(r.ptrs[:from], d)
	g.last = r.scratchBits(d)
	g.alone = nil
	return true
}

// leaf is add for a leaf's block.
func (g *gathered) leaf(b *bitmap.Block) {
	r := g.r
	switch b.Form() {
	case bitmap.Empty:
	case bitmap.Bits:
		r.ptrs = append(r.ptrs, b.Words())
	default:
		r.blocks = append(r.blocks, *b)
	}
	if !g.taking {
		g.alone = b
	}
}
