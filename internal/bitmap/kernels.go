package bitmap

// The kernels: every pass over whole Words, or of an array or of runs over Words, goes
// through a function of this file, so that a machine's own versions can take their
// place behind it and nowhere else: kernels_amd64.go and kernels_noasm.go say which.
// Each has its twin in plain Go, a function …Generic of kernels_generic.go or a file
// beside it, and countCommon those of countarrays.go; FuzzKernels compares the two.
// Destinations may be one of the sources; results may not overlap them otherwise.

// And sets d to a ∩ b.
func And(d, a, b *Words) { wordsAnd(d, a, b) }

// Or sets d to a ∪ b.
func Or(d, a, b *Words) { wordsOr(d, a, b) }

// AndNot sets d to a ∖ b.
func AndNot(d, a, b *Words) { wordsAndNot(d, a, b) }

// Xor sets d to the members of exactly one of a and b.
func Xor(d, a, b *Words) { wordsXor(d, a, b) }

// Count is |w|.
func Count(w *Words) int { return wordsCount(w) }

// CountRuns is |w| and its number of runs.
func CountRuns(w *Words) (card, runs int) { return wordsCountRuns(w) }

// WordsAndCount is |a ∩ b|.
func WordsAndCount(a, b *Words) int { return wordsAndCount(a, b) }

// WordsAndNotCount is |a ∖ b|.
func WordsAndNotCount(a, b *Words) int { return wordsAndNotCount(a, b) }

// OrMany sets d to the union of s; of none, to the empty set. d may be s[0], not
// a later one.
func OrMany(d *Words, s []*Words) { wordsOrMany(d, s) }

// AndMany sets d to the intersection of s; of none, to the full block. d may be
// s[0], not a later one.
func AndMany(d *Words, s []*Words) { wordsAndMany(d, s) }

// AndNotMany sets d to the intersection of pos without the union of neg. There is
// at least one pos; d may be pos[0], not another operand.
func AndNotMany(d *Words, pos, neg []*Words) { wordsAndNotMany(d, pos, neg) }

// OrManyCount is the cardinality of the union of s.
func OrManyCount(s []*Words) int { return wordsOrManyCount(s) }

// AndManyCount is the cardinality of the intersection of s.
func AndManyCount(s []*Words) int { return wordsAndManyCount(s) }

// AndNotManyCount is the cardinality of the intersection of pos without the union
// of neg. There is at least one pos.
func AndNotManyCount(pos, neg []*Words) int { return wordsAndNotManyCount(pos, neg) }

// AtLeast3 sets d to the words from at on of those members that are in at least t
// of s, 1 ≤ t ≤ 3. d overlaps none of s.
func AtLeast3(d []uint64, s *[3]*Words, at, t int) { wordsAtLeast3(d, s, at, t) }

// AtLeast5 is AtLeast3 of five, 1 ≤ t ≤ 5.
func AtLeast5(d []uint64, s *[5]*Words, at, t int) { wordsAtLeast5(d, s, at, t) }

// SetSeven sets the counters p0, p1 and p2 to the numbers, of seven operands, that
// have each member of the lane at word at.
func SetSeven(p0, p1, p2 *Lane, s *[7]*Words, at int) { lanesSetSeven(p0, p1, p2, s, at) }

// SetFive is SetSeven of five.
func SetFive(p0, p1, p2 *Lane, s *[5]*Words, at int) { lanesSetFive(p0, p1, p2, s, at) }

// AddFour adds a, b, c and d to the counters of planes p0 and p1. A counter carries
// at most once; carry gets that by OR. Lanes do not overlap.
func AddFour(p0, p1, carry, a, b, c, d *Lane) { lanesAddFour(p0, p1, carry, a, b, c, d) }

// AddTwo is AddFour of two.
func AddTwo(p0, p1, carry, a, b *Lane) { lanesAddTwo(p0, p1, carry, a, b) }

// AddCarry adds carry to plane p, leaves in it what is carried out, and tells
// whether that is anything.
func AddCarry(p, carry *Lane) (some bool) { return lanesAddCarry(p, carry) }

// Compare is one step, from the highest plane down, of comparing counters with a
// number whose bit is given as all ones or none: equal holds the counters that have
// been so far, more those that have turned out greater.
func Compare(more, equal, p *Lane, bit uint64) { lanesCompare(more, equal, p, bit) }

// AddUp carries out ops, one after the other, on the lanes at.
func AddUp(at []*Lane, ops []Adder) { lanesAddUp(at, ops) }

// Above keeps in d those whose sum is greater than t, and tells whether there are
// any. The lanes at of planes, lowest first, have the bits of the sums; t has no
// more bits than that. d is none of them.
func Above(d *Lane, at []*Lane, planes []int32, t uint64) (some bool) {
	return lanesAbove(d, at, planes, t)
}

// Invert sets d to the complement of a.
func Invert(d, a *Lane) { lanesInvert(d, a) }

// AddBoth adds x to the sums of the members of a ∩ b.
func AddBoth(d *Sums, a, b *Words, x uint16) { sumsAddBoth(d, a, b, x) }

// AddWhere adds x to those of sums whose member, at the same place in a, is in w. There
// have to be as many sums as members.
func AddWhere(sums []int64, a []uint16, w *Words, x int64) { sumsAddWhere(sums[:len(a)], a, w, x) }

// CountLane is the number of bits set.
func CountLane(l *Lane) int { return countWords(l[:]) }

// Decode writes the members of w, base added, to dst, which must have room for
// all of them, and returns how many there are.
func Decode(dst []uint32, w *Words, base uint32) int { return wordsDecode(dst, w, base) }

// DecodeLow is Decode for the members' low halves.
func DecodeLow(dst []uint16, w *Words) int { return wordsDecodeLow(dst, w) }

// setArray sets the bits of a.
func setArray(w *Words, a []uint16) { wordsSetArray(w, a) }

// dropArray clears the bits of a.
func dropArray(w *Words, a []uint16) { wordsDropArray(w, a) }

// setRuns sets the bits of rs.
func setRuns(w *Words, rs []Run) { wordsSetRuns(w, rs) }

// dropRuns clears the bits of rs.
func dropRuns(w *Words, rs []Run) { wordsDropRuns(w, rs) }

// countCommon is |a ∩ c|, if this machine has a kernel for arrays as long; else ok is
// false, and countarrays.go knows others.
func countCommon(a, c []uint16) (n int, ok bool) { return arraysAndCount(a, c) }

// filterBits writes to out the values of a that are in w (keep) or not, and returns
// how many they are. out has room for all of a, and may be a.
func filterBits(out, a []uint16, w *Words, keep bool) int { return arrayBitsFilter(out, a, w, keep) }
