package bitmap

// Which members are in at least t of many operands, for t so low that all that has
// to be known about a member fits in a few bits: they stay in registers while all
// operands go past, and nothing but the answer is written.

// MaxReach is the largest t of [AtLeastMany].
const MaxReach = 8

// Vectors tells whether this machine's kernels take vectors of words. A pass over
// whole blocks then costs so little that it is not worth much to avoid one.
func Vectors() bool { return hasVectors() }

// AtLeastMany sets d to those members that are in at least t of s, 1 ≤ t ≤ MaxReach.
// d may be s[0], not a later one.
func AtLeastMany(d *Words, s []*Words, t int) {
	switch {
	case t > len(s):
		*d = Words{}
	case t == 1:
		OrMany(d, s)
	default:
		wordsAtLeastMany(d, s, t)
	}
}

// atLeastManyGeneric keeps for each member whether it has been in one, two … t.
func atLeastManyGeneric(d *Words, s []*Words, t int) {
	for i := range d {
		var in [MaxReach]uint64
		for _, w := range s {
			x := w[i]
			for k := t - 1; k > 0; k-- {
				in[k] |= in[k-1] & x
			}
			in[0] |= x
		}
		d[i] = in[t-1]
	}
}
