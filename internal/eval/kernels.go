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

// andNotMany sets d to ∩pos ∖ ∪neg. There is at least one pos; d may be one.
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
	for at := 0; at < len(d); at += chunk {
		acc := (*lane)(d[at:])
		narrowLane(acc, at, pos, neg)
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
	var acc lane
	for at := 0; at < bitmap.BlockSize/64; at += chunk {
		narrowLane(&acc, at, pos, neg)
		for i := 0; i < chunk; i += 4 {
			p := (*[4]uint64)(acc[i:])
			n += bits.OnesCount64(p[0]) + bits.OnesCount64(p[1]) + bits.OnesCount64(p[2]) + bits.OnesCount64(p[3])
		}
	}
	return n
}

// narrowLane sets acc to the words from at on of ∩pos ∖ ∪neg.
func narrowLane(acc *lane, at int, pos, neg []*bitmap.Words) {
	k := 1
	if len(pos) >= 2 {
		p, q := (*lane)(pos[0][at:]), (*lane)(pos[1][at:])
		for i := range acc {
			acc[i] = p[i] & q[i]
		}
		k = 2
	} else {
		*acc = *(*lane)(pos[0][at:])
	}
	for ; k+2 <= len(pos); k += 2 {
		p, q := (*lane)(pos[k][at:]), (*lane)(pos[k+1][at:])
		for i := range acc {
			acc[i] &= p[i] & q[i]
		}
	}
	if k < len(pos) {
		p := (*lane)(pos[k][at:])
		for i := range acc {
			acc[i] &= p[i]
		}
	}
	k = 0
	for ; k+2 <= len(neg); k += 2 {
		p, q := (*lane)(neg[k][at:]), (*lane)(neg[k+1][at:])
		for i := range acc {
			acc[i] &^= p[i] | q[i]
		}
	}
	if k < len(neg) {
		p := (*lane)(neg[k][at:])
		for i := range acc {
			acc[i] &^= p[i]
		}
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
