package eval

import (
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// mergeMax bounds the steps of uniting short arrays one after the other; beyond
// it they are scattered into bits, which costs clearing 8 KiB first.
const mergeMax = 256

// unite is ∪list in the block at hand. Operands in bits are combined in one
// pass, arrays and runs are then scattered into the result. An operand that has
// the whole block ends it, and so does a union that has got it; see fill.go. One
// that is alone passes through.
func (r *run) unite(list []int32, count bool) value {
	m := r.mark()
	g := gathered{r: r, m: m}
	leaves, whole := g.leaves(list)
	if whole != nil {
		return r.keep(m, stored(whole))
	}
	if leaves < len(list) && g.mayFill() && g.fill() {
		return r.keep(m, stored(r.block(everyone)))
	}
	for _, id := range list[leaves:] {
		v := r.operand(id)
		if v.n == 0 {
			continue
		}
		if v.n == r.total {
			return r.keep(m, v)
		}
		g.add(v)
		if g.sum += r.bound(id); r.w-m.w > scratchHeld {
			if g.fold(bitmap.OrMany); g.mayFill() && g.full(r.ptrs[m.ptrs]) {
				return r.keep(m, stored(r.block(everyone)))
			}
		}
	}
	ptrs, blocks := r.ptrs[m.ptrs:], r.blocks[m.blocks:]
	if len(ptrs)+len(blocks) > fillFrom && g.mayFill() {
		if g.fill() {
			return r.keep(m, stored(r.block(everyone)))
		}
		return r.keep(m, r.scratchBits(r.ptrs[m.ptrs]))
	}
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
	case len(ptrs) == 0 && !r.p.options.NoMerge && fewSteps(blocks):
		return r.keep(m, r.merge(blocks, uniteArrays))
	}
	d := r.bits()
	bitmap.OrMany(d, ptrs)
	for _, b := range blocks {
		b.OrInto(d)
	}
	return r.keep(m, r.scratchBits(d))
}

// leaves adds the blocks of the leaves that a list begins with, and tells how many
// those are; whole is one that has the whole block, which ends it.
//
// Of which form a block is, or whether there is one, cannot be foretold, and of
// hundreds of leaves each wrong guess costs as much as all else that is done for
// it. So each block goes to both ends of the room for all, bits to stay at the upper
// one and others at the lower.
func (g *gathered) leaves(list []int32) (n int, whole *bitmap.Block) {
	r := g.r
	base := len(r.blocks)
	r.blocks = slices.Grow(r.blocks, len(list))
	room := r.blocks[base : base+len(list)]
	low, high := 0, len(list)
	for ; n < len(list); n++ {
		leaf := r.leafOf[list[n]]
		if leaf < 0 {
			break
		}
		if r.absent(leaf) {
			continue
		}
		b := r.block(leaf)
		if b.Len() == r.total {
			return n, b
		}
		g.sum += b.Len()
		room[low], room[high-1] = *b, *b
		form := b.Form()
		low += one(form == bitmap.Array) + one(form == bitmap.Runs)
		high -= one(form == bitmap.Bits)
	}
	for i := len(list) - 1; i >= high; i-- { // in the list's order
		r.ptrs = append(r.ptrs, room[i].Words())
		g.last = stored(&room[i])
	}
	if low > 0 {
		g.last = stored(&room[low-1])
	}
	r.blocks = r.blocks[:base+low]
	return n, nil
}

// one is 1 if b is true, without a branch.
func one(b bool) int {
	n := 0
	if b {
		n = 1
	}
	return n
}

// fewSteps tells that blocks are arrays, united in no more than mergeMax steps.
func fewSteps(blocks []bitmap.Block) bool {
	steps, values := 0, 0
	for i := range blocks {
		values += blocks[i].Len()
		steps += values
		if steps > mergeMax || blocks[i].Form() != bitmap.Array {
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
