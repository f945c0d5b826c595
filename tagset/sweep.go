package tagset

import (
	"cmp"
	"iter"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// To learn how many sets lie to each other, in time that is linear in their
// blocks whatever they are, all of them are laid out by block number: a union
// of many sets, made set by set or by cursors, looks at each of them again for
// each number that any has.

// A sweep is blocks of sets, with what the sets belong to.
type sweep []swept

type swept struct {
	bitmap.Block
	id    TagID
	order uint32 // in which it came
}

// add takes the blocks of a set.
func (s *sweep) add(id TagID, set bitmap.Bitmap) {
	for b := range set.Blocks() {
		*s = append(*s, swept{b, id, uint32(len(*s))})
	}
}

// byNumber yields the blocks of each number, in the order in which they came.
func (s sweep) byNumber() iter.Seq[[]swept] {
	slices.SortFunc(s, func(a, b swept) int {
		return cmp.Or(cmp.Compare(a.Num(), b.Num()), cmp.Compare(a.order, b.order))
	})
	return func(yield func([]swept) bool) {
		for rest := s; len(rest) > 0; {
			n := 1
			for n < len(rest) && rest[n].Num() == rest[0].Num() {
				n++
			}
			if !yield(rest[:n]) {
				return
			}
			rest = rest[n:]
		}
	}
}

// unionLen returns how many members the union of sets, a sequence to go through
// twice, has, without making it.
func unionLen(sets iter.Seq[bitmap.Bitmap]) (n uint64) {
	blocks := 0
	for set := range sets {
		blocks += set.NumBlocks()
	}
	all := make(sweep, 0, blocks)
	for set := range sets {
		all.add(0, set)
	}
	var w bitmap.Words
	for same := range all.byNumber() {
		if len(same) == 1 {
			n += uint64(same[0].Len())
			continue
		}
		same[0].CopyTo(&w)
		for _, b := range same[1:] {
			b.OrInto(&w)
		}
		n += uint64(bitmap.Count(&w))
	}
	return n
}
