package workload

import (
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
	bsi "github.com/RoaringBitmap/roaring/v2/BitSliceIndexing"
)

// The ways to find the members whose value lies between two bounds:
//
//   - a scan of the column, a []int32 with a value for everyone, without a branch: the sign of a difference is the answer. It counts, or
//     fills the words of a bitmap that roaring then takes as they are;
//   - bit slices by hand: one roaring bitmap for each bit of the values, compared from the lowest bit up by one operation in place for
//     each (O'Neil and Quass, Improved Query Performance with Variant Indexes, SIGMOD 1997);
//   - roaring's own bit-sliced index and its CompareValue, which asks every slice for every member.

// An interval holds the values lo … hi, both above or equal to zero.
type interval struct{ lo, hi int32 }

// count scans the column. The difference to lo, wrapped around, is below the interval's length for values inside it alone.
func (in interval) count(column []int32) int {
	lo, length := uint32(in.lo), uint64(in.hi-in.lo)+1
	var a, b, c, d uint64
	for ; len(column) >= 8; column = column[8:] {
		v := (*[8]int32)(column)
		a += (uint64(uint32(v[0])-lo) - length) >> 63
		b += (uint64(uint32(v[1])-lo) - length) >> 63
		c += (uint64(uint32(v[2])-lo) - length) >> 63
		d += (uint64(uint32(v[3])-lo) - length) >> 63
		a += (uint64(uint32(v[4])-lo) - length) >> 63
		b += (uint64(uint32(v[5])-lo) - length) >> 63
		c += (uint64(uint32(v[6])-lo) - length) >> 63
		d += (uint64(uint32(v[7])-lo) - length) >> 63
	}
	for _, v := range column {
		a += (uint64(uint32(v)-lo) - length) >> 63
	}
	return int(a + b + c + d)
}

// countBelow scans the column for values up to most.
func countBelow(column []int32, most int32) int {
	past := int64(most) + 1
	var a, b, c, d uint64
	for ; len(column) >= 8; column = column[8:] {
		v := (*[8]int32)(column)
		a += uint64(int64(v[0])-past) >> 63
		b += uint64(int64(v[1])-past) >> 63
		c += uint64(int64(v[2])-past) >> 63
		d += uint64(int64(v[3])-past) >> 63
		a += uint64(int64(v[4])-past) >> 63
		b += uint64(int64(v[5])-past) >> 63
		c += uint64(int64(v[6])-past) >> 63
		d += uint64(int64(v[7])-past) >> 63
	}
	for _, v := range column {
		a += uint64(int64(v)-past) >> 63
	}
	return int(a + b + c + d)
}

// words scans the column into fresh words. Four quarters of a word fill independently, bits shifted in from above.
func (in interval) words(column []int32) []uint64 {
	const sign = 1 << 63
	lo, length := uint32(in.lo), uint64(in.hi-in.lo)+1
	words := make([]uint64, (len(column)+63)/64)
	whole := len(column) / 64
	for w := range whole {
		v := (*[64]int32)(column[64*w:])
		var a, b, c, d uint64
		for i := range 16 {
			a = a>>1 | (uint64(uint32(v[i])-lo)-length)&sign
			b = b>>1 | (uint64(uint32(v[i+16])-lo)-length)&sign
			c = c>>1 | (uint64(uint32(v[i+32])-lo)-length)&sign
			d = d>>1 | (uint64(uint32(v[i+48])-lo)-length)&sign
		}
		words[w] = a>>48 | b>>32 | c>>16 | d
	}
	for i, v := range column[64*whole:] {
		words[whole] |= (uint64(uint32(v)-lo) - length) >> 63 << i
	}
	return words
}

// A sliced column has a bitmap for each bit of its values. Everyone has a value.
type sliced struct {
	everyone *roaring.Bitmap
	slices   []*roaring.Bitmap // of the lowest bit first
}

// newSliced makes the bitmaps of a column whose values have so many bits.
func newSliced(column []int32, width int) *sliced {
	s := &sliced{everyone: roaring.New()}
	s.everyone.AddRange(0, uint64(len(column)))
	words := make([]uint64, (len(column)+63)/64)
	for bit := range width {
		clear(words)
		for i, v := range column {
			words[i/64] |= uint64(v>>bit&1) << (i & 63)
		}
		s.slices = append(s.slices, roaring.FromDense(words, true))
	}
	return s
}

// above makes the set of those whose value is above the bound: bit by bit, they have it and the bound has not, or are even in it.
func (s *sliced) above(bound int32) *roaring.Bitmap {
	b := roaring.New()
	for bit, slice := range s.slices {
		if bound>>bit&1 == 0 {
			b.Or(slice)
		} else {
			b.And(slice)
		}
	}
	return b
}

// between makes the set of those whose value is in the interval.
func (s *sliced) between(in interval) *roaring.Bitmap {
	var b *roaring.Bitmap
	if in.lo == 0 {
		b = s.everyone.Clone()
	} else {
		b = s.above(in.lo - 1)
	}
	b.AndNot(s.above(in.hi))
	return b
}

// index makes roaring's bit-sliced index of the same bitmaps.
func (s *sliced) index() (*bsi.BSI, error) {
	data := make([][]byte, 1+len(s.slices))
	for i, b := range append([]*roaring.Bitmap{s.everyone}, s.slices...) {
		var err error
		if data[i], err = b.MarshalBinary(); err != nil {
			return nil, fmt.Errorf("bit-sliced index: %w", err)
		}
	}
	index := bsi.NewBSI(1<<len(s.slices)-1, 0)
	if err := index.UnmarshalBinary(data); err != nil {
		return nil, fmt.Errorf("bit-sliced index: %w", err)
	}
	return index, nil
}
