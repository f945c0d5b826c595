//go:build !amd64 || purego

package bitmap

// The kernels of machines for which there is no assembly, or where the build tag
// purego asks for none.

func wordsAnd(d, a, b *Words) { andGeneric(d, a, b) }

func wordsOr(d, a, b *Words) { orGeneric(d, a, b) }

func wordsAndNot(d, a, b *Words) { andNotGeneric(d, a, b) }

func wordsXor(d, a, b *Words) { xorGeneric(d, a, b) }

func wordsCount(w *Words) int { return countWordsGeneric(w[:]) }

func wordsCountRuns(w *Words) (card, runs int) { return countRunsGeneric(w) }

func wordsAndCount(a, b *Words) int { return andCountGeneric(a, b) }

func wordsAndNotCount(a, b *Words) int { return andNotCountGeneric(a, b) }

func wordsOrMany(d *Words, s []*Words) { orManyGeneric(d, s) }

func wordsOrManyCount(s []*Words) int { return orManyCountGeneric(s) }

func wordsAndMany(d *Words, s []*Words) { andManyGeneric(d, s) }

func wordsAndManyCount(s []*Words) int { return andManyCountGeneric(s) }

func wordsAndNotMany(d *Words, pos, neg []*Words) { andNotManyGeneric(d, pos, neg) }

func wordsAndNotManyCount(pos, neg []*Words) int { return andNotManyCountGeneric(pos, neg) }

func countWords(s []uint64) int { return countWordsGeneric(s) }

func wordsAtLeast3(d []uint64, s *[3]*Words, at, t int) { atLeast3Generic(d, s, at, t) }

func wordsAtLeast5(d []uint64, s *[5]*Words, at, t int) { atLeast5Generic(d, s, at, t) }

func lanesSetSeven(p0, p1, p2 *Lane, s *[7]*Words, at int) { setSevenGeneric(p0, p1, p2, s, at) }

func lanesSetFive(p0, p1, p2 *Lane, s *[5]*Words, at int) { setFiveGeneric(p0, p1, p2, s, at) }

func lanesAddFour(p0, p1, carry, a, b, c, d *Lane) { addFourGeneric(p0, p1, carry, a, b, c, d) }

func lanesAddTwo(p0, p1, carry, a, b *Lane) { addTwoGeneric(p0, p1, carry, a, b) }

func lanesAddCarry(p, carry *Lane) bool { return addCarryGeneric(p, carry) }

func lanesCompare(more, equal, p *Lane, bit uint64) { compareGeneric(more, equal, p, bit) }

func wordsDecode(dst []uint32, w *Words, base uint32) int { return decodeGeneric(dst, w[:], base) }

func wordsDecodeSome(dst []uint32, s []uint64, base uint32) (n, done int) {
	return decodeSomeGeneric(dst, s, base)
}

func wordsDecodeLow(dst []uint16, w *Words) int { return decodeLowGeneric(dst, w[:], 0) }

func lowKernel() bool { return false }

func wordsPutLow([]byte, *Words) (n, words int) { return 0, 0 }

func wordsSetArray(w *Words, a []uint16) { setArrayGeneric(w, a) }

func wordsDropArray(w *Words, a []uint16) { dropArrayGeneric(w, a) }

func wordsSetRuns(w *Words, rs []Run) { setRunsGeneric(w, rs) }

func wordsDropRuns(w *Words, rs []Run) { dropRunsGeneric(w, rs) }

func arraysAndCount(a, c []uint16) (n int, ok bool) { return 0, false }

func arrayBitsFilter(out, a []uint16, w *Words, keep bool) int {
	return filterBitsGeneric(out, a, w, keep)
}

func ascends(p []byte) (runs int, ok bool) { return ascendsGeneric(p) }
