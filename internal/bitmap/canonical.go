package bitmap

import "unsafe"

// formOf is the canonical form: the smallest in bytes of an array of at most
// MaxArray members, at most MaxRuns runs, and bits; ties in that order.
func formOf(card, runs int) Form {
	switch {
	case card == 0:
		return Empty
	case card <= MaxArray && (runs > MaxRuns || 2*card <= 4*runs):
		return Array
	case runs <= MaxRuns:
		return Runs
	}
	return Bits
}

// ownArray makes a block of form Array of a payload that now belongs to it.
func ownArray(num uint16, a []uint16, runs int) Block {
	return Block{p: unsafe.Pointer(unsafe.SliceData(a)), num: num, card: uint16(len(a) - 1), runs: uint16(runs), form: Array}
}

// ownRuns makes a block of form Runs of a payload that now belongs to it.
func ownRuns(num uint16, rs []Run, card int) Block {
	return Block{p: unsafe.Pointer(unsafe.SliceData(rs)), num: num, card: uint16(card - 1), runs: uint16(len(rs)), form: Runs}
}

// ownWords makes a block of form Bits of a payload that now belongs to it.
func ownWords(num uint16, w *Words, card, runs int) Block {
	return Block{p: unsafe.Pointer(w), num: num, card: uint16(card - 1), runs: uint16(runs), form: Bits}
}

// cloneWords copies w. Growing a nil slice spares the zeroing that new(Words)
// would do first.
func cloneWords(w *Words) *Words {
	return (*Words)(append([]uint64(nil), w[:]...))
}

// blockOfArray copies an ascending array into a canonical block; a may be longer
// than MaxArray.
func blockOfArray(num uint16, a []uint16) Block {
	return blockOfCountedArray(num, a, arrayRuns(a))
}

// blockOfCountedArray is blockOfArray for a known number of runs.
func blockOfCountedArray(num uint16, a []uint16, runs int) Block {
	switch formOf(len(a), runs) {
	case Array:
		return ownArray(num, append(make([]uint16, 0, len(a)), a...), runs)
	case Runs:
		rs := make([]Run, 0, runs)
		return ownRuns(num, appendArrayRuns(rs, a), len(a))
	case Bits:
		w := new(Words)
		setArray(w, a)
		return ownWords(num, w, len(a), runs)
	}
	return Block{}
}

// blockOfRuns copies ascending, separated runs into a canonical block.
func blockOfRuns(num uint16, rs []Run) Block {
	card := runsLen(rs)
	switch formOf(card, len(rs)) {
	case Array:
		return ownArray(num, appendRunValues(make([]uint16, 0, card), rs), len(rs))
	case Runs:
		return ownRuns(num, append(make([]Run, 0, len(rs)), rs...), card)
	case Bits:
		w := new(Words)
		setRuns(w, rs)
		return ownWords(num, w, card, len(rs))
	}
	return Block{}
}

// blockOfWords copies w into a canonical block.
func blockOfWords(num uint16, w *Words) Block {
	card, runs := CountRuns(w)
	return blockOfCounted(num, w, card, runs)
}

// blockOfCounted is blockOfWords for known counts.
func blockOfCounted(num uint16, w *Words, card, runs int) Block {
	switch formOf(card, runs) {
	case Array:
		a := make([]uint16, card)
		DecodeLow(a, w)
		return ownArray(num, a, runs)
	case Runs:
		return ownRuns(num, appendWordRuns(make([]Run, 0, runs), w), card)
	case Bits:
		return ownWords(num, cloneWords(w), card, runs)
	}
	return Block{}
}

// Settled is a canonical block equal to b that owns its payload.
func (b Block) Settled() Block {
	if !b.loose {
		return b
	}
	switch b.form {
	case Array:
		return blockOfArray(b.num, b.Array())
	case Runs:
		return blockOfRuns(b.num, b.Runs())
	case Bits:
		return blockOfWords(b.num, b.Words())
	}
	return Block{}
}

// ScratchWords is a block over the caller's words, for handing an evaluation's
// intermediate result around without a copy: valid until w is written, of form
// Bits whatever its content, RunCount 0. card must be the number of bits set; 0
// gives the zero Block. A Builder copies such a block to its canonical form.
func ScratchWords(num uint16, w *Words, card int) Block {
	if card == 0 {
		return Block{}
	}
	b := ownWords(num, w, card, 0)
	b.loose = true
	return b
}

// ScratchArray is ScratchWords over an ascending array of at most BlockSize
// members.
func ScratchArray(num uint16, a []uint16) Block {
	if len(a) == 0 {
		return Block{}
	}
	b := ownArray(num, a, 0)
	b.loose = true
	return b
}
