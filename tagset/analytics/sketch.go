package analytics

import (
	"math/bits"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// A sketch counts the members of a set by cell. The cells are a partition of all
// members: a cell is made of windows of 1,024 members, one of each block, in other
// places of different blocks. So two sets differ by at least as many members as
// their sketches do (the L1 distance of histograms bounds that of the sets).
// Unrelated random sets of n members differ by about 9·√n in their sketch; at a
// threshold of 0.95 that tells them apart up to some 30,000 members. Larger ones are
// told apart by their first blocks.
type sketch [cells]uint32

const (
	cells      = 64
	windowBits = 10 // members of a window: a block has as many windows as there are cells
)

// cellOf is the cell of a window of a block.
func cellOf(num uint16, window int) int {
	return (window + int(uint32(num)*0x9E3779B1>>26)) % cells
}

func sketchOf(set bitmap.Bitmap) (s sketch) {
	for b := range set.Blocks() {
		switch b.Form() {
		case bitmap.Array:
			for _, v := range b.Array() {
				s[cellOf(b.Num(), int(v)>>windowBits)]++
			}
		case bitmap.Runs:
			for _, r := range b.Runs() {
				for v, last := int(r.Start), int(r.Last); v <= last; {
					end := min(last+1, (v>>windowBits+1)<<windowBits)
					s[cellOf(b.Num(), v>>windowBits)] += uint32(end - v)
					v = end
				}
			}
		case bitmap.Bits:
			for i, w := range b.Words() {
				s[cellOf(b.Num(), i<<6>>windowBits)] += uint32(bits.OnesCount64(w))
			}
		}
	}
	return s
}

// farther tells whether the sketches differ by more than room.
func (s *sketch) farther(t *sketch, room int) bool {
	for at := 0; at < cells; at += 8 {
		p, q := (*[8]uint32)(s[at:]), (*[8]uint32)(t[at:])
		d := 0
		for i := range p {
			d += int(max(p[i], q[i]) - min(p[i], q[i]))
		}
		if room -= d; room < 0 {
			return true
		}
	}
	return false
}
