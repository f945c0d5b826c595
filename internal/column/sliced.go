package column

import (
	"math/bits"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// A block bit-sliced: bit j of every member's offset from the block's smallest
// value side by side in words, as in P. O'Neil, D. Quass, "Improved Query
// Performance with Variant Indexes", SIGMOD 1997. It is derived from the values, made
// when the block is asked a second time, and forgotten with the block. How it is
// asked is in compare.go.
//
// It is for machines without vectors, where a comparison takes a quarter of a scan's
// time. A scan with vectors takes no longer than a comparison, and no memory.
//
// The slices are laid out for that, in the vertical form of Y. Li, J. Patel,
// "BitWeaving: Fast Scans for Main Memory Data Processing", SIGMOD 2013, with 512
// members a segment where theirs has a machine word's:
//
//   - The highest slice comes first, and slices are in groups of eight: a comparison
//     goes from the highest down, and hardly ever comes to the last group.
//   - A group is cut into strips of 512 members, one cache line of each slice. All
//     slices of a strip lie together, so that they are read one after the other, and
//     a comparison keeps what it knows of a strip in registers.
//   - A bit is stored inverted: where a constant's bit is 0, as in half of all steps,
//     a comparison then is one instruction.

const (
	// stripWords is the words of a strip in one slice: a cache line.
	stripWords = 8
	// groupSlices is the slices of a group but the last, which may have fewer. Of
	// evenly spread values 1 in 256 half strips is undecided after two such groups.
	groupSlices = 8
	// groupWords is the words of a group of that many slices.
	groupWords = groupSlices * blockSize / 64
	// maxSlices bounds what a block's copy takes to 256 KiB. Wider values are scanned,
	// at 1 ns a value.
	maxSlices = 32
	// slicedFrom is the number of values from which a block is worth slicing: at so
	// many a comparison takes 13 µs and a scan 40, and the copy up to 16 bytes a value.
	slicedFrom = blockSize / 4
	// slicedIntervals is how many intervals are compared with slice by slice, 12 µs
	// each; with more, values are searched for among them, in some 3 ms a block.
	slicedIntervals = 256
	// slicedAsNarrow is the same where offsets fit in a table, which takes 80 µs.
	slicedAsNarrow = 6
)

// A sliced is the slices of one block. Bits where there is no member are arbitrary.
type sliced struct {
	least, most int64 // the block's bounds
	slices      int   // enough for most − least, and even
	words       []uint64
}

// slicedFor is the block's bit-sliced copy if it should be used for that many
// intervals, or nil. The first to ask is told to scan: making the copy costs as
// much as five scans. With vectors all are.
func (b *block) slicedFor(intervals int, in bitmap.Block) *sliced {
	if b.cut == nil || intervals > slicedIntervals || intervals > slicedAsNarrow && b.span() < tableSize {
		return nil
	}
	if x := b.cut.sliced.Load(); x != nil {
		return x
	}
	if hasAVX2 || !b.sliceable() || b.cut.asked.Add(1) == 1 {
		return nil
	}
	return b.slice(in)
}

// sliceable tells whether a cut block has enough values, and narrow enough ones.
func (b *block) sliceable() bool {
	return b.n >= slicedFrom && bits.Len64(b.span()) <= maxSlices
}

// slice makes the bit-sliced copy.
func (b *block) slice(in bitmap.Block) *sliced {
	x := newSliced(b, in)
	if !b.cut.sliced.CompareAndSwap(nil, x) { // another reader was faster
		return b.cut.sliced.Load()
	}
	return x
}

// bytes is what the copy takes.
func (x *sliced) bytes() int { return 8 * len(x.words) }

// newSliced slices b, a cut block whose values are not all equal.
func newSliced(b *block, in bitmap.Block) *sliced {
	n := bits.Len64(b.span())
	n += n & 1 // slices are compared in pairs
	x := &sliced{least: b.least, most: b.most, slices: n, words: make([]uint64, n*blockSize/64)}
	var room bitmap.Words
	members := wordsOf(in, &room)
	var offsets [chunkSize]uint32
	for k := range b.cut.chunks {
		c := &b.cut.chunks[k]
		unpack(offsets[:c.slots()], c, uint32(distance(b.least, c.least)))
		x.fill(k, offsets[:], chunkOf(members, k), c.dense)
	}
	return x
}

// fill slices the offsets of chunk k.
func (x *sliced) fill(k int, offsets []uint32, ms []uint64, dense bool) {
	var lane [64]uint32
	for i, m := range ms {
		if dense {
			lane = [64]uint32(offsets[i*64:])
		} else {
			n := bits.OnesCount64(m)
			for _, y := range offsets[:n] {
				lane[bits.TrailingZeros64(m)&63] = y
				m &= m - 1
			}
			offsets = offsets[n:]
		}
		x.put(k*chunkWords+i, &lane)
	}
}

// put slices the offsets of the 64 members of one word of the bitmap.
func (x *sliced) put(word int, lane *[64]uint32) {
	var a [32]uint64
	w := 32
	switch { // as many offsets in a word as fit
	case x.slices <= 8:
		w = 8
		for i := range 8 {
			a[i] = uint64(lane[i]) | uint64(lane[i+8])<<8 | uint64(lane[i+16])<<16 | uint64(lane[i+24])<<24 |
				uint64(lane[i+32])<<32 | uint64(lane[i+40])<<40 | uint64(lane[i+48])<<48 | uint64(lane[i+56])<<56
		}
	case x.slices <= 16:
		w = 16
		for i := range 16 {
			a[i] = uint64(lane[i]) | uint64(lane[i+16])<<16 | uint64(lane[i+32])<<32 | uint64(lane[i+48])<<48
		}
	default:
		for i := range 32 {
			a[i] = uint64(lane[i]) | uint64(lane[i+32])<<32
		}
	}
	transpose(&a, w)
	for j := 0; j < x.slices; j += groupSlices {
		out := x.strip(j/groupSlices, word/stripWords)[word%stripWords:]
		for i := 0; i*stripWords < len(out); i++ {
			out[i*stripWords] = ^a[(x.slices-1-j-i)&31]
		}
	}
}

// strip is the words of a strip in a group: those of its highest slice, of the
// next, ….
func (x *sliced) strip(group, strip int) []uint64 {
	n := min(groupSlices, x.slices-group*groupSlices) * stripWords
	return x.words[group*groupWords+strip*n:][:n]
}

// at is the value of a member as the slices have it.
func (x *sliced) at(low uint16) int64 {
	y := uint64(0)
	word := int(low / 64)
	for j := range x.slices {
		s := x.strip(j/groupSlices, word/stripWords)
		y = y<<1 | ^s[j%groupSlices*stripWords+word%stripWords]>>(low%64)&1
	}
	return int64(uint64(x.least) + y)
}
