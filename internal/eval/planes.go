package eval

import "github.com/tagroar/tagroar/internal/bitmap"

// Planes count, for each member, how many operands it is in, one bit of 64
// counters to a word: plane k has bit k of each counter. Operands go in several
// at a time through full adders, five operations for two operands and a carry
// (H. S. Warren, Hacker's Delight, 2nd ed., section 5-2; W. Muła, N. Kurz,
// D. Lemire, "Faster Population Counts Using AVX2 Instructions", Computer Journal
// 61(1), 2018, count the bits of one set in this way, we the sets of one bit).
// Numbers only have to be told apart up to a limit: there are as many planes as
// the limit has bits, and what is carried out of the last one stays in over.
//
// A lane of 64 words goes through all operands before the next one, so planes
// stay in the nearest cache and are never written out.
type planes struct {
	low  [2]*lane // planes 0 and 1
	high [maxPlanes]*lane
	n    int   // planes 2 and up, in high
	over *lane // counters that have reached 2^(number of planes)
}

// maxPlanes is enough for 2^30 operands. Their lanes and over's fit two blocks.
const maxPlanes = 30

// chunk words, 512 bytes, are a lane.
const chunk = 64

type lane = bitmap.Lane

// operands are what is counted in one block: bits, and blocks in other forms
// with the place that has been reached in each.
type operands struct {
	bits   []*bitmap.Words
	blocks []bitmap.Block
	at     []int32
}

// within puts the lanes of width planes one after the other into words: for
// counting lane by lane.
func (p *planes) within(words *[2]*bitmap.Words, width int) {
	at := func(k int) *lane { return laneOf(words[k/lanes], k%lanes*chunk) }
	p.low = [2]*lane{at(0), at(1)}
	p.n = width - 2
	for k := range p.n {
		p.high[k] = at(k + 2)
	}
	p.over = at(width)
}

// across takes the lane at word from of planes that are whole blocks, over last.
func (p *planes) across(words []*bitmap.Words, from int) {
	p.low = [2]*lane{laneOf(words[0], from), laneOf(words[1], from)}
	width := len(words) - 1
	p.n = width - 2
	for k := range p.n {
		p.high[k] = laneOf(words[k+2], from)
	}
	p.over = laneOf(words[width], from)
}

// lanes is how many lanes a block has.
const lanes = bitmap.BlockSize / 64 / chunk

// set makes the planes count the operands in the lane that begins at word from.
func (p *planes) set(o *operands, from int) {
	s := o.bits
	for _, q := range p.high[:p.n] {
		*q = lane{}
	}
	switch {
	case len(s) >= 7:
		seven := (*[7]*bitmap.Words)(s)
		third := p.over
		if p.n > 0 {
			*p.over = lane{}
			third = p.high[0]
		}
		bitmap.SetSeven(p.low[0], p.low[1], third, seven, from)
		s = s[7:]
	case len(s) >= 5:
		third := p.over
		if p.n > 0 {
			*p.over = lane{}
			third = p.high[0]
		}
		bitmap.SetFive(p.low[0], p.low[1], third, (*[5]*bitmap.Words)(s), from)
		s = s[5:]
	case len(s) >= 3:
		*p.over = lane{}
		set3(p.low[0], p.low[1], laneOf(s[0], from), laneOf(s[1], from), laneOf(s[2], from))
		s = s[3:]
	default:
		*p.low[0], *p.low[1], *p.over = lane{}, lane{}, lane{}
	}
	p.addBits(s, from)
	p.addBlocks(o, from)
}

// add counts more operands.
func (p *planes) add(o *operands, from int) {
	p.addBits(o.bits, from)
	p.addBlocks(o, from)
}

func laneOf(w *bitmap.Words, from int) *lane { return (*lane)(w[from:]) }

// full is a full adder: the sum and the carry of three bits.
func full(a, b, c uint64) (sum, carry uint64) {
	u := a ^ b
	return u ^ c, a&b | u&c
}

func set3(p0, p1, a, b, c *lane) {
	for i := 0; i <= chunk-2; i += 2 {
		p0[i], p1[i] = full(a[i], b[i], c[i])
		p0[i+1], p1[i+1] = full(a[i+1], b[i+1], c[i+1])
	}
}

func (p *planes) addBits(s []*bitmap.Words, from int) {
	for ; len(s) >= 4; s = s[4:] {
		a, b, c, d := laneOf(s[0], from), laneOf(s[1], from), laneOf(s[2], from), laneOf(s[3], from)
		if p.n == 0 {
			bitmap.AddFour(p.low[0], p.low[1], p.over, a, b, c, d)
			continue
		}
		var carry lane
		bitmap.AddFour(p.low[0], p.low[1], &carry, a, b, c, d)
		p.ripple(&carry)
	}
	if len(s) >= 2 {
		a, b := laneOf(s[0], from), laneOf(s[1], from)
		if p.n == 0 {
			bitmap.AddTwo(p.low[0], p.low[1], p.over, a, b)
		} else {
			var carry lane
			bitmap.AddTwo(p.low[0], p.low[1], &carry, a, b)
			p.ripple(&carry)
		}
		s = s[2:]
	}
	if len(s) == 1 {
		a := laneOf(s[0], from)
		if p.n == 0 {
			add1(p.low[0], p.low[1], p.over, a)
		} else {
			var carry lane
			add1(p.low[0], p.low[1], &carry, a)
			p.ripple(&carry)
		}
	}
}

func add1(p0, p1, carry, a *lane) {
	for i := range p0 {
		x, v := p0[i], a[i]
		p0[i] = x ^ v
		v &= x
		y := p1[i]
		p1[i] = y ^ v
		carry[i] |= y & v
	}
}

// ripple adds carries of weight 4 to the high planes.
func (p *planes) ripple(carry *lane) {
	for _, q := range p.high[:p.n] {
		if !bitmap.AddCarry(q, carry) {
			return
		}
	}
	for i, c := range carry {
		p.over[i] |= c
	}
}

// addBlocks adds what arrays and runs have in the lane.
func (p *planes) addBlocks(o *operands, from int) {
	first, last := from<<6, (from+chunk)<<6-1 // the lane's members
	for j, b := range o.blocks {
		k := int(o.at[j])
		switch b.Form() {
		case bitmap.Array:
			a := b.Array()
			for ; k < len(a) && int(a[k]) <= last; k++ {
				p.addWord(int(a[k])>>6-from, 1<<(a[k]&63))
			}
		case bitmap.Runs:
			rs := b.Runs()
			for k < len(rs) && int(rs[k].Start) <= last {
				p.addRange(max(int(rs[k].Start), first)-first, min(int(rs[k].Last), last)-first)
				if int(rs[k].Last) > last {
					break
				}
				k++
			}
		}
		o.at[j] = int32(k)
	}
}

// addRange adds 1 to the counters from lo to hi of the lane.
func (p *planes) addRange(lo, hi int) {
	i, j := lo>>6, hi>>6
	first, last := ^uint64(0)<<(lo&63), ^uint64(0)>>(63-hi&63)
	if i == j {
		p.addWord(i, first&last)
		return
	}
	p.addWord(i, first)
	i++
	if p.n == 0 {
		p0, p1, over := p.low[0][i:j], p.low[1][i:j], p.over[i:j]
		for k, x := range p0 {
			y := p1[k]
			p0[k], p1[k] = ^x, y^x
			over[k] |= x & y
		}
		i = j
	}
	for ; i < j; i++ {
		p.addWord(i, ^uint64(0))
	}
	p.addWord(j, last)
}

// addWord adds 1 to the counters of word i that are in carry.
func (p *planes) addWord(i int, carry uint64) {
	x := p.low[0][i]
	p.low[0][i] = x ^ carry
	carry &= x
	y := p.low[1][i]
	p.low[1][i] = y ^ carry
	carry &= y
	for _, q := range p.high[:p.n] {
		if carry == 0 {
			return
		}
		z := q[i]
		q[i] = z ^ carry
		carry &= z
	}
	p.over[i] |= carry
}

// atLeast sets d to the counters that have reached t ≥ 1: those greater than
// t−1, compared from the highest plane down. t is at most 2^(number of planes).
func (p *planes) atLeast(d *lane, t int) {
	if p.n == 0 {
		p.atLeastFew(d, t)
		return
	}
	bit := func(k int) uint64 { return -uint64((t - 1) >> k & 1) } // all ones if t−1 has it
	var equal lane
	*d = *p.over
	for i := range equal {
		equal[i] = ^uint64(0)
	}
	for k := p.n + 1; k >= 0; k-- {
		bitmap.Compare(d, &equal, p.plane(k), bit(k))
	}
}

// atLeastFew is atLeast for two planes: t is at most 4.
func (p *planes) atLeastFew(d *lane, t int) {
	p0, p1, over := p.low[0], p.low[1], p.over
	switch t {
	case 1:
		for i, x := range over {
			d[i] = x | p1[i] | p0[i]
		}
	case 2:
		for i, x := range over {
			d[i] = x | p1[i]
		}
	case 3:
		for i := 0; i <= chunk-4; i += 4 {
			d[i] = over[i] | p1[i]&p0[i]
			d[i+1] = over[i+1] | p1[i+1]&p0[i+1]
			d[i+2] = over[i+2] | p1[i+2]&p0[i+2]
			d[i+3] = over[i+3] | p1[i+3]&p0[i+3]
		}
	default:
		*d = *over
	}
}

// between sets d to the counters from lo to hi of n operands, or to those that
// are not, if zero is between lo and hi; true: to those that are not.
func (p *planes) between(d *lane, lo, hi, n int) (inverse bool) {
	switch {
	case lo <= 0:
		p.atLeast(d, hi+1)
		return true
	case hi >= n:
		p.atLeast(d, lo)
		return false
	}
	var more lane
	p.atLeast(d, lo)
	p.atLeast(&more, hi+1)
	for i, x := range more {
		d[i] &^= x
	}
	return false
}

func (p *planes) plane(k int) *lane {
	if k < 2 {
		return p.low[k]
	}
	return p.high[k-2]
}
