package eval

import "github.com/tagroar/tagroar/internal/bitmap"

// Where the machine's kernels take vectors, counting up to a small number is one
// pass over the operands in bits with all counters in registers, and nothing is
// sorted or looked for. Up to MaxStairs the pass leaves stairs, which arrays and runs
// then climb where they have members; up to MaxReach they are made into bits before,
// and only the answer is written.

const (
	// reachHeld is how many operands are held, or made, as bits of scratch.
	reachHeld = 16
	// climbValues and climbRuns are up to how many values or runs an operand climbs
	// for less than it takes to make it into bits and to pass over those.
	climbValues = 120
	climbRuns   = 64
	// reachFrom is from how many members of all operands it is cheaper than counting
	// value by value; see scan.go.
	reachFrom = 256
)

// reach is the members of between lo and hi of list, which have no more than sum
// members together, if the numbers are small.
func (r *run) reach(list []int32, lo, hi, sum int, count bool) (value, bool) {
	if sum < reachFrom || !bitmap.Vectors() || r.p.options.NoReach {
		return value{}, false
	}
	top := lo // up to which members have to be told apart
	if hi < len(list) {
		top = hi + 1
	}
	if top > bitmap.MaxReach || top < 2 {
		return value{}, false
	}
	operators := 0
	for _, id := range list {
		if r.leafOf[id] < 0 {
			operators++
		}
	}
	if operators > reachHeld {
		return value{}, false
	}
	c := reaching{r: r, lo: lo, hi: hi, n: len(list), count: count}
	if top <= bitmap.MaxStairs {
		return c.stairs(list, top), true
	}
	return c.pass(list)
}

// reaching is one block of it.
type reaching struct {
	r         *run
	lo, hi, n int
	count     bool
}

// stairs counts up to top by stairs.
func (c *reaching) stairs(list []int32, top int) value {
	r := c.r
	ptrs, blocks := len(r.ptrs), len(r.blocks)
	for range top {
		r.ptrs = append(r.ptrs, r.bits())
	}
	held := r.w + reachHeld
	for _, id := range list {
		var b *bitmap.Block
		if leaf := r.leafOf[id]; leaf >= 0 {
			b = r.block(leaf) // not by way of a value: see flat.go
		} else {
			v := r.operand(id)
			b = &v.b
		}
		switch form := b.Form(); {
		case form == bitmap.Empty:
		case form == bitmap.Bits:
			r.ptrs = append(r.ptrs, b.Words())
		case r.w < held && (form == bitmap.Array && b.Len() > climbValues || form == bitmap.Runs && b.RunCount() > climbRuns):
			w := r.bits()
			b.CopyTo(w)
			r.ptrs = append(r.ptrs, w)
		default:
			r.blocks = append(r.blocks, *b)
		}
	}
	p := r.ptrs[ptrs : ptrs+top]
	bitmap.Stairs(p, r.ptrs[ptrs+top:])
	for i := range r.blocks[blocks:] {
		if b := &r.blocks[blocks+i]; b.Form() == bitmap.Runs {
			bitmap.ClimbRuns(p, b.Runs())
		} else {
			bitmap.ClimbArray(p, b.Array())
		}
	}
	switch {
	case c.lo <= 0:
		return c.but(p[c.hi])
	case c.hi < c.n:
		return c.without(p[c.lo-1], p[c.hi])
	}
	return r.scratchBits(p[c.lo-1])
}

// pass counts in one pass over bits; false: there would be too many to make.
func (c *reaching) pass(list []int32) (value, bool) {
	r := c.r
	held := r.w + reachHeld
	from := len(r.ptrs)
	for _, id := range list {
		v := r.operand(id)
		switch {
		case v.n == 0:
			continue
		case v.b.Form() == bitmap.Bits:
			r.ptrs = append(r.ptrs, v.b.Words())
			continue
		case r.w >= held: // operators leave bits, too
			return value{}, false
		}
		w := r.bits()
		v.b.CopyTo(w)
		r.ptrs = append(r.ptrs, w)
	}
	s, d := r.ptrs[from:], r.bits()
	switch {
	case c.lo <= 0:
		bitmap.AtLeastMany(d, s, c.hi+1)
		return c.but(d), true
	case c.hi < c.n:
		more := r.bits()
		bitmap.AtLeastMany(d, s, c.lo)
		bitmap.AtLeastMany(more, s, c.hi+1)
		return c.without(d, more), true
	}
	bitmap.AtLeastMany(d, s, c.lo)
	return r.scratchBits(d), true
}

// but is everyone but d.
func (c *reaching) but(d *bitmap.Words) value {
	r := c.r
	if c.count {
		return value{n: r.total - bitmap.Count(d)}
	}
	x := r.bits()
	r.block(everyone).CopyTo(x)
	bitmap.AndNot(x, x, d)
	return r.scratchBits(x)
}

// without is d without more.
func (c *reaching) without(d, more *bitmap.Words) value {
	if c.count {
		return value{n: bitmap.WordsAndNotCount(d, more)}
	}
	bitmap.AndNot(d, d, more)
	return c.r.scratchBits(d)
}
