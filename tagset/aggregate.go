package tagset

// Summaries of a column over a set of members. All tell values as [Column.Int]
// does, and look only at members of the set that have one; [View.Members] takes
// in everybody. They cost time in proportion to the parts of set and column
// that overlap, less where bounds of the values let parts be passed over.

// Min returns the smallest value of the members of over; false if none has one.
func (c Column) Min(over Set) (int64, bool) {
	v, ok := c.values.Min(over.b)
	return v * c.unit(), ok
}

// Max returns the largest value of the members of over; false if none has one.
func (c Column) Max(over Set) (int64, bool) {
	v, ok := c.values.Max(over.b)
	return v * c.unit(), ok
}

// Sum returns the exact sum of the values of the members of over, 0 if none has
// one; false if it does not fit in an int64.
func (c Column) Sum(over Set) (int64, bool) {
	sum, ok := c.values.Sum(over.b)
	unit := c.unit()
	if scaled := sum * unit; ok && scaled/unit == sum {
		return scaled, true
	}
	return 0, false
}

// Quantile returns the value that a share q of the values of the members of over
// do not exceed, by nearest rank: of n values in ascending order the ⌈q·n⌉-th.
// It is one of the values, exactly. A q below 0 counts as 0, the smallest value,
// and one above 1 as 1, the largest. False if no member has a value, or q is not
// a number.
func (c Column) Quantile(over Set, q float64) (int64, bool) {
	v, ok := c.values.Quantile(over.b, q)
	return v * c.unit(), ok
}

// A Valued is a member and its value, as [Column.Int] tells it.
type Valued struct {
	Member Member
	Value  int64
}

// Top returns the k members of over with the largest values, the largest first.
// Of equal values the smaller member comes first. There are fewer than k only if
// fewer have a value; for k ≤ 0 there are none.
func (c Column) Top(over Set, k int) []Valued { return c.ranked(over, k, true) }

// Bottom returns the k members of over with the smallest values, the smallest
// first, otherwise as Top does.
func (c Column) Bottom(over Set, k int) []Valued { return c.ranked(over, k, false) }

func (c Column) ranked(over Set, k int, largest bool) []Valued {
	entries := c.values.Top(over.b, k, largest)
	out := make([]Valued, len(entries))
	for i, e := range entries {
		out[i] = Valued{Member: Member(e.Member), Value: e.Value * c.unit()}
	}
	return out
}
