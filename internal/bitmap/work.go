package bitmap

import "slices"

// work is an editor's copy of one block. It is in one of three states: sealed (an
// immutable block, at first the one it comes from), an array with room for more, or
// bits.
type work struct {
	num   uint16
	dirty bool // differs from the block it comes from
	card  int
	runs  int      // exact, as in a Block
	block Block    // the members, if sealed
	array []uint16 // the members, if neither sealed nor words
	words *Words
}

func (w *work) sealed() bool { return w.words == nil && w.array == nil }

func (w *work) contains(v uint16) bool {
	switch {
	case w.words != nil:
		return w.words[v>>6]>>(v&63)&1 != 0
	case w.array != nil:
		i := searchArray(w.array, v)
		return i < len(w.array) && w.array[i] == v
	}
	return w.block.Contains(v)
}

// unseal makes the members writable, with room for more of them.
func (w *work) unseal(e *Editor, more int) {
	wide := w.card+more > MaxArray
	switch {
	case w.words != nil || w.array != nil && !wide:
	case w.array != nil:
		w.words = e.newWords()
		*w.words = Words{}
		setArray(w.words, w.array)
		w.array = nil
	case !wide:
		w.array = append(make([]uint16, 0, w.card+more), w.block.low(&e.values)...)
	case w.block.form == Bits && len(e.spare) == 0:
		w.words = cloneWords(w.block.Words())
	default:
		w.words = e.newWords()
		w.block.CopyTo(w.words)
	}
	w.dirty = true
}

// low are the members of a block that is not bits, in *buf unless it holds them so.
func (b Block) low(buf *[]uint16) []uint16 {
	switch b.form {
	case Array:
		return b.Array()
	case Runs:
		*buf = appendRunValues((*buf)[:0], b.Runs())
		return *buf
	}
	return nil
}

func (w *work) add(v uint16, e *Editor) bool {
	if w.contains(v) {
		return false
	}
	w.unseal(e, 1)
	if w.words != nil {
		w.runs += runsGained(w.words, v)
		w.words[v>>6] |= 1 << (v & 63)
	} else {
		i := searchArray(w.array, v)
		w.runs += arrayGain(w.array, i, v)
		w.array = slices.Insert(w.array, i, v)
	}
	w.card++
	return true
}

func (w *work) remove(v uint16, e *Editor) bool {
	if !w.contains(v) {
		return false
	}
	w.unseal(e, 0)
	if w.words != nil {
		w.words[v>>6] &^= 1 << (v & 63)
		w.runs -= runsGained(w.words, v)
	} else {
		i := searchArray(w.array, v)
		w.array = slices.Delete(w.array, i, i+1)
		w.runs -= arrayGain(w.array, i, v)
	}
	w.card--
	return true
}

// addSorted adds the strictly ascending low and returns how many were not there.
func (w *work) addSorted(low []uint16, e *Editor) int {
	before := w.card
	x := ScratchArray(w.num, low)
	switch {
	case w.sealed() && AndCount(w.block, x) == len(low):
	case w.mergeable(low):
		w.reseal((*scratch).or, x)
	default:
		w.unseal(e, len(low))
		w.addInPlace(low, e)
	}
	return w.card - before
}

// removeSorted removes the strictly ascending low and returns how many were there.
func (w *work) removeSorted(low []uint16, e *Editor) int {
	before := w.card
	x := ScratchArray(w.num, low)
	switch {
	case w.sealed() && AndCount(w.block, x) == 0:
	case w.mergeable(low):
		w.reseal((*scratch).andNot, x)
	default:
		w.unseal(e, 0)
		w.removeInPlace(low)
	}
	return before - w.card
}

// mergeable tells whether to make a new block of the old one and low at once. That
// is best for a first change; after it, more are likely to follow.
func (w *work) mergeable(low []uint16) bool {
	return w.sealed() && !w.dirty && w.block.form != Bits && len(low) <= MaxArray
}

// reseal replaces the block by f of it and x.
func (w *work) reseal(f func(*scratch, Block, Block) Block, x Block) {
	s := getScratch()
	if w.block.IsEmpty() {
		w.block = x.Settled() // f is union: nothing is removed from an empty block
	} else {
		w.block = f(s, w.block, x).Settled()
	}
	s.release()
	w.card, w.runs, w.dirty = w.block.Len(), w.block.RunCount(), true
}

func (w *work) addInPlace(low []uint16, e *Editor) {
	switch {
	case w.words == nil:
		merged := make([]uint16, len(w.array)+len(low))
		w.array = merged[:uniteArrays(merged, w.array, low)]
		w.card, w.runs = len(w.array), arrayRuns(w.array)
	case len(low) >= recountFrom:
		setArray(w.words, low)
		w.card, w.runs = CountRuns(w.words)
	default:
		w.card, w.runs = addBits(w.words, low, w.card, w.runs)
	}
}

func (w *work) removeInPlace(low []uint16) {
	switch {
	case w.words == nil:
		w.array = w.array[:subtractArrays(w.array, w.array, low)]
		w.card, w.runs = len(w.array), arrayRuns(w.array)
	case len(low) >= recountFrom:
		for _, v := range low {
			w.words[v>>6] &^= 1 << (v & 63)
		}
		w.card, w.runs = CountRuns(w.words)
	default:
		w.card, w.runs = removeBits(w.words, low, w.card, w.runs)
	}
}

// freeze is the canonical block of what w holds. The payload belongs to the block,
// or back to the editor if the block took another form.
func (w *work) freeze(e *Editor) Block {
	form := formOf(w.card, w.runs)
	switch {
	case w.card == 0:
		return Block{}
	case w.words != nil && form == Bits:
		return ownWords(w.num, w.words, w.card, w.runs)
	case w.words != nil:
		e.spare = append(e.spare, w.words)
		return blockOfCounted(w.num, w.words, w.card, w.runs)
	case w.array == nil:
		return w.block
	case form != Array:
		return blockOfArray(w.num, w.array)
	}
	if cap(w.array)-len(w.array) > len(w.array)/8 { // do not keep the room
		w.array = append(make([]uint16, 0, len(w.array)), w.array...)
	}
	return ownArray(w.num, w.array, w.runs)
}
