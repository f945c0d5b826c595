package bitmap

import (
	"iter"
	"slices"
)

// Of is the set of vs, in any order.
func Of(vs ...uint32) Bitmap {
	if len(vs) == 1 {
		return Bitmap{}.With(vs[0])
	}
	return FromUnsorted(vs)
}

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
func FromSorted(vs []uint32) Bitmap { return FromUnsorted(vs) }

// OfSorted is the set of vs, which ascend, weakly or strictly, in u; nil: in fresh
// memory.
func (u *Buffer) OfSorted(vs []uint32) Bitmap { return u.ofSorted(vs, false) }

func (u *Buffer) ofSorted(vs []uint32, strictly bool) Bitmap {
	b := u.Builder()
	s := getScratch()
	defer s.release()
	for len(vs) > 0 {
		n := blockSpan(vs)
		b.Keep(s.sortedBlock(b.mem, uint16(vs[0]>>16), vs[:n], strictly))
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
func (s *scratch) sortedBlock(u *Arena, num uint16, vs []uint32, strictly bool) Block {
	if len(vs) <= len(s.a) {
		a := s.a[:len(vs)]
		return u.ofArray(num, a[:lowHalves(a, vs)])
	}
	s.w = Words{}
	setSorted(&s.w, vs, strictly)
	return u.ofWords(num, &s.w)
}

// setSorted sets the bits of the ascending vs, of one block, in w, where their words
// are clear. It gathers a word's bits before it stores them, over and over, but never
// loads a word that it has just stored: with some twenty members a word, waiting for
// that took over half of the time. If vs ascend strictly, 64 that span 64 are a run.
func setSorted(w *Words, vs []uint32, strictly bool) {
	var word uint64 // so far
	var at uint32   // which one
	for len(vs) > 0 {
		some := vs[:min(64, len(vs))]
		vs = vs[len(some):]
		first, last := some[0], some[len(some)-1]
		if !strictly || len(some) < 64 || last-first != 63 {
			for _, v := range some {
				here := v >> 6
				word &= uint64(int64(int32(here^at)-1) >> 63) // keep it if it is the same one
				word |= 1 << (v & 63)
				w[here%wordsLen] = word
				at = here
			}
			continue
		}
		if first>>6 != at {
			word = 0
		}
		word |= ^uint64(0) << (first & 63)
		w[first>>6%wordsLen] = word
		if at = last >> 6; at != first>>6 {
			word = ^uint64(0) >> (63 - last&63)
			w[at%wordsLen] = word
		}
	}
}

// ascend tells whether vs ascend, weakly, and whether strictly. Most that do not are
// found out in the first piece.
func ascend(vs []uint32) (weakly, strictly bool) {
	const piece = 1024
	rest := vs
	for len(rest) > 4 {
		down := uint64(0) // the differences that are not above 0 have its top bit
		for i := 0; i < piece && len(rest) > 4; i += 4 {
			v := (*[5]uint32)(rest)
			v0, v1, v2, v3, v4 := uint64(v[0]), uint64(v[1]), uint64(v[2]), uint64(v[3]), uint64(v[4])
			down |= (v1 - v0 - 1) | (v2 - v1 - 1) | (v3 - v2 - 1) | (v4 - v3 - 1)
			rest = rest[4:]
		}
		if down>>63 != 0 {
			return slices.IsSorted(vs), false
		}
	}
	for i := 1; i < len(rest); i++ {
		if rest[i-1] >= rest[i] {
			return slices.IsSorted(vs), false
		}
	}
	return true, true
}

// bounds are the least and the greatest of vs, at least one.
func bounds(vs []uint32) (least, most uint32) {
	l0, l1, m0, m1 := vs[0], vs[0], vs[0], vs[0]
	for len(vs) >= 2 { // two at a time: each waits for its like only
		v := (*[2]uint32)(vs)
		l0, l1 = min(l0, v[0]), min(l1, v[1])
		m0, m1 = max(m0, v[0]), max(m1, v[1])
		vs = vs[2:]
	}
	if len(vs) > 0 {
		l0, m0 = min(l0, vs[0]), max(m0, vs[0])
	}
	return min(l0, l1), max(m0, m1)
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
	if weakly, strictly := ascend(vs); weakly {
		return (*Buffer)(nil).ofSorted(vs, strictly)
	}
	return fromUnsorted(vs)
}

// fromUnsorted is FromUnsorted for values that do not ascend.
func fromUnsorted(vs []uint32) Bitmap {
	if len(vs) <= sortedUpTo {
		vs = slices.Clone(vs)
		slices.Sort(vs)
		return (*Buffer)(nil).OfSorted(vs)
	}
	first, last := bounds(vs)
	if blocks := int(last>>16-first>>16) + 1; forField(len(vs), blocks) {
		return new(Field).of(vs, uint16(first>>16), blocks)
	}
	return distribute(vs, last)
}

// distribute is the set of vs, the greatest of which is last: one counting pass by
// block, one that distributes the low halves, then each block on its own. That is
// linear but for small blocks, which are sorted.
func distribute(vs []uint32, last uint32) Bitmap {
	next := make([]int, last>>16+2)
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
