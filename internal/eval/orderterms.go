package eval

import (
	"cmp"
	"math"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
)

// terms is what a run knows about the terms of a score in the block at hand:
// which of them have members there, and therefore between which bounds every
// score lies. A term without members is out; one that has the whole block is a
// constant. Weights are turned so that the greater score always comes first.
type terms struct {
	all  []term  // by falling weight, signs aside
	here []int32 // those that distinguish members in this block
	num  uint32
	base int64 // weight of the terms that have the whole block
	low  int64 // no score in this block is less
	high int64 // or greater
	wide bool  // sums may not fit an int32
	turn int64 // −1: weights are negated

	pieces int // values in arrays, and runs, of those here
}

type term struct {
	set    leafState // of the set, or of the candidates of where
	where  *column.Predicate
	weight int64
	block  bitmap.Block // in the block at hand; of a predicate only once loaded
	loaded bool
}

// reset takes the terms of o, from the first block on.
func (t *terms) reset(o *Order) {
	t.turn = 1
	if first := o.first(); first.Kind == ByScore && !first.Desc {
		t.turn = -1
	}
	t.all, t.here = t.all[:0], t.here[:0]
	most := int64(0)
	for _, x := range o.Terms {
		if x.Weight == 0 {
			continue
		}
		n := term{where: x.Where, weight: t.turn * x.Weight}
		if x.Where != nil {
			n.set.cursor = x.Where.Candidates().Cursor()
		} else {
			n.set.cursor = x.Set.Cursor()
		}
		n.set.seek(0)
		t.all = append(t.all, n)
		most += max(n.weight, -n.weight)
	}
	slices.SortStableFunc(t.all, func(a, b term) int { return cmp.Compare(max(b.weight, -b.weight), max(a.weight, -a.weight)) })
	t.wide = most > math.MaxInt32
	t.num = end
}

// drop forgets all sets, and room for uncommonly many.
func (t *terms) drop() {
	if cap(t.all) > keepLeaves {
		*t = terms{}
		return
	}
	clear(t.all)
	t.all = t.all[:0]
}

// seek makes block num the block at hand. It must not go back.
func (t *terms) seek(num uint32) {
	if t.num == num {
		return
	}
	t.num, t.here, t.base, t.low, t.high, t.pieces = num, t.here[:0], 0, 0, 0, 0
	for i := range t.all {
		x := &t.all[i]
		if x.set.num < num {
			x.set.seek(num)
		}
		if x.set.num != num {
			continue
		}
		x.block, x.loaded = *x.set.block, x.where == nil
		switch {
		case x.loaded && x.block.IsFull():
			t.base += x.weight
			continue
		case !x.loaded && x.where.Bound(uint16(num)) == 0:
			continue
		case x.weight > 0:
			t.high += x.weight
		default:
			t.low += x.weight
		}
		t.here = append(t.here, int32(i))
		switch x.form() {
		case bitmap.Array:
			t.pieces += x.block.Len()
		case bitmap.Runs:
			t.pieces += x.block.RunCount()
		}
	}
	t.low += t.base
	t.high += t.base
}

// load makes sure that the block of a predicate is known; w is room for it.
func (x *term) load(num uint32, w *bitmap.Words) {
	if !x.loaded {
		x.block, x.loaded = x.where.Block(uint16(num), w), true
	}
}

// size is about how many members the term has in the block at hand.
func (x *term) size(num uint32) int {
	if !x.loaded {
		return x.where.Bound(uint16(num))
	}
	return x.block.Len()
}
