package eval

import "github.com/tagroar/tagroar/internal/bitmap"

// Which values of a short array are in a union of leaves: a table of bits takes
// the union, or of operands that are not arrays its part in the array, and is
// cleared by the same values afterwards. Other than a merge of two arrays it has
// no branches that depend on the data; other than uniting, there is no block to
// clear before.

// table is a block of bits, all clear between uses.
type table bitmap.Words

func (t *table) clear(a []uint16) {
	for _, v := range a {
		t[v>>6] = 0
	}
}

// setWithin sets the values of a that are in b.
func (t *table) setWithin(b bitmap.Block, a []uint16) {
	switch b.Form() {
	case bitmap.Bits:
		w := b.Words()
		for _, v := range a {
			t[v>>6] |= w[v>>6] & (1 << (v & 63))
		}
	case bitmap.Array:
		for _, v := range a {
			if b.Contains(v) {
				t[v>>6] |= 1 << (v & 63)
			}
		}
	case bitmap.Runs:
		k := 0
		for _, x := range b.Runs() {
			for k < len(a) && a[k] < x.Start {
				k++
			}
			for ; k < len(a) && a[k] <= x.Last; k++ {
				t[a[k]>>6] |= 1 << (a[k] & 63)
			}
		}
	}
}

// searchFrom is how many times longer an operand must be than the array for
// searching it for each value.
const searchFrom = 16

// siftUnion keeps in a, which is scratch, the values that are in one of the
// leaves of list (keep), or those that are not.
func (r *run) siftUnion(list []int32, a []uint16, keep bool) []uint16 {
	if r.table == nil {
		r.table = new(table)
	}
	t, long := r.table, searchFrom*len(a)
	for _, id := range list {
		if b := r.block(r.leafOf[id]); b.Form() == bitmap.Array && b.Len() <= long {
			b.OrInto((*bitmap.Words)(t))
		} else {
			t.setWithin(*b, a)
		}
	}
	all := r.array()[:len(a)]
	copy(all, a)
	a = bitmap.ScratchWords(0, (*bitmap.Words)(t), bitmap.BlockSize).Filter(a[:0], all, keep)
	t.clear(all)
	for _, id := range list {
		if b := r.block(r.leafOf[id]); b.Form() == bitmap.Array && b.Len() <= long {
			t.clear(b.Array())
		}
	}
	return a
}
