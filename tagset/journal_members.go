package tagset

import (
	"encoding/binary"
	"iter"
	"math/bits"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/wire"
)

// Members in an op: as gaps, or as a portable roaring bitmap where that is
// shorter. A gap of neighbours takes a byte and one below 16,384 two, so lists
// are for sets of which a block has a few members, and bitmaps for the rest.

// appendMembers appends ascending members as gaps.
func appendMembers(dst []byte, vs []uint32) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(vs))<<1)
	least := uint32(0)
	for _, v := range vs {
		dst = binary.AppendUvarint(dst, uint64(v-least))
		least = v + 1
	}
	return dst
}

// appendSet appends a set in the shorter form.
func appendSet(dst []byte, s bitmap.Bitmap) []byte {
	size := s.PortableLen()
	if !gapsShorter(s, size) {
		dst = binary.AppendUvarint(dst, uint64(size)<<1|1)
		return s.AppendPortable(dst)
	}
	return appendMembers(dst, s.AppendTo(make([]uint32, 0, s.Len())))
}

// gapsShorter reports whether the gaps of s take less than size bytes. It looks at
// no more members than that.
func gapsShorter(s bitmap.Bitmap, size int) bool {
	if s.Len() >= size {
		return false
	}
	least := uint32(0)
	for v := range s.All() {
		if size -= (bits.Len32(v-least|1) + 6) / 7; size <= 0 {
			return false
		}
		least = v + 1
	}
	return true
}

// parts yields a set in parts of at most partBlocks blocks.
func parts(s bitmap.Bitmap) iter.Seq[bitmap.Bitmap] {
	return func(yield func(bitmap.Bitmap) bool) {
		if s.NumBlocks() <= partBlocks {
			yield(s)
			return
		}
		var b bitmap.Builder
		n := 0
		for x := range s.Blocks() {
			if n == partBlocks {
				if !yield(b.Bitmap()) {
					return
				}
				b, n = bitmap.Builder{}, 0
			}
			b.Append(x)
			n++
		}
		yield(b.Bitmap())
	}
}

// takeMembers takes members off the front of a public part. If they are at most
// fewMembers, in gaps, they come in room, and few is true; else as a set.
func takeMembers(d *wire.Decoder, room []Member) (few bool, ms []Member, s bitmap.Bitmap) {
	head := d.Uvarint()
	n := head >> 1
	if n > uint64(d.Len()) { // at least a byte for each
		d.Fail("%d members or bytes, %d bytes left", n, d.Len())
		return true, nil, s
	}
	if head&1 == 1 {
		p := d.Bytes(int(n))
		if d.Err() != nil {
			return false, nil, s
		}
		s, err := bitmap.ParsePortable(p)
		if err != nil {
			d.Fail("members: %v", err)
		}
		return false, nil, s
	}
	if n <= fewMembers {
		ms = room[:0]
		takeGaps(d, n, func(v uint32) { ms = append(ms, Member(v)) })
		return true, ms, s
	}
	vs := make([]uint32, 0, n)
	takeGaps(d, n, func(v uint32) { vs = append(vs, v) })
	return false, nil, bitmap.FromSorted(vs)
}

// takeGaps takes n members written as gaps.
func takeGaps(d *wire.Decoder, n uint64, each func(uint32)) {
	least := uint64(0)
	for range n {
		v := least + d.Uvarint()
		if v < least || v > 1<<32-1 {
			d.Fail("a member of more than 32 bits")
			return
		}
		each(uint32(v))
		least = v + 1
	}
}
