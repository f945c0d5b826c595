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

// The block of a copy of what is given, in canonical form and fresh memory.

func blockOfArray(num uint16, a []uint16) Block { return (*Arena)(nil).ofArray(num, a) }

func blockOfCountedArray(num uint16, a []uint16, runs int) Block {
	return (*Arena)(nil).ofCountedArray(num, a, runs)
}

func blockOfRuns(num uint16, rs []Run) Block { return (*Arena)(nil).ofRuns(num, rs) }

func blockOfWords(num uint16, w *Words) Block { return (*Arena)(nil).ofWords(num, w) }

func blockOfCounted(num uint16, w *Words, card, runs int) Block {
	return (*Arena)(nil).ofCounted(num, w, card, runs)
}

// ofArray copies an ascending array into a canonical block in u; nil: fresh memory.
// a may be longer than MaxArray.
func (u *Arena) ofArray(num uint16, a []uint16) Block {
	return u.ofCountedArray(num, a, arrayRuns(a))
}

// ofCountedArray is ofArray for a known number of runs.
func (u *Arena) ofCountedArray(num uint16, a []uint16, runs int) Block {
	switch formOf(len(a), runs) {
	case Array:
		own := u.array(len(a))
		copy(own, a)
		return u.loosen(ownArray(num, own, runs))
	case Runs:
		return u.loosen(ownRuns(num, appendArrayRuns(u.runs(runs)[:0], a), len(a)))
	case Bits:
		w := u.none()
		setArray(w, a)
		return u.loosen(ownWords(num, w, len(a), runs))
	}
	return Block{}
}

// ofRuns copies ascending, separated runs into a canonical block in u.
func (u *Arena) ofRuns(num uint16, rs []Run) Block {
	card := runsLen(rs)
	switch formOf(card, len(rs)) {
	case Array:
		return u.loosen(ownArray(num, appendRunValues(u.array(card)[:0], rs), len(rs)))
	case Runs:
		own := u.runs(len(rs))
		copy(own, rs)
		return u.loosen(ownRuns(num, own, card))
	case Bits:
		w := u.none()
		setRuns(w, rs)
		return u.loosen(ownWords(num, w, card, len(rs)))
	}
	return Block{}
}

// ofWords copies w into a canonical block in u.
func (u *Arena) ofWords(num uint16, w *Words) Block {
	card, runs := CountRuns(w)
	return u.ofCounted(num, w, card, runs)
}

// ofCounted is ofWords for known counts.
func (u *Arena) ofCounted(num uint16, w *Words, card, runs int) Block {
	switch formOf(card, runs) {
	case Array:
		a := u.array(card)
		DecodeLow(a, w)
		return u.loosen(ownArray(num, a, runs))
	case Runs:
		return u.loosen(ownRuns(num, appendWordRuns(u.runs(runs)[:0], w), card))
	case Bits:
		return u.loosen(ownWords(num, u.words(w), card, runs))
	}
	return Block{}
}

// Settled is a canonical block equal to b that owns its payload.
func (b Block) Settled() Block {
	return b.SettledIn(nil)
}

// SettledIn is a canonical block equal to b; if b is loose, its payload is u's.
func (b Block) SettledIn(u *Arena) Block {
	known := b.runs > 0
	switch {
	case !b.loose:
		return b
	case b.form == Array && known:
		return u.ofCountedArray(b.num, b.Array(), int(b.runs))
	case b.form == Array:
		return u.ofArray(b.num, b.Array())
	case b.form == Runs:
		return u.ofRuns(b.num, b.Runs())
	case b.form == Bits && known:
		return u.ofCounted(b.num, b.Words(), b.Len(), int(b.runs))
	case b.form == Bits:
		return u.ofWords(b.num, b.Words())
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
