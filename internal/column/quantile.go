package column

import (
	"math"
	"math/bits"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// An order statistic by distribution: the range of values is cut into bins of equal
// width and the values counted in each; the bin that has the wanted rank is the
// range of the next round, until it is a single value or has few values, which are
// sorted. A round looks only at chunks whose bounds meet the range. Values of 24
// bits take two or three rounds, any at most six.

const (
	// binBits: 4,096 counters are 32 KiB, the nearest cache.
	binBits = 12
	// sortFrom is how many values are sorted rather than counted once more.
	sortFrom = 4096
)

// Quantile is the value that a share q of the values of the members of over do not
// exceed, by nearest rank: of n values in ascending order the ⌈q·n⌉-th, and the
// first for q = 0. It is one of the values, exactly; q below 0 counts as 0 and above
// 1 as 1. ok is false if no member has a value, or q is not a number.
func (c Column) Quantile(over bitmap.Bitmap, q float64) (v int64, ok bool) {
	all := slices.Collect(c.overlaps(over))
	if len(all) == 0 || math.IsNaN(q) {
		return 0, false
	}
	least, most := all[0].least, all[0].most
	n := 0
	for _, o := range all {
		least, most = min(least, o.least), max(most, o.most)
		n += bitmap.AndCount(o.x, o.in)
	}
	if n == 0 {
		return 0, false
	}
	rank := int(math.Ceil(min(max(q, 0), 1) * float64(n)))
	return selectRank(all, n, min(max(rank, 1), n)-1, least, most), true
}

// selectRank is the value of that rank, counted from 0, among the n values from
// least to most.
func selectRank(all []overlap, n, rank int, least, most int64) int64 {
	s := getSlabs()
	defer s.release()
	counts := make([]int, 1<<binBits)
	meets := func(lo, hi int64) bool { return lo <= most && least <= hi }
	for n > sortFrom && least < most {
		shift := max(0, bits.Len64(distance(least, most))-binBits)
		clear(counts)
		span := distance(least, most)
		for _, o := range all {
			s.each(o, meets, func(x slab) {
				for _, v := range x.values {
					if y := uint64(v) - uint64(least); y <= span { // no value below least is so near
						counts[y>>shift&(1<<binBits-1)]++
					}
				}
			})
		}
		bin := 0
		for rank >= counts[bin] {
			rank -= counts[bin]
			bin++
		}
		n = counts[bin]
		first := uint64(bin) << shift
		last := min(span, first+1<<shift-1)
		least, most = int64(uint64(least)+first), int64(uint64(least)+last)
	}
	if least == most {
		return least
	}
	values := make([]int64, 0, n)
	for _, o := range all {
		s.each(o, meets, func(x slab) {
			for _, v := range x.values {
				if least <= v && v <= most {
					values = append(values, v)
				}
			}
		})
	}
	slices.Sort(values)
	return values[rank]
}
