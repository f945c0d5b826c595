//go:build !purego

package bitmap

import "golang.org/x/sys/cpu"

// The kernels of amd64: those in kernels_avx512*_amd64.s where the processor has the
// newer ones of AVX-512, else those in kernels_avx2*_amd64.s where it has AVX2, and the
// plain ones elsewhere and under the build tag purego. Lists of none, which the
// assembly does not take, and results that need no pass at all are left to the plain
// ones. Places past an operand's end, on which the plain ones would panic, panic here
// too, before any assembly.

// hasAVX2 tells that the processor has what the kernels use: AVX2, and the scalar
// instructions that came before or with it. It is set before main and never again;
// asking it costs a load and a branch that is always predicted.
var hasAVX2 = cpu.X86.HasAVX2 && cpu.X86.HasBMI1 && cpu.X86.HasBMI2 && cpu.X86.HasPOPCNT

//go:noescape
func andAVX2(d, a, b *Words)

//go:noescape
func orAVX2(d, a, b *Words)

//go:noescape
func andNotAVX2(d, a, b *Words)

//go:noescape
func xorAVX2(d, a, b *Words)

// countAVX2 is the number of bits set in 256·steps bytes from p on.
//
//go:noescape
func countAVX2(p *uint64, steps int) int

// countStartsAVX2 is the number of runs.
//
//go:noescape
func countStartsAVX2(w *Words) int

//go:noescape
func andCountAVX2(a, b *Words) int

//go:noescape
func andNotCountAVX2(a, b *Words) int

//go:noescape
func orManyAVX2(d *Words, s []*Words)

//go:noescape
func orManyCountAVX2(s []*Words) int

//go:noescape
func andNotManyAVX2(d *Words, pos, neg []*Words)

//go:noescape
func andNotManyCountAVX2(pos, neg []*Words) int

//go:noescape
func atLeast3AVX2(d *uint64, n int, s *[3]*Words, at, t int)

//go:noescape
func atLeast5AVX2(d *uint64, n int, s *[5]*Words, at, t int)

//go:noescape
func setSevenAVX2(p0, p1, p2 *Lane, s *[7]*Words, at int)

//go:noescape
func setFiveAVX2(p0, p1, p2 *Lane, s *[5]*Words, at int)

//go:noescape
func addFourAVX2(p0, p1, carry, a, b, c, d *Lane)

//go:noescape
func addTwoAVX2(p0, p1, carry, a, b *Lane)

//go:noescape
func addCarryAVX2(p, carry *Lane) (some bool)

//go:noescape
func compareAVX2(more, equal, p *Lane, bit uint64)

func wordsAnd(d, a, b *Words) {
	switch {
	case hasAVX512:
		andAVX512(d, a, b)
	case hasAVX2:
		andAVX2(d, a, b)
	default:
		andGeneric(d, a, b)
	}
}

func wordsOr(d, a, b *Words) {
	switch {
	case hasAVX512:
		orAVX512(d, a, b)
	case hasAVX2:
		orAVX2(d, a, b)
	default:
		orGeneric(d, a, b)
	}
}

func wordsAndNot(d, a, b *Words) {
	switch {
	case hasAVX512:
		andNotAVX512(d, a, b)
	case hasAVX2:
		andNotAVX2(d, a, b)
	default:
		andNotGeneric(d, a, b)
	}
}

func wordsXor(d, a, b *Words) {
	switch {
	case hasAVX512:
		xorAVX512(d, a, b)
	case hasAVX2:
		xorAVX2(d, a, b)
	default:
		xorGeneric(d, a, b)
	}
}

func wordsCount(w *Words) int {
	switch {
	case hasAVX512:
		return countAVX512(&w[0], wordsLen/stepWords)
	case hasAVX2:
		return countAVX2(&w[0], wordsLen/stepWords)
	}
	return countWordsGeneric(w[:])
}

func wordsCountRuns(w *Words) (card, runs int) {
	switch {
	case hasAVX512:
		return countRunsAVX512(w)
	case hasAVX2:
		return countAVX2(&w[0], wordsLen/stepWords), countStartsAVX2(w)
	}
	return countRunsGeneric(w)
}

func wordsAndCount(a, b *Words) int {
	switch {
	case hasAVX512:
		return andCountAVX512(a, b)
	case hasAVX2:
		return andCountAVX2(a, b)
	}
	return andCountGeneric(a, b)
}

func wordsAndNotCount(a, b *Words) int {
	switch {
	case hasAVX512:
		return andNotCountAVX512(a, b)
	case hasAVX2:
		return andNotCountAVX2(a, b)
	}
	return andNotCountGeneric(a, b)
}

func wordsOrMany(d *Words, s []*Words) {
	switch {
	case hasAVX512 && len(s) > 1:
		orManyAVX512(d, s)
	case hasAVX2 && len(s) > 1:
		orManyAVX2(d, s)
	default:
		orManyGeneric(d, s)
	}
}

func wordsOrManyCount(s []*Words) int {
	switch {
	case hasAVX512 && len(s) > 0:
		return orManyCountAVX512(s)
	case hasAVX2 && len(s) > 0:
		return orManyCountAVX2(s)
	}
	return orManyCountGeneric(s)
}

func wordsAndMany(d *Words, s []*Words) {
	switch {
	case hasAVX512 && len(s) > 1:
		andNotManyAVX512(d, s, nil)
	case hasAVX2 && len(s) > 1:
		andNotManyAVX2(d, s, nil)
	default:
		andManyGeneric(d, s)
	}
}

func wordsAndManyCount(s []*Words) int {
	switch {
	case hasAVX512 && len(s) > 0:
		return andNotManyCountAVX512(s, nil)
	case hasAVX2 && len(s) > 0:
		return andNotManyCountAVX2(s, nil)
	}
	return andManyCountGeneric(s)
}

func wordsAndNotMany(d *Words, pos, neg []*Words) {
	switch {
	case len(neg) == 0:
		wordsAndMany(d, pos)
	case hasAVX512 && len(pos) > 0:
		andNotManyAVX512(d, pos, neg)
	case hasAVX2 && len(pos) > 0:
		andNotManyAVX2(d, pos, neg)
	default:
		andNotManyGeneric(d, pos, neg)
	}
}

func wordsAndNotManyCount(pos, neg []*Words) int {
	switch {
	case hasAVX512 && len(pos) > 0:
		return andNotManyCountAVX512(pos, neg)
	case hasAVX2 && len(pos) > 0:
		return andNotManyCountAVX2(pos, neg)
	}
	return andNotManyCountGeneric(pos, neg)
}

// stepWords are counted at a time by countAVX512 and countAVX2.
const stepWords = 32

func countWords(s []uint64) int {
	n, steps := 0, len(s)/stepWords
	switch {
	case steps <= 1:
		steps = 0
	case hasAVX512:
		n = countAVX512(&s[0], steps)
	case hasAVX2:
		n = countAVX2(&s[0], steps)
	default:
		steps = 0
	}
	return n + countWordsGeneric(s[steps*stepWords:])
}

// vectorWords are the fewest that atLeast3AVX2 and atLeast5AVX2 take; those of AVX-512
// take no fewer than twice as many.
const vectorWords = 4

func wordsAtLeast3(d []uint64, s *[3]*Words, at, t int) {
	_ = s[0][at:][:len(d)]
	switch {
	case hasAVX512 && len(d) >= 2*vectorWords:
		atLeast3AVX512(&d[0], len(d), s, at, t)
	case hasAVX2 && len(d) >= vectorWords:
		atLeast3AVX2(&d[0], len(d), s, at, t)
	default:
		atLeast3Generic(d, s, at, t)
	}
}

func wordsAtLeast5(d []uint64, s *[5]*Words, at, t int) {
	_ = s[0][at:][:len(d)]
	switch {
	case hasAVX512 && len(d) >= 2*vectorWords:
		atLeast5AVX512(&d[0], len(d), s, at, t)
	case hasAVX2 && len(d) >= vectorWords:
		atLeast5AVX2(&d[0], len(d), s, at, t)
	default:
		atLeast5Generic(d, s, at, t)
	}
}

func lanesSetSeven(p0, p1, p2 *Lane, s *[7]*Words, at int) {
	_ = laneOf(s[0], at)
	switch {
	case hasAVX512:
		setSevenAVX512(p0, p1, p2, s, at)
	case hasAVX2:
		setSevenAVX2(p0, p1, p2, s, at)
	default:
		setSevenGeneric(p0, p1, p2, s, at)
	}
}

func lanesSetFive(p0, p1, p2 *Lane, s *[5]*Words, at int) {
	_ = laneOf(s[0], at)
	switch {
	case hasAVX512:
		setFiveAVX512(p0, p1, p2, s, at)
	case hasAVX2:
		setFiveAVX2(p0, p1, p2, s, at)
	default:
		setFiveGeneric(p0, p1, p2, s, at)
	}
}

func lanesAddFour(p0, p1, carry, a, b, c, d *Lane) {
	switch {
	case hasAVX512:
		addFourAVX512(p0, p1, carry, a, b, c, d)
	case hasAVX2:
		addFourAVX2(p0, p1, carry, a, b, c, d)
	default:
		addFourGeneric(p0, p1, carry, a, b, c, d)
	}
}

func lanesAddTwo(p0, p1, carry, a, b *Lane) {
	switch {
	case hasAVX512:
		addTwoAVX512(p0, p1, carry, a, b)
	case hasAVX2:
		addTwoAVX2(p0, p1, carry, a, b)
	default:
		addTwoGeneric(p0, p1, carry, a, b)
	}
}

func lanesAddCarry(p, carry *Lane) bool {
	switch {
	case hasAVX512:
		return addCarryAVX512(p, carry)
	case hasAVX2:
		return addCarryAVX2(p, carry)
	}
	return addCarryGeneric(p, carry)
}

func lanesCompare(more, equal, p *Lane, bit uint64) {
	switch {
	case hasAVX512:
		compareAVX512(more, equal, p, bit)
	case hasAVX2:
		compareAVX2(more, equal, p, bit)
	default:
		compareGeneric(more, equal, p, bit)
	}
}
