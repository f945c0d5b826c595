package column

import (
	"cmp"
	"math"
	"slices"
)

// An Interval is a range of values, both ends included; empty if Lo > Hi.
type Interval struct{ Lo, Hi int64 }

// Normalize returns the same values as ascending intervals that neither overlap
// nor touch, none of them empty.
func Normalize(in []Interval) []Interval {
	s := slices.DeleteFunc(slices.Clone(in), func(x Interval) bool { return x.Lo > x.Hi })
	slices.SortFunc(s, func(a, b Interval) int { return cmp.Compare(a.Lo, b.Lo) })
	out := s[:0]
	for _, x := range s {
		if n := len(out); n > 0 && (out[n-1].Hi == math.MaxInt64 || x.Lo <= out[n-1].Hi+1) {
			out[n-1].Hi = max(out[n-1].Hi, x.Hi)
			continue
		}
		out = append(out, x)
	}
	return out
}

// meeting are those of the normal intervals s that have values from least to most,
// and whether one of them has them all.
func meeting(s []Interval, least, most int64) (met []Interval, all bool) {
	from, to := firstFrom(s, least), len(s)
	if to > from && s[to-1].Lo > most {
		to = from + firstPast(s[from:], most)
	}
	met = s[from:to]
	return met, len(met) == 1 && met[0].Lo <= least && most <= met[0].Hi
}

// firstFrom is the index of the first of the normal intervals that ends at v or
// above.
func firstFrom(s []Interval, v int64) int {
	if len(s) == 0 || v <= s[0].Hi {
		return 0
	}
	i, _ := slices.BinarySearchFunc(s, v, func(x Interval, v int64) int { return cmp.Compare(x.Hi, v) })
	return i
}

// firstPast is the index of the first of the normal intervals that begins above v.
func firstPast(s []Interval, v int64) int {
	i, ok := slices.BinarySearchFunc(s, v, func(x Interval, v int64) int { return cmp.Compare(x.Lo, v) })
	if ok {
		i++
	}
	return i
}

// contains tells whether v is in one of the normal intervals.
func contains(s []Interval, v int64) bool {
	if len(s) == 1 {
		return s[0].Lo <= v && v <= s[0].Hi
	}
	i := firstFrom(s, v)
	return i < len(s) && s[i].Lo <= v
}
