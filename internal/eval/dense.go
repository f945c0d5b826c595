package eval

import (
	"math/bits"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// scratchHeld is how many operators' results an operand list holds before they
// are combined into one: four of 8 KiB fit the nearest cache together.
const scratchHeld = 4

// thin is how few members are expected to be left when it pays to look for
// them, in order to ask the operators that are left about those alone.
const thin = 96

// combine is first (if it has members) ∩ list ∖ neg by way of bits. Operands
// in bits are gathered and combined in one pass, then runs and arrays are cut
// out of the result. Counting, the last step counts instead of writing.
func (r *run) combine(list []ranked, first value, neg []int32, count bool) value {
	g := gathered{r: r, m: r.mark()}
	expect := float64(r.total) // members if the operands so far were independent
	if first.n != 0 {
		g.add(first)
		expect = min(expect, bitmap.MaxArray)
	}
	for pass := range 2 { // leaves cost nothing, so they come first
		for k, o := range list {
			leaf := r.leafOf[o.id]
			if (leaf >= 0) != (pass == 0) {
				continue
			}
			share := float64(o.bound) / float64(r.total)
			if leaf >= 0 {
				g.leaf(r.block(leaf))
				expect *= share
				continue
			}
			if expect <= thin && !r.p.options.NoSparse {
				if a, ok := g.array(); ok {
					return g.narrow(r.scratchArray(a), list[k:], neg)
				}
			}
			expect *= share
			if !g.flat(o) {
				m := r.mark()
				v := r.eval(o.id)
				switch {
				case v.n == 0:
					return value{}
				case v.n == r.total:
					r.release(m) // finish takes what is held for an operand
					continue
				case v.b.Form() == bitmap.Array && !r.p.options.NoSparse:
					return g.narrow(v, list[k+1:], neg)
				}
				g.add(v)
			}
			if r.w-g.m.w > scratchHeld {
				g.fold(bitmap.AndMany)
			}
		}
	}
	g.split()
	for pass := range 2 {
		for _, id := range neg {
			if leaf := r.leafOf[id]; (leaf >= 0) != (pass == 0) {
				continue
			}
			if leaf := r.leafOf[id]; leaf >= 0 {
				b := r.block(leaf)
				if b.Len() == r.total {
					return value{}
				}
				g.leaf(b)
				continue
			}
			v := r.operand(id)
			if v.n == r.total {
				return value{}
			}
			g.add(v)
			if r.w-g.held > scratchHeld {
				g.fold(bitmap.OrMany)
			}
		}
	}
	return g.finish(count)
}

// gathered holds the operands of one combination on the run's stacks: bits in
// ptrs, arrays and runs in blocks; after split, those to take away.
type gathered struct {
	r      *run
	m      mark
	ptrs   int // where the negative ones begin
	blocks int
	held   int // scratch held by the positive ones
	taking bool
	last   value         // of the positive ones, unless
	alone  *bitmap.Block // it was this leaf's
	sum    int           // of a union: at most so many members
	lacks  int           // of a union: it has all members before this word
}

func (g *gathered) add(v value) {
	r := g.r
	switch v.b.Form() {
	case bitmap.Empty:
	case bitmap.Bits:
		r.ptrs = append(r.ptrs, v.b.Words())
	default:
		r.blocks = append(r.blocks, v.b)
	}
	if !g.taking {
		g.last, g.alone = v, nil
	}
}

// fold replaces all bits gathered since the last split by their combination.
func (g *gathered) fold(combine func(*bitmap.Words, []*bitmap.Words)) {
	r := g.r
	from, low := g.m.ptrs, g.m.w
	if g.taking {
		from, low = g.ptrs, g.held
	}
	d := r.bits()
	combine(d, r.ptrs[from:])
	r.ptrs = append(r.ptrs[:from], d)
	r.words[low], r.words[r.w-1] = d, r.words[low]
	r.w = low + 1
}

// split says that what follows is taken away.
func (g *gathered) split() {
	g.ptrs, g.blocks, g.held = len(g.r.ptrs), len(g.r.blocks), g.r.w
	g.taking = true
}

// array is the intersection of the bits gathered, if it is not too long for one.
func (g *gathered) array() ([]uint16, bool) {
	r := g.r
	ptrs := r.ptrs[g.m.ptrs:]
	switch len(ptrs) {
	case 0:
		return nil, false
	case 1:
	default:
		g.fold(bitmap.AndMany)
		ptrs = r.ptrs[g.m.ptrs:]
	}
	a := r.array()
	n := 0
	for k, x := range ptrs[0] {
		if x == 0 {
			continue
		}
		if n+bits.OnesCount64(x) > len(a) {
			return nil, false
		}
		for ; x != 0; x &= x - 1 {
			a[n] = uint16(k<<6 | bits.TrailingZeros64(x))
			n++
		}
	}
	return a[:n], true
}

// narrow goes on from an operator that turned out to be an array.
func (g *gathered) narrow(v value, rest []ranked, neg []int32) value {
	r := g.r
	if v.n == 0 {
		return v
	}
	a := r.array()[:0]
	a = append(a, v.b.Array()...)
	for _, x := range r.blocks[g.m.blocks:] {
		a = x.Filter(a[:0], a, true)
	}
	for _, w := range r.ptrs[g.m.ptrs:] {
		a = bitmap.ScratchWords(0, w, bitmap.BlockSize).Filter(a[:0], a, true)
	}
	if len(a) == 0 {
		return value{}
	}
	base := len(r.ranks)
	for _, o := range rest {
		if r.leafOf[o.id] < 0 {
			r.ranks = append(r.ranks, o)
		}
	}
	return r.narrow(bitmap.ScratchArray(uint16(r.num), a), r.ranks[base:], -1, neg)
}

// finish combines what has been gathered.
func (g *gathered) finish(count bool) value {
	r := g.r
	pos, neg := r.ptrs[g.m.ptrs:g.ptrs], r.ptrs[g.ptrs:]
	in, out := r.blocks[g.m.blocks:g.blocks], r.blocks[g.blocks:]
	if len(pos)+len(in) == 0 {
		all := r.block(everyone)
		if count && len(out) == 0 { // what is taken away is part of everyone
			return value{n: r.total - bitmap.OrManyCount(neg)}
		}
		if all.Form() == bitmap.Bits {
			r.ptrs = append(r.ptrs, all.Words())
			pos = r.ptrs[len(r.ptrs)-1:]
		} else {
			r.blocks = append(r.blocks, *all)
			in = r.blocks[len(r.blocks)-1:]
		}
		g.last, g.alone = stored(all), nil
	}
	if len(neg)+len(out) == 0 && len(pos)+len(in) == 1 {
		if g.alone != nil {
			g.last = stored(g.alone)
		}
		return r.only(pos, g.last)
	}
	if count && g.held > g.m.w && len(in)+len(out) > 0 {
		// Bits of an operator, which nobody else holds, take all that is not bits.
		d := r.words[g.m.w]
		for _, x := range out {
			x.AndNotInto(d)
		}
		for _, x := range in {
			x.AndInto(d)
		}
		return value{n: bitmap.AndNotManyCount(pos, neg)}
	}
	if count {
		if n, ok := quickCount(pos, neg, in, out); ok {
			return value{n: n}
		}
	}
	d := r.bits()
	if len(pos) > 0 {
		bitmap.AndNotMany(d, pos, neg)
	} else {
		in[0].CopyTo(d)
		in = in[1:]
		if len(neg) > 0 {
			one := [1]*bitmap.Words{d}
			bitmap.AndNotMany(d, one[:], neg)
		}
	}
	for _, x := range out {
		x.AndNotInto(d)
	}
	last := len(in) - 1
	for k, x := range in {
		if count && k == last {
			return value{n: bitmap.AndCount(bitmap.ScratchWords(0, d, bitmap.BlockSize), x)}
		}
		x.AndInto(d)
	}
	return r.scratchBits(d)
}

// quickCount counts combinations that need no block to be built.
func quickCount(pos, neg []*bitmap.Words, in, out []bitmap.Block) (int, bool) {
	switch {
	case len(in)+len(out) == 0:
		return bitmap.AndNotManyCount(pos, neg), true
	case len(neg)+len(out) == 0 && len(pos) == 1 && len(in) == 1:
		return bitmap.AndCount(bitmap.ScratchWords(0, pos[0], bitmap.BlockSize), in[0]), true
	case len(neg)+len(out)+len(pos) == 0 && len(in) == 2:
		return bitmap.AndCount(in[0], in[1]), true
	case len(pos)+len(neg) == 0 && len(in) == 1 && len(out) == 1:
		return in[0].Len() - bitmap.AndCount(in[0], out[0]), true
	case len(neg)+len(in) == 0 && len(out) == 1 && out[0].Form() == bitmap.Runs:
		return bitmap.AndManyCount(pos) - countRanges(pos, out[0].Runs()), true
	case len(neg)+len(out) == 0 && len(in) == 1 && in[0].Form() == bitmap.Runs:
		return countRanges(pos, in[0].Runs()), true
	case len(pos)+len(out) == 0 && len(in) == 1 && len(neg) == 1:
		return in[0].Len() - bitmap.AndCount(in[0], bitmap.ScratchWords(0, neg[0], bitmap.BlockSize)), true
	}
	return 0, false
}

// only is the one operand that has been gathered: the last added, unless that
// was folded with others.
func (r *run) only(ptrs []*bitmap.Words, last value) value {
	if len(ptrs) == 1 && ptrs[0] != last.b.Words() {
		return r.scratchBits(ptrs[0])
	}
	return last
}
