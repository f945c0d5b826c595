package column

import (
	"cmp"
	"math"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// An Entry is a member and its value.
type Entry struct {
	Member uint32
	Value  int64
}

// Top are the k members of over with the largest values, largest first, or those
// with the smallest, smallest first; of equal values the smaller member comes first.
// Members without a value are never among them. There are fewer than k only if over
// has fewer.
//
// Blocks are visited in the order of their bounds. Once k members are found, only
// those that may do better than the worst of them are looked for: whole blocks are
// passed over, and in others a predicate finds them.
func (c Column) Top(over bitmap.Bitmap, k int, largest bool) []Entry {
	if k <= 0 {
		return nil
	}
	key := func(v int64) int64 { return v }
	if !largest {
		key = func(v int64) int64 { return ^v }
	}
	h := top{k: k}
	s := getSlabs()
	defer s.release()
	wanted := func(least, most int64) bool { return !h.full() || max(key(least), key(most)) >= h.worst().Value }
	for _, o := range c.byExtreme(over, key) {
		if !wanted(o.least, o.most) {
			break
		}
		if h.full() && o.cut != nil && o.x.Form() != bitmap.Array {
			o = o.atLeast(h.worst().Value, largest, &s.w)
			if o.x.IsEmpty() {
				continue
			}
		}
		base := uint32(o.num) << 16
		s.each(o, wanted, func(x slab) {
			for i, v := range x.values {
				h.offer(Entry{base | uint32(x.low[i]), key(v)})
			}
		})
	}
	slices.SortFunc(h.entries, Entry.compare)
	for i := range h.entries {
		h.entries[i].Value = key(h.entries[i].Value) // the key of the key is the value
	}
	return h.entries
}

// atLeast is o with those of its members alone whose value's key is at least that,
// as bits in w.
func (o overlap) atLeast(key int64, largest bool, w *bitmap.Words) overlap {
	s := Interval{Lo: key, Hi: math.MaxInt64}
	if !largest {
		s = Interval{Lo: math.MinInt64, Hi: ^key}
	}
	met, all := meeting([]Interval{s}, o.least, o.most)
	if all {
		return o
	}
	o.within(met, o.in, w)
	o.x.AndInto(w)
	n := bitmap.Count(w)
	if n > bitmap.MaxArray {
		o.x = bitmap.ScratchWords(o.num, w, n)
		return o
	}
	low := make([]uint16, n)
	bitmap.DecodeLow(low, w)
	o.x = bitmap.ScratchArray(o.num, low)
	return o
}

// compare puts the better of two entries, whose values are keys, first.
func (a Entry) compare(b Entry) int {
	if c := cmp.Compare(b.Value, a.Value); c != 0 {
		return c
	}
	return cmp.Compare(a.Member, b.Member)
}

// A top is the best k entries so far, the worst of them at the root of a heap.
type top struct {
	k       int
	entries []Entry
}

func (h *top) full() bool   { return len(h.entries) == h.k }
func (h *top) worst() Entry { return h.entries[0] }

// offer takes x if it is among the best.
func (h *top) offer(x Entry) {
	s := h.entries
	if len(s) < h.k {
		s = append(s, x)
		i := len(s) - 1
		for i > 0 && s[(i-1)/2].compare(x) < 0 {
			s[i] = s[(i-1)/2]
			i = (i - 1) / 2
		}
		s[i] = x
		h.entries = s
		return
	}
	if x.compare(s[0]) > 0 {
		return
	}
	i := 0
	for {
		kid := 2*i + 1
		if kid >= len(s) {
			break
		}
		if kid+1 < len(s) && s[kid].compare(s[kid+1]) < 0 {
			kid++
		}
		if s[kid].compare(x) < 0 {
			break
		}
		s[i] = s[kid]
		i = kid
	}
	s[i] = x
}
