package analytics

import (
	"math/bits"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Sketches of a set: small, and the difference of two of them is never more than
// that of the sets, so that it can tell sets apart for certain. Both split all
// members into cells.
//
//	counts  how many members are in each of 64 cells, made of windows of 1,024
//	        members, one of each block. Two sets differ by at least the sum of the
//	        differences. It tells apart sets that are clustered.
//	parity  one bit for each of 16,384 cells of scattered members: whether their
//	        number is odd. Two sets differ in at least one member for each bit that
//	        differs. Unrelated sets of n scattered members differ in half of the
//	        bits, up to 8,192; at a threshold of 0.95, with which they may differ
//	        in 0.05·n members, 16 words are enough for 10,000 members, and all of
//	        them for 150,000. Larger sets are told apart by their first blocks.
//
// Cells are shifted from block to block, so that members in step with the blocks,
// as ids with a stride, do not fall into the same few.
type (
	counts [cells]uint32
	parity [parityWords]uint64
)

const (
	cells       = 64
	windowBits  = 10 // a block has as many windows as there are cells
	parityWords = 256
)

// shift is a number that looks random, for the block of that number.
func shift(num uint16) uint32 { return uint32(num) * 0x9E3779B1 } // 2^32 by the golden ratio

func countsOf(set bitmap.Bitmap) (c counts) {
	for b := range set.Blocks() {
		by := int(shift(b.Num()) >> 26)
		switch b.Form() {
		case bitmap.Array:
			for _, v := range b.Array() {
				c[(int(v>>windowBits)+by)%cells]++
			}
		case bitmap.Runs:
			for _, r := range b.Runs() {
				for v, last := int(r.Start), int(r.Last); v <= last; {
					end := min(last+1, (v>>windowBits+1)<<windowBits)
					c[(v>>windowBits+by)%cells] += uint32(end - v)
					v = end
				}
			}
		case bitmap.Bits:
			for i, w := range b.Words() {
				c[(i<<6>>windowBits+by)%cells] += uint32(bits.OnesCount64(w))
			}
		}
	}
	return c
}

// farther tells whether the sums differ by more than room.
func (c *counts) farther(d *counts, room int) bool {
	for at := 0; at < cells; at += 8 {
		p, q := (*[8]uint32)(c[at:]), (*[8]uint32)(d[at:])
		sum := 0
		for i := range p {
			sum += int(max(p[i], q[i]) - min(p[i], q[i]))
		}
		if room -= sum; room < 0 {
			return true
		}
	}
	return false
}

// parityOf folds each block onto its bits: words onto words, rotated.
func parityOf(set bitmap.Bitmap, w *bitmap.Words) (p parity) {
	for b := range set.Blocks() {
		by := shift(b.Num())
		at, turn := int(by>>24), int(by>>18&63)
		if b.Form() == bitmap.Array {
			for _, v := range b.Array() {
				p[(int(v>>6)+at)%parityWords] ^= 1 << ((int(v) + turn) & 63)
			}
			continue
		}
		words := w
		if b.Form() == bitmap.Bits {
			words = b.Words()
		} else {
			b.CopyTo(w)
		}
		for i, x := range words {
			p[(i+at)%parityWords] ^= bits.RotateLeft64(x, turn)
		}
	}
	return p
}

// Parities are the parities of many sets, cut into segments that lie together set by
// set: most pairs are told apart by the first segment, and a walk along the sets
// reads nothing else.
type parities [parityWords / segmentWords][]segment

type segment [segmentWords]uint64

const segmentWords = 16

func newParities(sets int) (s parities) {
	for k := range s {
		s[k] = make([]segment, sets)
	}
	return s
}

func (s *parities) set(i int, p *parity) {
	for k := range s {
		s[k][i] = segment(p[k*segmentWords:])
	}
}

// farther tells whether sets i and j differ by more than room.
func (s *parities) farther(i, j, room int) bool {
	for k := range s {
		p, q := &s[k][i], &s[k][j]
		for at := 0; at < segmentWords; at += 4 {
			room -= bits.OnesCount64(p[at]^q[at]) + bits.OnesCount64(p[at+1]^q[at+1]) +
				bits.OnesCount64(p[at+2]^q[at+2]) + bits.OnesCount64(p[at+3]^q[at+3])
		}
		if room < 0 {
			return true
		}
	}
	return false
}
