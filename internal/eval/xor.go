package eval

import "github.com/tagroar/tagroar/internal/bitmap"

// differ is the members of an odd number of list in the block at hand.
func (r *run) differ(list []int32, count bool) value {
	m := r.mark()
	g := gathered{r: r, m: m}
	for _, id := range list {
		v := r.operand(id)
		if v.n == 0 {
			continue
		}
		g.add(v)
		if r.w-m.w > scratchHeld {
			g.fold(xorMany)
		}
	}
	ptrs, blocks := r.ptrs[m.ptrs:], r.blocks[m.blocks:]
	switch {
	case len(ptrs)+len(blocks) == 0:
		r.release(m)
		return value{}
	case len(ptrs)+len(blocks) == 1:
		return r.keep(m, r.only(ptrs, g.last))
	case count && len(blocks) == 2 && len(ptrs) == 0:
		n := blocks[0].Len() + blocks[1].Len() - 2*bitmap.AndCount(blocks[0], blocks[1])
		r.release(m)
		return value{n: n}
	case len(ptrs) == 0 && !r.p.options.NoMerge && fewSteps(blocks):
		v := r.merge(blocks, differArrays)
		return r.keep(m, v)
	}
	d := r.bits()
	xorMany(d, ptrs)
	for _, b := range blocks {
		b.XorInto(d)
	}
	return r.keep(m, r.scratchBits(d))
}

// xorMany sets d to the members of an odd number of s; d is none of them.
func xorMany(d *bitmap.Words, s []*bitmap.Words) {
	switch len(s) {
	case 0:
		*d = bitmap.Words{}
		return
	case 1:
		*d = *s[0]
		return
	}
	bitmap.Xor(d, s[0], s[1])
	for _, w := range s[2:] {
		bitmap.Xor(d, d, w)
	}
}
