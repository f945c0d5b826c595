package column

import (
	"cmp"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Min is the smallest value of the members of over; ok is false if none has one.
// Blocks and chunks that cannot have it, by their bounds, are not looked at.
func (c Column) Min(over bitmap.Bitmap) (v int64, ok bool) {
	v, ok = c.extreme(over, func(v int64) int64 { return ^v })
	return ^v, ok
}

// Max is the largest value of the members of over; ok is false if none has one. It
// costs what Min does.
func (c Column) Max(over bitmap.Bitmap) (v int64, ok bool) {
	return c.extreme(over, func(v int64) int64 { return v })
}

// extreme is the largest key of a value. A key is the value or, for the smallest,
// its complement, which turns the order around.
func (c Column) extreme(over bitmap.Bitmap, key func(int64) int64) (best int64, ok bool) {
	s := getSlabs()
	defer s.release()
	wanted := func(least, most int64) bool { return !ok || max(key(least), key(most)) > best }
	for _, o := range c.byExtreme(over, key) {
		if !wanted(o.least, o.most) {
			break
		}
		if o.whole() {
			best, ok = max(key(o.least), key(o.most)), true
			continue
		}
		s.eachValues(o, wanted, func(values []int64) {
			least, most := bounds(values)
			if k := max(key(least), key(most)); !ok || k > best {
				best, ok = k, true
			}
		})
	}
	return best, ok
}

// byExtreme are the overlaps, the one whose bounds have the largest key first, and
// among equals in ascending order.
func (c Column) byExtreme(over bitmap.Bitmap, key func(int64) int64) []overlap {
	all := slices.Collect(c.overlaps(over))
	slices.SortStableFunc(all, func(a, b overlap) int {
		return cmp.Compare(max(key(b.least), key(b.most)), max(key(a.least), key(a.most)))
	})
	return all
}
