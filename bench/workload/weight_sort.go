package workload

import "slices"

// The ways to sort all members by weight, once they are scored: slices.SortFunc of pairs; slices.Sort of one integer that holds
// both, which needs no function; a counting sort, as there are few scores and the members come in order already. Each leaves the
// pairs, or the members alone, in a buffer that is kept from call to call.
type sorter struct {
	s      *summer
	pairs  []scored
	packed []uint64
	ids    []uint32
	starts []uint32
}

// pairwise sorts pairs by a function.
func (o *sorter) pairwise() []scored {
	o.pairs = o.s.all(o.pairs[:0])
	slices.SortFunc(o.pairs, compareScored)
	return o.pairs
}

// integers sorts falling score and rising member as one integer each; the member is its low half.
func (o *sorter) integers() []uint64 {
	o.packed = o.packed[:0]
	o.s.each(func(members []uint32, sums []int32) {
		sums = sums[:windowSize]
		for _, m := range members {
			o.packed = append(o.packed, uint64(^uint32(sums[uint16(m)]))<<32|uint64(m))
		}
	})
	slices.Sort(o.packed)
	return o.packed
}

// counted counts the members of each score and then puts every member in its place.
func (o *sorter) counted() []uint32 {
	o.pairs = o.s.all(o.pairs[:0])
	var most int64
	for _, w := range o.s.q.weights {
		most += w
	}
	o.starts = slices.Grow(o.starts[:0], int(most)+2)[:most+2]
	clear(o.starts)
	for _, p := range o.pairs {
		o.starts[most-p.score+1]++
	}
	for i := range o.starts[1:] {
		o.starts[i+1] += o.starts[i]
	}
	o.ids = slices.Grow(o.ids[:0], len(o.pairs))[:len(o.pairs)]
	for _, p := range o.pairs {
		at := &o.starts[most-p.score]
		o.ids[*at] = p.member
		*at++
	}
	return o.ids
}
