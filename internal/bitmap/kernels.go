package bitmap

// The kernels: every pass over whole Words goes through a function of this file,
// so that a machine's own versions can take their place here and nowhere else.
// Destinations may be one of the sources; results may not overlap them otherwise.

// And sets d to a ∩ b.
func And(d, a, b *Words) { andGeneric(d, a, b) }

// Or sets d to a ∪ b.
func Or(d, a, b *Words) { orGeneric(d, a, b) }

// AndNot sets d to a ∖ b.
func AndNot(d, a, b *Words) { andNotGeneric(d, a, b) }

// Xor sets d to the members of exactly one of a and b.
func Xor(d, a, b *Words) { xorGeneric(d, a, b) }

// Count is |w|.
func Count(w *Words) int { return countWordsGeneric(w[:]) }

// CountRuns is |w| and its number of runs.
func CountRuns(w *Words) (card, runs int) { return countRunsGeneric(w) }

// WordsAndCount is |a ∩ b|.
func WordsAndCount(a, b *Words) int { return andCountGeneric(a, b) }

// WordsAndNotCount is |a ∖ b|.
func WordsAndNotCount(a, b *Words) int { return andNotCountGeneric(a, b) }

// WordsOrCount is |a ∪ b|.
func WordsOrCount(a, b *Words) int { return orCountGeneric(a, b) }

// OrMany sets d to the union of s; of none, to the empty set. d may be s[0], not
// a later one.
func OrMany(d *Words, s []*Words) { orManyGeneric(d, s) }

// AndMany sets d to the intersection of s; of none, to the full block. d may be
// s[0], not a later one.
func AndMany(d *Words, s []*Words) { andManyGeneric(d, s) }

// OrManyCount is the cardinality of the union of s.
func OrManyCount(s []*Words) int { return orManyCountGeneric(s) }

// AndManyCount is the cardinality of the intersection of s.
func AndManyCount(s []*Words) int { return andManyCountGeneric(s) }

// Decode writes the members of w, base added, to dst, which must have room for
// all of them, and returns how many there are.
func Decode(dst []uint32, w *Words, base uint32) int { return decodeGeneric(dst, w[:], base) }

// DecodeLow is Decode for the members' low halves.
func DecodeLow(dst []uint16, w *Words) int { return decodeLowGeneric(dst, w) }

// countWords is the number of bits set in s.
func countWords(s []uint64) int { return countWordsGeneric(s) }
