package column

import (
	"iter"
	"maps"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// A Column holds a value for each of its members. The zero Column is empty. It
// is immutable and passed by value; copies share everything.
type Column struct {
	members bitmap.Bitmap
	values  []int64 // by rank among members
}

// Members are those that have a value.
func (c Column) Members() bitmap.Bitmap { return c.members }

// Len is the number of members that have a value.
func (c Column) Len() int { return c.members.Len() }

// Get is the value of m, if it has one.
func (c Column) Get(m uint32) (v int64, ok bool) {
	if !c.members.Contains(m) {
		return 0, false
	}
	return c.values[c.members.Rank(m)-1], true
}

// All are the members that have a value, ascending, with it.
func (c Column) All() iter.Seq2[uint32, int64] {
	return func(yield func(uint32, int64) bool) {
		i := 0
		for m := range c.members.All() {
			if !yield(m, c.values[i]) {
				return
			}
			i++
		}
	}
}

// Bounds are the smallest and the largest value; ok is false if there is none.
func (c Column) Bounds() (least, most int64, ok bool) {
	if len(c.values) == 0 {
		return 0, 0, false
	}
	return slices.Min(c.values), slices.Max(c.values), true
}

// BlockBounds are bounds of the values in block num: none is less than least or
// more than most, but they need not occur. ok is false if no member of the
// block has a value.
func (c Column) BlockBounds(num uint16) (least, most int64, ok bool) {
	for m, v := range c.All() {
		if uint16(m>>16) != num {
			continue
		}
		if !ok {
			least, most, ok = v, v, true
		}
		least, most = min(least, v), max(most, v)
	}
	return least, most, ok
}

// Gather writes the values of the members a of block num (low halves,
// ascending) to dst, which is as long as a, and tells in has which have one;
// the others get 0.
func (c Column) Gather(num uint16, a []uint16, dst []int64, has []bool) {
	for i, low := range a {
		dst[i], has[i] = c.Get(uint32(num)<<16 | uint32(low))
	}
}

// Edit begins the next version of the column.
func (c Column) Edit() *Editor { return &Editor{values: maps.Collect(c.All())} }

// An Editor collects changes to a column. It belongs to one goroutine.
type Editor struct {
	values map[uint32]int64
}

// Get is the value that m has now, if it has one.
func (e *Editor) Get(m uint32) (v int64, ok bool) {
	v, ok = e.values[m]
	return v, ok
}

// Set gives m the value v and tells whether that changed anything.
func (e *Editor) Set(m uint32, v int64) (changed bool) {
	old, ok := e.values[m]
	e.values[m] = v
	return !ok || old != v
}

// SetMany gives ms[i] the value vs[i]; where a member is repeated, the last
// counts. It returns the number of members whose value changed. ms may be in any
// order; both are as long and are not kept.
func (e *Editor) SetMany(ms []uint32, vs []int64) (changed int) {
	last := make(map[uint32]int64, len(ms))
	for i, m := range ms {
		last[m] = vs[i]
	}
	for m, v := range last {
		if e.Set(m, v) {
			changed++
		}
	}
	return changed
}

// Unset takes the value from m and tells whether it had one.
func (e *Editor) Unset(m uint32) bool {
	_, ok := e.values[m]
	delete(e.values, m)
	return ok
}

// UnsetAll takes the values from the members of b and returns how many had one.
func (e *Editor) UnsetAll(b bitmap.Bitmap) (n int) {
	for m := range b.All() {
		if e.Unset(m) {
			n++
		}
	}
	return n
}

// Column is the column with all changes so far; the editor may go on.
func (e *Editor) Column() Column {
	ms := slices.Sorted(maps.Keys(e.values))
	c := Column{members: bitmap.FromSorted(ms)}
	for _, m := range ms {
		c.values = append(c.values, e.values[m])
	}
	return c
}
