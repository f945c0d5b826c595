package eval

import (
	"math/bits"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// The evaluator's own passes over bits, beside those of package bitmap: an
// intersection and a difference of any number of operands in one go. A chunk
// of 512 bytes goes through all operands before the next, so that what is in
// between never leaves the nearest cache.

const chunk = 64

type lane [chunk]uint64

// andNotMany sets d to ∩pos ∖ ∪neg. There is at least one pos; d may be
// pos[0] if there are no more than four.
func andNotMany(d *bitmap.Words, pos, neg []*bitmap.Words) {
	switch {
	case len(neg) == 0:
		if len(pos) == 1 {
			if d != pos[0] {
				*d = *pos[0]
			}
			return
		}
		bitmap.AndMany(d, pos)
		return
	case len(pos) == 1 && len(neg) == 1:
		bitmap.AndNot(d, pos[0], neg[0])
		return
	}
	f := padded(pos, neg)
	for at := 0; at < len(d); at += wide {
		f.cut((*stripe)(d[at:]), at)
	}
	for _, p := range pos[min(4, len(pos)):] {
		bitmap.And(d, d, p)
	}
	for _, p := range neg[min(2, len(neg)):] {
		bitmap.AndNot(d, d, p)
	}
}

// andNotManyCount is |∩pos ∖ ∪neg|. There is at least one pos.
func andNotManyCount(pos, neg []*bitmap.Words) int {
	switch {
	case len(neg) == 0:
		return bitmap.AndManyCount(pos)
	case len(pos) == 1 && len(neg) == 1:
		return bitmap.WordsAndNotCount(pos[0], neg[0])
	}
	n := 0
	f := padded(pos, neg)
	var acc stripe
	for at := 0; at < bitmap.BlockSize/64; at += wide {
		f.cut(&acc, at)
		for _, w := range pos[min(4, len(pos)):] {
			for i, x := range (*stripe)(w[at:]) {
				acc[i] &= x
			}
		}
		for _, w := range neg[min(2, len(neg)):] {
			for i, x := range (*stripe)(w[at:]) {
				acc[i] &^= x
			}
		}
		for i := 0; i < wide; i += chunk {
			n += countLane((*lane)(acc[i:]))
		}
	}
	return n
}

// wide words are combined at a time when the result is not kept: 2 KiB of stack.
const wide = 256

type stripe [wide]uint64

// six are the first operands of an intersection and a difference: four and two,
// of which some may be the same, since saying it twice changes nothing.
type six struct {
	pos [4]*bitmap.Words
	neg [2]*bitmap.Words
}

// padded repeats the last operand where there are not enough.
func padded(pos, neg []*bitmap.Words) (f six) {
	for i := range f.pos {
		f.pos[i] = pos[min(i, len(pos)-1)]
	}
	for i := range f.neg {
		f.neg[i] = neg[min(i, len(neg)-1)]
	}
	return f
}

// cut sets d to the words from at on of what the six leave: one pass that reads
// each operand once, eight words a step as in package bitmap.
func (f *six) cut(d *stripe, at int) {
	of := func(w *bitmap.Words) *stripe { return (*stripe)(w[at:]) }
	a, b, c, e, x, y := of(f.pos[0]), of(f.pos[1]), of(f.pos[2]), of(f.pos[3]), of(f.neg[0]), of(f.neg[1])
	for i := 0; i < wide; i += 8 {
		q := (*[8]uint64)(d[i:])
		r, s, t := (*[8]uint64)(a[i:]), (*[8]uint64)(b[i:]), (*[8]uint64)(c[i:])
		u, v, w := (*[8]uint64)(e[i:]), (*[8]uint64)(x[i:]), (*[8]uint64)(y[i:])
		q[0] = r[0] & s[0] & t[0] & u[0] &^ (v[0] | w[0])
		q[1] = r[1] & s[1] & t[1] & u[1] &^ (v[1] | w[1])
		q[2] = r[2] & s[2] & t[2] & u[2] &^ (v[2] | w[2])
		q[3] = r[3] & s[3] & t[3] & u[3] &^ (v[3] | w[3])
		q[4] = r[4] & s[4] & t[4] & u[4] &^ (v[4] | w[4])
		q[5] = r[5] & s[5] & t[5] & u[5] &^ (v[5] | w[5])
		q[6] = r[6] & s[6] & t[6] & u[6] &^ (v[6] | w[6])
		q[7] = r[7] & s[7] & t[7] & u[7] &^ (v[7] | w[7])
	}
}

// countRanges is |∩pos| within the ranges of rs. There is at least one pos.
func countRanges(pos []*bitmap.Words, rs []bitmap.Run) int {
	n := 0
	for _, x := range rs {
		i, j := int(x.Start>>6), int(x.Last>>6)
		first, last := ^uint64(0)<<(x.Start&63), ^uint64(0)>>(63-x.Last&63)
		if i == j {
			n += bits.OnesCount64(andWord(pos, i) & first & last)
			continue
		}
		n += bits.OnesCount64(andWord(pos, i)&first) + bits.OnesCount64(andWord(pos, j)&last)
		switch i++; len(pos) {
		case 1:
			for _, x := range pos[0][i:j] {
				n += bits.OnesCount64(x)
			}
		case 2:
			q := pos[1][i:j]
			for k, x := range pos[0][i:j] {
				n += bits.OnesCount64(x & q[k])
			}
		default:
			for ; i < j; i++ {
				n += bits.OnesCount64(andWord(pos, i))
			}
		}
	}
	return n
}

func andWord(pos []*bitmap.Words, i int) uint64 {
	x := pos[0][i]
	for _, w := range pos[1:] {
		x &= w[i]
	}
	return x
}
