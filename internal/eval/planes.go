package eval

import (
	"math/bits"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// planes count, for each member of a block, how many operands it is in, one bit
// of all 65,536 counters to a plane: plane k has bit k of each. Adding an operand
// is a ripple of half adders over 64 counters at a time; four operands go in
// together through full adders, which save a third of the work (E. D. Reingold's
// problem; H. S. Warren, Hacker's Delight, 2nd ed., section 5-1; W. Muła,
// N. Kurz, D. Lemire, "Faster Population Counts Using AVX2 Instructions", 2018,
// count bits in this way). Only numbers up to a limit have to be told apart, so
// there are as many planes as the limit has bits; what runs out of the last one
// stays in overflow.
type planes struct {
	plane    []*bitmap.Words // the lowest bit first; at least two
	overflow *bitmap.Words   // counters that have reached 2^len(plane)
}

// planes are fresh counters of width bits, all zero.
func (r *run) planes(width int) planes {
	width = max(width, 2)
	at := r.w
	for range width + 1 {
		*r.bits() = bitmap.Words{}
	}
	return planes{r.words[at+1 : at+1+width], r.words[at]}
}

// addBlock adds a block that is not bits, in place.
func (p *planes) addBlock(b bitmap.Block) {
	switch b.Form() {
	case bitmap.Array:
		for _, v := range b.Array() {
			p.add(int(v>>6), 1<<(v&63))
		}
	case bitmap.Runs:
		for _, x := range b.Runs() {
			lo, hi := int(x.Start>>6), int(x.Last>>6)
			first, last := ^uint64(0)<<(x.Start&63), ^uint64(0)>>(63-x.Last&63)
			if lo == hi {
				p.add(lo, first&last)
				continue
			}
			p.add(lo, first)
			for k := lo + 1; k < hi; k++ {
				p.add(k, ^uint64(0))
			}
			p.add(hi, last)
		}
	}
}

// add adds 1 to the counters of word k that are in carry.
func (p *planes) add(k int, carry uint64) {
	for _, w := range p.plane {
		w[k], carry = w[k]^carry, w[k]&carry
		if carry == 0 {
			return
		}
	}
	p.overflow[k] |= carry
}

// addBits adds operands in bits.
func (p *planes) addBits(s []*bitmap.Words) {
	for ; len(s) >= 4; s = s[4:] {
		p.add4(s[0], s[1], s[2], s[3])
	}
	switch len(s) {
	case 3:
		p.add3(s[0], s[1], s[2])
	case 2:
		p.add2(s[0], s[1])
	case 1:
		p.add1(s[0])
	}
}

// full is a full adder: the sum and the carry of three bits.
func full(a, b, c uint64) (sum, carry uint64) {
	u := a ^ b
	return u ^ c, a&b | u&c
}

// ripple adds carry, of weight 4, to word k of the planes above the second.
func (p *planes) ripple(k int, carry uint64) {
	for _, w := range p.plane[2:] {
		w[k], carry = w[k]^carry, w[k]&carry
	}
	p.overflow[k] |= carry
}

func (p *planes) add4(a, b, c, d *bitmap.Words) {
	p0, p1 := p.plane[0], p.plane[1]
	if len(p.plane) == 2 {
		over := p.overflow
		for k := range p0 {
			s, x := full(p0[k], a[k], b[k])
			s, y := full(s, c[k], d[k])
			p0[k] = s
			t, z := full(p1[k], x, y)
			p1[k] = t
			over[k] |= z
		}
		return
	}
	p2 := p.plane[2]
	if len(p.plane) == 3 {
		over := p.overflow
		for k := range p0 {
			s, x := full(p0[k], a[k], b[k])
			s, y := full(s, c[k], d[k])
			p0[k] = s
			t, z := full(p1[k], x, y)
			p1[k] = t
			over[k] |= p2[k] & z
			p2[k] ^= z
		}
		return
	}
	for k := range p0 {
		s, x := full(p0[k], a[k], b[k])
		s, y := full(s, c[k], d[k])
		p0[k] = s
		t, z := full(p1[k], x, y)
		p1[k] = t
		if z != 0 {
			p.ripple(k, z)
		}
	}
}

func (p *planes) add3(a, b, c *bitmap.Words) {
	p0, p1 := p.plane[0], p.plane[1]
	for k := range p0 {
		s, x := full(p0[k], a[k], b[k])
		s, y := s^c[k], s&c[k]
		p0[k] = s
		t, z := full(p1[k], x, y)
		p1[k] = t
		if z != 0 {
			p.ripple(k, z)
		}
	}
}

func (p *planes) add2(a, b *bitmap.Words) {
	p0, p1 := p.plane[0], p.plane[1]
	for k := range p0 {
		s, x := full(p0[k], a[k], b[k])
		p0[k] = s
		t, z := p1[k]^x, p1[k]&x
		p1[k] = t
		if z != 0 {
			p.ripple(k, z)
		}
	}
}

func (p *planes) add1(a *bitmap.Words) {
	for k, x := range a {
		if x != 0 {
			p.add(k, x)
		}
	}
}

// atLeastWord is the counters of word k that have reached t: those greater than
// t−1, compared from the highest bit down.
func (p *planes) atLeastWord(k, t int) uint64 {
	above, equal := p.overflow[k], ^uint64(0)
	for i := len(p.plane) - 1; i >= 0; i-- {
		x := p.plane[i][k]
		if (t-1)>>i&1 == 0 {
			above |= equal & x
			equal &^= x
		} else {
			equal &= x
		}
	}
	return above
}

// atLeast sets d to the members counted at least t times, 1 ≤ t < 2^(planes)+1.
// d may be the overflow.
func (p *planes) atLeast(d *bitmap.Words, t int) {
	for k := range d {
		d[k] = p.atLeastWord(k, t)
	}
}

func (p *planes) atLeastCount(t int) int {
	n := 0
	for k := range p.overflow {
		n += bits.OnesCount64(p.atLeastWord(k, t))
	}
	return n
}

// within sets d to the members counted from lo to hi times, 1 ≤ lo ≤ hi. d may
// be the overflow.
func (p *planes) within(d *bitmap.Words, lo, hi int) {
	for k := range d {
		d[k] = p.atLeastWord(k, lo) &^ p.atLeastWord(k, hi+1)
	}
}
