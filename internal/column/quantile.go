package column

import (
	"math"
	"math/bits"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// An order statistic, exactly, in two ways one after the other.
//
// A sample of the values tells two of them between which the wanted one very likely
// is, a tenth of all values apart (R. Floyd, R. Rivest, "Expected time bounds for
// selection", CACM 1975). Those between are collected and those below counted, both
// by predicates; if the wanted one is elsewhere after all, it is looked for there.
//
// Among what is left the range of values is cut into bins of equal width and the
// values counted in each; the bin that has the wanted rank is the range of the next
// round, until it is a single value or has few values, which are sorted. Values of 24
// bits take two or three rounds, any at most six.

const (
	// binBits: 4,096 counters are 32 KiB, the nearest cache.
	binBits = 12
	// sortFrom is how many values are sorted rather than counted once more.
	sortFrom = 4096
	// bracketFrom is from how many values on sampling them pays.
	bracketFrom = 1 << 17
	// bracketSample is the size of the sample. A rank is off by at most 1.6 % of all
	// values two times in three, and hardly ever by three times as many.
	bracketSample = 1024
)

// Quantile is the value that a share q of the values of the members of over do not
// exceed, by nearest rank: of n values in ascending order the ⌈q·n⌉-th, and the
// first for q = 0. It is one of the values, exactly; q below 0 counts as 0 and above
// 1 as 1. ok is false if no member has a value, or q is not a number.
func (c Column) Quantile(over bitmap.Bitmap, q float64) (v int64, ok bool) {
	x := selection{all: slices.Collect(c.overlaps(over))}
	for i, o := range x.all {
		if i == 0 {
			x.least, x.most = o.least, o.most
		}
		x.least, x.most = min(x.least, o.least), max(x.most, o.most)
		x.n += bitmap.AndCount(o.x, o.in)
	}
	if x.n == 0 || math.IsNaN(q) {
		return 0, false
	}
	rank := int(math.Ceil(min(max(q, 0), 1) * float64(x.n)))
	x.rank = min(max(rank, 1), x.n) - 1
	s := getSlabs()
	defer s.release()
	if x.n >= bracketFrom {
		x.bracket(s)
	}
	return x.find(s), true
}

// A selection looks for the value of a rank, counted from 0, among n values from
// least to most.
type selection struct {
	all         []overlap // what they are in, with others
	list        []int64   // if not nil, they are in this instead
	n, rank     int
	least, most int64
}

// each calls f for stretches that have all of the values, and others.
func (x *selection) each(s *slabs, f func(values []int64)) {
	if x.list != nil {
		f(x.list)
		return
	}
	for _, o := range x.all {
		s.eachValues(o, func(lo, hi int64) bool { return lo <= x.most && x.least <= hi }, f)
	}
}

// find is the value.
func (x *selection) find(s *slabs) int64 {
	counts := make([]int, 1<<binBits)
	for x.n > sortFrom && x.least < x.most {
		clear(counts)
		least, span := uint64(x.least), distance(x.least, x.most)
		shift := max(0, bits.Len64(span)-binBits)
		x.each(s, func(values []int64) {
			for _, v := range values {
				if y := uint64(v) - least; y <= span { // a value below least wraps to more
					counts[y>>shift&(1<<binBits-1)]++
				}
			}
		})
		bin := 0
		for x.rank >= counts[bin] {
			x.rank -= counts[bin]
			bin++
		}
		x.n = counts[bin]
		first := uint64(bin) << shift
		x.least, x.most = int64(least+first), int64(least+min(span, first+1<<shift-1))
	}
	if x.least == x.most {
		return x.least
	}
	rest := make([]int64, 0, x.n)
	x.each(s, func(values []int64) {
		for _, v := range values {
			if x.least <= v && v <= x.most {
				rest = append(rest, v)
			}
		}
	})
	slices.Sort(rest)
	return rest[x.rank]
}

// bracket narrows the selection by a sample.
func (x *selection) bracket(s *slabs) {
	sample := x.sample()
	if len(sample) == 0 {
		return
	}
	slices.Sort(sample)
	at := int(float64(x.rank) / float64(x.n) * float64(len(sample)))
	margin := 1 + int(1.5*math.Sqrt(float64(len(sample)))) // three standard deviations of the middle's rank
	in := Interval{Lo: x.least, Hi: x.most}
	if at-margin >= 0 {
		in.Lo = sample[at-margin]
	}
	if at+margin < len(sample) {
		in.Hi = sample[at+margin]
	}
	below, list := 0, make([]int64, 0, x.n/8)
	for _, o := range x.all {
		if in.Lo > x.least {
			less := o.only(Interval{Lo: math.MinInt64, Hi: in.Lo - 1}, s)
			below += bitmap.AndCount(less.x, less.in)
		}
		s.eachValues(o.only(in, s), anyBounds, func(values []int64) { list = append(list, values...) })
	}
	switch {
	case x.rank < below:
		x.n, x.most = below, in.Lo-1
	case x.rank < below+len(list):
		x.list, x.n, x.rank = list, len(list), x.rank-below
		x.least, x.most = in.Lo, in.Hi
	default:
		x.n, x.rank, x.least = x.n-below-len(list), x.rank-below-len(list), in.Hi+1
	}
}

// sample is the values of some members, evenly spread over all of the set's.
func (x *selection) sample() []int64 {
	var out []int64
	members := 0
	for _, o := range x.all {
		members += o.x.Len()
	}
	step := max(1, members/bracketSample)
	next := step / 2
	for _, o := range x.all {
		for ; next < o.x.Len(); next += step {
			if v, ok := o.get(o.in, o.x.Select(next)); ok {
				out = append(out, v)
			}
		}
		next -= o.x.Len()
	}
	return out
}
