package column

import (
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Many changes at once. They are sorted by block; a block with few of them is
// edited member by member, one with many is unrolled into an array of 65,536
// values, changed there in any order, and made anew.

// worthUnrolling tells whether so many changes in a block of n values are made faster
// by unrolling it. A change member by member costs some 70 ns, more where it moves
// offsets, and copies at most the eight chunks; unrolling costs 8 ns a value there is.
func worthUnrolling(changes, n int) bool { return changes >= max(64, n/16) }

// bulk is a block unrolled: 520 KiB.
type bulk struct {
	values [blockSize]int64 // of the members in has
	has    bitmap.Words
	seen   bitmap.Words // members changed by the call at hand
	low    []uint16
	ms     []uint32
}

// SetMany gives ms[i] the value vs[i]; where a member is repeated, the last
// counts. It returns the number of members whose value changed. ms may be in any
// order; both are as long and are not kept.
func (e *Editor) SetMany(ms []uint32, vs []int64) (changed int) {
	if !slices.IsSorted(ms) {
		ms, vs = sortedByBlock(ms, vs)
	}
	for len(ms) > 0 {
		num := uint16(ms[0] >> 16)
		n := len(ms)
		if uint16(ms[n-1]>>16) != num {
			n, _ = slices.BinarySearchFunc(ms, num, func(m uint32, num uint16) int { // the end of block num
				if uint16(m>>16) <= num {
					return -1
				}
				return 1
			})
		}
		changed += e.setBlock(num, ms[:n], vs[:n])
		ms, vs = ms[n:], vs[n:]
	}
	return changed
}

// sortedByBlock copies both lists with the members of a block together, blocks in
// ascending order and members of a block in the order given.
func sortedByBlock(ms []uint32, vs []int64) ([]uint32, []int64) {
	next := make([]int, blockSize+1)
	for _, m := range ms {
		next[m>>16+1]++
	}
	for i := 1; i < len(next); i++ {
		next[i] += next[i-1]
	}
	sortedMs, sortedVs := make([]uint32, len(ms)), make([]int64, len(ms))
	for i, m := range ms {
		at := next[m>>16]
		next[m>>16]++
		sortedMs[at], sortedVs[at] = m, vs[i]
	}
	return sortedMs, sortedVs
}

// setBlock is SetMany for members of block num.
func (e *Editor) setBlock(num uint16, ms []uint32, vs []int64) (changed int) {
	if !worthUnrolling(len(ms), e.in(num).Len()) {
		return e.setFew(ms, vs)
	}
	u := e.unroll(num)
	u.seen = bitmap.Words{}
	for i := len(ms) - 1; i >= 0; i-- { // backwards: the last counts
		low, v := uint16(ms[i]), vs[i]
		bit := uint64(1) << (low & 63)
		if u.seen[low>>6]&bit != 0 {
			continue
		}
		u.seen[low>>6] |= bit
		if u.has[low>>6]&bit == 0 || u.values[low] != v {
			changed++
		}
		u.values[low] = v
	}
	if changed == 0 {
		return 0
	}
	e.edited().AddSorted(u.members(num, &u.seen))
	bitmap.Or(&u.has, &u.has, &u.seen)
	e.roll(num)
	return changed
}

// setFew sets member by member. A repeated one must be counted once, by what it had
// before and has at last.
func (e *Editor) setFew(ms []uint32, vs []int64) (changed int) {
	var last map[uint32]int // nil: none is repeated
	for i := 1; i < len(ms); i++ {
		if ms[i] <= ms[i-1] {
			last = make(map[uint32]int, len(ms))
			for i, m := range ms {
				last[m] = i
			}
			break
		}
	}
	for i, m := range ms {
		if (last == nil || last[m] == i) && e.Set(m, vs[i]) {
			changed++
		}
	}
	return changed
}

// UnsetAll takes the values from the members of b and returns how many had one.
func (e *Editor) UnsetAll(b bitmap.Bitmap) (n int) {
	for x := range b.Blocks() {
		n += e.unsetBlock(x)
	}
	return n
}

func (e *Editor) unsetBlock(x bitmap.Block) int {
	num := x.Num()
	in := e.in(num)
	n := bitmap.AndCount(in, x)
	switch {
	case n == 0:
		return 0
	case n < in.Len() && !worthUnrolling(n, in.Len()):
		var w bitmap.Words
		in.CopyTo(&w)
		x.AndInto(&w)
		ms := make([]uint32, n)
		bitmap.Decode(ms, &w, uint32(num)<<16)
		for _, m := range ms {
			e.Unset(m)
		}
		return n
	}
	u := e.unroll(num)
	u.seen = u.has
	x.AndInto(&u.seen)
	e.edited().RemoveSorted(u.members(num, &u.seen))
	bitmap.AndNot(&u.has, &u.has, &u.seen)
	e.roll(num)
	return n
}

// unroll is block num in e's scratch.
func (e *Editor) unroll(num uint16) *bulk {
	if e.bulk == nil {
		e.bulk = new(bulk)
	}
	u := e.bulk
	in := e.in(num)
	in.CopyTo(&u.has)
	if in.IsEmpty() {
		return u
	}
	b := e.base.find(num)
	if w := e.work(num); w != nil {
		b = &w.block
	}
	e.values = b.appendTo(e.values[:0], in)
	for i, low := range u.lows(&u.has) {
		u.values[low] = e.values[i]
	}
	return u
}

// roll makes the block that was unrolled anew; its members have been edited.
func (e *Editor) roll(num uint16) {
	u, w := e.bulk, e.open(num)
	lows := u.lows(&u.has)
	if len(lows) == 0 {
		w.renew(block{chunk: chunk{num: num}})
		return
	}
	e.values = e.values[:0]
	for _, low := range lows {
		e.values = append(e.values, u.values[low])
	}
	w.renew(newBlock(bitmap.ScratchWords(num, &u.has, len(lows)), e.values))
}

// lows are the members of w.
func (u *bulk) lows(w *bitmap.Words) []uint16 {
	u.low = slices.Grow(u.low[:0], blockSize)
	return u.low[:bitmap.DecodeLow(u.low[:blockSize], w)]
}

// members are the members of w in block num.
func (u *bulk) members(num uint16, w *bitmap.Words) []uint32 {
	u.ms = slices.Grow(u.ms[:0], blockSize)
	return u.ms[:bitmap.Decode(u.ms[:blockSize], w, uint32(num)<<16)]
}
