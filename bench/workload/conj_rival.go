package workload

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// The ways to evaluate a conj with roaring. They differ in how a group's union meets what is left of the result: AndAny does both
// in one pass; FastOr, HeapOr and a chain of Or in place make the union first; distributing makes each intersection first, which is
// best when what is left is small. They differ as well in when the negatives come off. (ParHeapOr and ParOr are left out: they
// alias or overwrite their operands.) Every way has a count that leaves the last operation unmade where roaring can count it.

// A way evaluates all but the last subtraction; rest is that last operand, or nil.
type way struct {
	name string
	eval func(o operands) (b, rest *roaring.Bitmap)
}

var ways = []way{
	{"AndAny", func(o operands) (*roaring.Bitmap, *roaring.Bitmap) {
		b, groups := o.base(inPlaceOr)
		for _, g := range groups {
			b.AndAny(g...)
		}
		return minus(b, o.none)
	}},
	{"AndNot, AndAny", func(o operands) (*roaring.Bitmap, *roaring.Bitmap) {
		b, groups := o.base(inPlaceOr)
		for _, n := range o.none {
			b.AndNot(n)
		}
		for _, g := range groups {
			b.AndAny(g...)
		}
		return b, nil
	}},
	{"AndAny, FastOr negatives", func(o operands) (*roaring.Bitmap, *roaring.Bitmap) {
		b, groups := o.base(inPlaceOr)
		for _, g := range groups {
			b.AndAny(g...)
		}
		if len(o.none) == 0 {
			return b, nil
		}
		return b, union(roaring.FastOr, o.none)
	}},
	{"FastOr, And", func(o operands) (*roaring.Bitmap, *roaring.Bitmap) { return o.unionsFirst(roaring.FastOr) }},
	{"FastOr smallest first, And", func(o operands) (*roaring.Bitmap, *roaring.Bitmap) {
		return o.unionsFirst(func(of ...*roaring.Bitmap) *roaring.Bitmap {
			of = slices.Clone(of)
			slices.Reverse(of)
			return roaring.FastOr(of...)
		})
	}},
	{"HeapOr, And", func(o operands) (*roaring.Bitmap, *roaring.Bitmap) { return o.unionsFirst(roaring.HeapOr) }},
	{"Or in place, And", func(o operands) (*roaring.Bitmap, *roaring.Bitmap) { return o.unionsFirst(inPlaceOr) }},
	{"distributed And", func(o operands) (*roaring.Bitmap, *roaring.Bitmap) {
		b, groups := o.base(inPlaceOr)
		for _, g := range groups {
			sum := roaring.And(b, g[0])
			for _, x := range g[1:] {
				sum.Or(roaring.And(b, x))
			}
			b = sum
		}
		return minus(b, o.none)
	}},
}

// base starts the result with the intersection of all, or without any with the union of the first group; in room, if there is one.
func (o operands) base(or func(...*roaring.Bitmap) *roaring.Bitmap) (*roaring.Bitmap, [][]*roaring.Bitmap) {
	if o.room != nil {
		return o.baseInRoom(), o.any[one(len(o.all) == 0):]
	}
	switch len(o.all) {
	case 0:
		return union(or, o.any[0]), o.any[1:]
	case 1:
		return o.all[0].Clone(), o.any
	}
	return roaring.FastAnd(o.all...), o.any // a chain in place behind one And
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// baseInRoom is base in a bitmap that held an earlier result.
func (o operands) baseInRoom() *roaring.Bitmap {
	o.room.Clear()
	if len(o.all) == 0 {
		for _, x := range o.any[0] {
			o.room.Or(x)
		}
		return o.room
	}
	o.room.Or(o.all[0])
	for _, x := range o.all[1:] {
		o.room.And(x)
	}
	return o.room
}

// unionsFirst makes every group's union, then intersects the smallest first.
func (o operands) unionsFirst(or func(...*roaring.Bitmap) *roaring.Bitmap) (*roaring.Bitmap, *roaring.Bitmap) {
	var parts []*roaring.Bitmap
	for _, g := range o.any {
		parts = append(parts, union(or, g))
	}
	owned := len(parts)
	b := (*roaring.Bitmap)(nil)
	if len(o.all) > 0 || owned > 1 {
		parts = append(parts, o.all...)
		slices.SortStableFunc(parts, func(x, y *roaring.Bitmap) int { return cmp.Compare(x.GetCardinality(), y.GetCardinality()) })
		b = roaring.FastAnd(parts...)
	} else {
		b = parts[0]
	}
	return minus(b, o.none)
}

// minus takes off all of none but the last.
func minus(b *roaring.Bitmap, none []*roaring.Bitmap) (_, rest *roaring.Bitmap) {
	for i, n := range none {
		if i == len(none)-1 {
			return b, n
		}
		b.AndNot(n)
	}
	return b, nil
}

// union never returns one of its operands.
func union(or func(...*roaring.Bitmap) *roaring.Bitmap, of []*roaring.Bitmap) *roaring.Bitmap {
	if len(of) == 1 {
		return of[0].Clone()
	}
	return or(of...)
}

func inPlaceOr(of ...*roaring.Bitmap) *roaring.Bitmap {
	b := roaring.Or(of[0], of[1])
	for _, x := range of[2:] {
		b.Or(x)
	}
	return b
}

// counters returns every way to count the conj, pairs by their cardinality functions as well.
func (c conj) counters(tags []*roaring.Bitmap) []counter {
	o := c.operands(tags)
	var out []counter
	if pair := o.pair(); pair.count != nil {
		out = append(out, pair)
	}
	for _, w := range ways {
		if c.skips(w) {
			continue
		}
		out = append(out, counter{w.name, func() int {
			b, rest := w.eval(o)
			n := int(b.GetCardinality())
			if rest != nil {
				n -= int(b.AndCardinality(rest))
			}
			return n
		}})
	}
	return out
}

// makers returns every way to make the conj's set.
func (c conj) makers(tags []*roaring.Bitmap) []maker {
	o := c.operands(tags)
	var out []maker
	for _, w := range ways {
		if c.skips(w) {
			continue
		}
		out = append(out, maker{w.name, func() *roaring.Bitmap {
			b, rest := w.eval(o)
			if rest != nil {
				b.AndNot(rest)
			}
			return b
		}})
	}
	return out
}

// reusers are the makers that can begin in a bitmap of their own, used again by every call. What roaring reuses of it are the lists of
// keys and containers; the containers are made afresh by every operation that is not in place.
func (c conj) reusers(tags []*roaring.Bitmap) []maker {
	var out []maker
	for _, w := range ways[:3] { // those of base
		if c.skips(w) {
			continue
		}
		o := c.operands(tags)
		o.room = roaring.New()
		out = append(out, maker{w.name + ", reused", func() *roaring.Bitmap {
			b, rest := w.eval(o)
			if rest != nil {
				b.AndNot(rest)
			}
			return b
		}})
	}
	return out
}

// skips leaves out the ways that are the first one under another name: without groups there is no union to make.
func (c conj) skips(w way) bool {
	return len(c.any) == 0 && w.name != "AndAny" && w.name != "AndNot, AndAny"
}

// pair counts two tags without making anything.
func (o operands) pair() counter {
	switch {
	case len(o.any) == 1 && len(o.any[0]) == 2 && len(o.all) == 0 && len(o.none) == 0:
		a, b := o.any[0][0], o.any[0][1]
		return counter{"|A| + |B| − AndCardinality", func() int {
			return int(a.GetCardinality() + b.GetCardinality() - a.AndCardinality(b))
		}}
	case len(o.any) > 0:
	case len(o.all) == 2 && len(o.none) == 0:
		return counter{"AndCardinality", func() int { return int(o.all[0].AndCardinality(o.all[1])) }}
	case len(o.all) == 1 && len(o.none) == 1:
		return counter{"cardinality − AndCardinality", func() int {
			return int(o.all[0].GetCardinality() - o.all[0].AndCardinality(o.none[0]))
		}}
	}
	return counter{}
}
