package eval

import "github.com/tagroar/tagroar/internal/bitmap"

// mergeMax bounds the steps of uniting short arrays one after the other; beyond
// it they are scattered into bits, which costs clearing 8 KiB first.
const mergeMax = 256

// unite is ∪list in the block at hand. Operands in bits are combined in one
// pass, arrays and runs are then scattered into the result. An operand that has
// the whole block ends it, one that is alone passes through.
func (r *run) unite(list []int32, count bool) value {
	m := r.mark()
	g := gathered{r: r, m: m}
	steps, arrays := 0, 0
	for _, id := range list {
		if leaf := r.leafOf[id]; leaf >= 0 && r.absent(leaf) {
			continue
		}
		v := r.operand(id)
		if v.n == 0 {
			continue
		}
		if v.n == r.total {
			return r.keep(m, v)
		}
		g.add(v)
		if v.b.Form() == bitmap.Array {
			arrays += v.n
			steps += arrays
		}
		if r.w-m.w > scratchHeld {
			g.fold(bitmap.OrMany)
		}
	}
	ptrs, blocks := r.ptrs[m.ptrs:], r.blocks[m.blocks:]
	switch {
	case len(ptrs)+len(blocks) == 0:
		r.release(m)
		return value{}
	case len(ptrs)+len(blocks) == 1:
		return r.keep(m, r.only(ptrs, g.last))
	case count && len(blocks) == 0:
		n := bitmap.OrManyCount(ptrs)
		r.release(m)
		return value{n: n}
	case count && len(blocks) == 2 && len(ptrs) == 0:
		n := blocks[0].Len() + blocks[1].Len() - bitmap.AndCount(blocks[0], blocks[1])
		r.release(m)
		return value{n: n}
	case len(ptrs) == 0 && arrays > 0 && steps <= mergeMax && !r.p.options.NoMerge && allArrays(blocks):
		return r.keep(m, r.merge(blocks, uniteArrays))
	}
	d := r.bits()
	bitmap.OrMany(d, ptrs)
	for _, b := range blocks {
		b.OrInto(d)
	}
	return r.keep(m, r.scratchBits(d))
}

func allArrays(blocks []bitmap.Block) bool {
	for _, b := range blocks {
		if b.Form() != bitmap.Array {
			return false
		}
	}
	return true
}

// merge combines arrays that have no more than MaxArray values together, two at
// a time, between two scratch arrays.
func (r *run) merge(blocks []bitmap.Block, two func(out, a, c []uint16) int) value {
	x, y := r.array()[:], r.array()[:]
	a := blocks[0].Array()
	for _, b := range blocks[1:] {
		n := two(x, a, b.Array())
		a = x[:n]
		x, y = y, x
	}
	return r.scratchArray(a)
}

// uniteArrays writes a ∪ c to out, which overlaps neither, and returns its length.
func uniteArrays(out, a, c []uint16) int {
	n, i, j := 0, 0, 0
	for i < len(a) && j < len(c) {
		x, y := a[i], c[j]
		out[n] = min(x, y)
		n++
		if x <= y {
			i++
		}
		if y <= x {
			j++
		}
	}
	n += copy(out[n:], a[i:])
	return n + copy(out[n:], c[j:])
}

// differArrays writes a ⊕ c to out, which overlaps neither, and returns its length.
func differArrays(out, a, c []uint16) int {
	n, i, j := 0, 0, 0
	for i < len(a) && j < len(c) {
		x, y := a[i], c[j]
		out[n] = min(x, y)
		if x != y {
			n++
		}
		if x <= y {
			i++
		}
		if y <= x {
			j++
		}
	}
	n += copy(out[n:], a[i:])
	return n + copy(out[n:], c[j:])
}
