package bitmap

import "math/bits"

// Which is how very few values are asked about: the answer for up to 64 of them is
// one word, and what holds for expressions of sets holds for such words with &, |
// and ^. Nothing is copied, allocated or written, and there is hardly a branch that
// depends on values.

// MaxWhich is how many values Which takes.
const MaxWhich = 64

const (
	// whichPairs is how many words of an array times values are compared all with all.
	whichPairs = 32
	// whichSearchFrom is how many times longer an array must be to be searched for
	// each value.
	whichSearchFrom = 8
)

// Which has bit i set if the i-th of the ascending values is in b. They are no more
// than MaxWhich. clear is a table of bits, all clear before and after.
func (b *Block) Which(values []uint16, clear *Words) uint64 {
	switch b.form {
	case Array:
		return whichArray(values, b.Array(), clear)
	case Runs:
		return whichRuns(values, b.Runs())
	case Bits:
		return whichBits(values, b.Words())
	}
	return 0
}

// Cuts appends the places v, first < v ≤ last, from which on membership is another:
// of each run in that range its start, and the place after its last member. A place
// may be there twice, where a value follows another. false: dst, which does not grow,
// has no room for them, or b is bits.
func (b *Block) Cuts(dst []uint16, first, last uint16) ([]uint16, bool) {
	switch b.form {
	case Bits:
		return dst, false
	case Array:
		a := b.Array()
		for _, v := range a[lowerBound(a, first):] {
			if v > last {
				break
			}
			if len(dst)+2 > cap(dst) {
				return dst, false
			}
			dst = appendCuts(dst, Run{v, v}, first, last)
		}
	case Runs:
		rs := b.Runs()
		for _, x := range rs[firstRun(rs, first):] {
			if x.Start > last {
				break
			}
			if len(dst)+2 > cap(dst) {
				return dst, false
			}
			dst = appendCuts(dst, x, first, last)
		}
	}
	return dst, true
}

// appendCuts appends the cuts of a run that has members from first to last.
func appendCuts(dst []uint16, x Run, first, last uint16) []uint16 {
	if x.Start > first {
		dst = append(dst, x.Start)
	}
	if x.Last < last {
		dst = append(dst, x.Last+1)
	}
	return dst
}

func whichArray(values, c []uint16, clear *Words) uint64 {
	m := uint64(0)
	switch {
	case len(values)*((len(c)+3)/4) <= whichPairs:
		for i, v := range values {
			hit, rest := uint64(0), c
			for ; len(rest) >= 4; rest = rest[4:] {
				x := lanes4(rest) ^ uint64(v)*laneOnes
				hit |= (x - laneOnes) &^ x & laneTops
			}
			for _, y := range rest {
				hit |= uint64(b2i(v == y))
			}
			m |= uint64(b2i(hit != 0)) << (i & 63)
		}
	case len(c) > whichSearchFrom*len(values):
		last := len(c) - 1
		for i, v := range values {
			m |= uint64(b2i(c[min(lowerBound(c, v), last)] == v)) << (i & 63)
		}
	default:
		setArray(clear, c)
		m = whichBits(values, clear)
		clearArray(clear, c)
	}
	return m
}

func whichRuns(values []uint16, rs []Run) uint64 {
	if len(rs) == 1 && rs[0].Start == 0 && rs[0].Last == BlockSize-1 {
		return firstBits(len(values))
	}
	m := uint64(0)
	if len(rs) <= 4 {
		for _, r := range rs {
			for i, v := range values {
				m |= uint64(b2i(v-r.Start <= r.Last-r.Start)) << (i & 63)
			}
		}
		return m
	}
	last := len(rs) - 1
	for i, v := range values {
		r := rs[min(firstRun(rs, v), last)]
		m |= uint64(b2i(v-r.Start <= r.Last-r.Start)) << (i & 63)
	}
	return m
}

func whichBits(values []uint16, w *Words) uint64 {
	m := uint64(0)
	for i, v := range values {
		m |= w[v>>6] >> (v & 63) & 1 << (i & 63)
	}
	return m
}

// firstBits is a word with its first n bits set, n at least 1.
func firstBits(n int) uint64 { return ^uint64(0) >> ((MaxWhich - n) & 63) }

// CountUnion is the number of members in any of the blocks, which are arrays of no
// more than MaxWhich members: of each block those that are in none before it.
func CountUnion(blocks []*Block, clear *Words) int {
	n := 0
	for i, b := range blocks {
		a := b.Array()
		m := firstBits(len(a))
		for _, x := range blocks[:i] {
			m &^= whichArray(a, x.Array(), clear)
		}
		n += bits.OnesCount64(m)
	}
	return n
}
