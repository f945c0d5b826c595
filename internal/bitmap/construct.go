package bitmap

import (
	"iter"
	"slices"
)

// Of is the set of vs, in any order.
func Of(vs ...uint32) Bitmap { return FromUnsorted(vs) }

// FromSeq is the set of what seq yields, in any order.
func FromSeq(seq iter.Seq[uint32]) Bitmap { return FromUnsorted(slices.Collect(seq)) }

// FromRange is the set [lo, hi); hi above 2^32 counts as 2^32.
func FromRange(lo, hi uint64) Bitmap {
	hi = min(hi, 1<<32)
	var b Builder
	for lo < hi {
		end := min(hi, lo|(BlockSize-1)+1) - 1
		b.AppendRuns(uint16(lo>>16), []Run{{uint16(lo), uint16(end)}})
		lo = end + 1
	}
	return b.Bitmap()
}

// FromSorted is the set of vs, which ascend, weakly or strictly. Values found out
// of order cost time, not correctness. vs is not kept.
func FromSorted(vs []uint32) Bitmap {
	if !slices.IsSorted(vs) {
		return FromUnsorted(vs)
	}
	return (*Buffer)(nil).OfSorted(vs)
}

// OfSorted is the set of vs, which ascend, weakly or strictly, in u; nil: in fresh
// memory.
func (u *Buffer) OfSorted(vs []uint32) Bitmap {
	b := u.Builder()
	s := getScratch()
	defer s.release()
	for len(vs) > 0 {
		n := blockSpan(vs)
		b.Keep(s.sortedBlock(b.mem, uint16(vs[0]>>16), vs[:n]))
		vs = vs[n:]
	}
	return b.Bitmap()
}

// blockSpan is how many of the ascending vs lie in the block of the first.
func blockSpan(vs []uint32) int {
	end := vs[0] | (BlockSize - 1)
	if vs[len(vs)-1] <= end {
		return len(vs)
	}
	lo, step := 1, 1
	for lo+step <= len(vs) && vs[lo+step-1] <= end {
		lo += step
		step <<= 1
	}
	hi := min(lo+step, len(vs))
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if vs[mid] <= end {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// sortedBlock makes the block of ascending vs, which all lie in it, in u.
func (s *scratch) sortedBlock(u *Arena, num uint16, vs []uint32) Block {
	if len(vs) <= len(s.a) {
		a := s.a[:len(vs)]
		return u.ofArray(num, a[:lowHalves(a, vs)])
	}
	s.w = Words{}
	for _, v := range vs {
		s.w[uint16(v)>>6] |= 1 << (v & 63)
	}
	return u.ofWords(num, &s.w)
}

// lowHalves writes the distinct low halves of ascending values to a.
func lowHalves(a []uint16, vs []uint32) int {
	n := 0
	before := ^vs[0]
	for _, v := range vs {
		a[n] = uint16(v)
		n += b2i(v != before)
		before = v
	}
	return n
}

// sortedUpTo is the length up to which comparison sorting beats distribution.
const sortedUpTo = 4096

// FromUnsorted is the set of vs in any order, with or without duplicates. It
// works on a copy.
func FromUnsorted(vs []uint32) Bitmap {
	if len(vs) <= sortedUpTo {
		if slices.IsSorted(vs) {
			return FromSorted(vs)
		}
		vs = slices.Clone(vs)
		slices.Sort(vs)
		return FromSorted(vs)
	}
	// One counting pass by block, one that distributes the low halves, then
	// each block on its own: linear but for small blocks, which are sorted.
	next := make([]int, slices.Max(vs)>>16+2)
	for _, v := range vs {
		next[v>>16+1]++
	}
	for i := 1; i < len(next); i++ {
		next[i] += next[i-1]
	}
	low := make([]uint16, len(vs))
	for _, v := range vs {
		low[next[v>>16]] = uint16(v)
		next[v>>16]++
	}
	var b Builder
	s := getScratch()
	defer s.release()
	from := 0
	for num, end := range next[:len(next)-1] {
		if end > from {
			b.Append(s.unsortedBlock(uint16(num), low[from:end]))
		}
		from = end
	}
	return b.Bitmap()
}

// unsortedBlock makes the block of low, which it may reorder.
func (s *scratch) unsortedBlock(num uint16, low []uint16) Block {
	if len(low) <= 128 {
		slices.Sort(low)
		return blockOfArray(num, slices.Compact(low))
	}
	s.w = Words{}
	setArray(&s.w, low)
	return blockOfWords(num, &s.w)
}
