package eval

import (
	"math/bits"

	"github.com/tagroar/tagroar/internal/bitmap"
)

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
