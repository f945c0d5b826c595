package bitmap

import (
	"iter"
	"slices"
)

// AppendTo appends the members of b, block number included.
func (b Block) AppendTo(dst []uint32) []uint32 {
	n, have := b.Len(), len(dst)
	dst = slices.Grow(dst, n)[:have+n]
	out := dst[have:]
	base := uint32(b.num) << 16
	switch b.form {
	case Array:
		for i, v := range b.Array() {
			out[i] = base | uint32(v)
		}
	case Runs:
		for _, r := range b.Runs() {
			k := int(r.Last-r.Start) + 1
			count(out[:k], base|uint32(r.Start))
			out = out[k:]
		}
	case Bits:
		Decode(out, b.Words(), base)
	}
	return dst
}

// count fills dst with v, v+1, …
func count(dst []uint32, v uint32) {
	for len(dst) >= 8 {
		p := (*[8]uint32)(dst)
		p[0], p[1], p[2], p[3] = v, v+1, v+2, v+3
		p[4], p[5], p[6], p[7] = v+4, v+5, v+6, v+7
		v += 8
		dst = dst[8:]
	}
	for i := range dst {
		dst[i] = v + uint32(i)
	}
}

// AppendTo appends the members in ascending order.
func (b Bitmap) AppendTo(dst []uint32) []uint32 {
	dst = slices.Grow(dst, b.Len())
	for x := range b.Blocks() {
		dst = x.AppendTo(dst)
	}
	return dst
}

// All are the members in ascending order.
func (b Bitmap) All() iter.Seq[uint32] { return b.From(0) }

// From are the members ≥ v in ascending order.
func (b Bitmap) From(v uint32) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for r := b.Reader(v); r.More(); {
			for _, v := range r.Members() {
				if !yield(v) {
					return
				}
			}
		}
	}
}
