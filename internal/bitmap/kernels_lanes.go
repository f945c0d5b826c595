package bitmap

// Counters of many operands in bit planes: plane k has bit k of each counter, one
// counter for each bit of a word. Operands are added several at a time through full
// adders, five operations for two operands and a carry, a lane of 64 words after the
// other, so that the planes stay in the nearest cache.

// laneLen words are a lane: 512 bytes.
const laneLen = 64

// Lane is a part of a block's Words that goes through all operands before the next.
type Lane [laneLen]uint64

func laneOf(w *Words, at int) *Lane { return (*Lane)(w[at:]) }

// fullAdd is a full adder: the sum and the carry of three bits.
func fullAdd(a, b, c uint64) (sum, carry uint64) {
	u := a ^ b
	return u ^ c, a&b | u&c
}

func setSevenGeneric(p0, p1, p2 *Lane, s *[7]*Words, at int) {
	a, b, c, d := laneOf(s[0], at), laneOf(s[1], at), laneOf(s[2], at), laneOf(s[3], at)
	e, f, g := laneOf(s[4], at), laneOf(s[5], at), laneOf(s[6], at)
	for i := range p0 {
		x, k := fullAdd(a[i], b[i], c[i])
		x, l := fullAdd(x, d[i], e[i])
		x, m := fullAdd(x, f[i], g[i])
		p0[i] = x
		p1[i], p2[i] = fullAdd(k, l, m)
	}
}

func setFiveGeneric(p0, p1, p2 *Lane, s *[5]*Words, at int) {
	a, b, c := laneOf(s[0], at), laneOf(s[1], at), laneOf(s[2], at)
	d, e := laneOf(s[3], at), laneOf(s[4], at)
	for i := 0; i <= laneLen-2; i += 2 {
		x, k := fullAdd(a[i], b[i], c[i])
		x, l := fullAdd(x, d[i], e[i])
		p0[i] = x
		p1[i], p2[i] = k^l, k&l
		x, k = fullAdd(a[i+1], b[i+1], c[i+1])
		x, l = fullAdd(x, d[i+1], e[i+1])
		p0[i+1] = x
		p1[i+1], p2[i+1] = k^l, k&l
	}
}

func addFourGeneric(p0, p1, carry, a, b, c, d *Lane) {
	for i := range p0 {
		x, k := fullAdd(p0[i], a[i], b[i])
		x, l := fullAdd(x, c[i], d[i])
		p0[i] = x
		y, m := fullAdd(p1[i], k, l)
		p1[i] = y
		carry[i] |= m
	}
}

func addTwoGeneric(p0, p1, carry, a, b *Lane) {
	for i := range p0 {
		x, k := fullAdd(p0[i], a[i], b[i])
		p0[i] = x
		y := p1[i]
		p1[i] = y ^ k
		carry[i] |= y & k
	}
}

func addCarryGeneric(p, carry *Lane) bool {
	some := uint64(0)
	for i, c := range carry {
		x := p[i]
		p[i] = x ^ c
		c &= x
		carry[i] = c
		some |= c
	}
	return some != 0
}

func compareGeneric(more, equal, p *Lane, bit uint64) {
	for i, x := range p {
		more[i] |= equal[i] & x &^ bit
		equal[i] &^= x ^ bit
	}
}
