package bitmap

import "slices"

// work is an editor's copy of one block: either bits, or an array with room for
// more. Until the first change it is only the block it comes from.
type work struct {
	num     uint16
	card    int
	runs    int      // exact, as in a Block
	from    Block    // unchanged so far if changed is false
	array   []uint16 // the members, if words is nil
	words   *Words
	changed bool
}

func (w *work) contains(v uint16) bool {
	switch {
	case !w.changed:
		return w.from.Contains(v)
	case w.words != nil:
		return w.words[v>>6]>>(v&63)&1 != 0
	}
	i := searchArray(w.array, v)
	return i < len(w.array) && w.array[i] == v
}

// touch makes the copy, with room in an array for more members.
func (w *work) touch(e *Editor, more int) {
	if w.changed {
		if w.words == nil && len(w.array)+more > MaxArray {
			w.widen(e)
		}
		return
	}
	switch {
	case w.card+more > MaxArray && w.from.form == Bits:
		if len(e.spare) == 0 {
			w.words = cloneWords(w.from.Words())
			break
		}
		w.words = e.newWords()
		*w.words = *w.from.Words()
	case w.card+more > MaxArray:
		w.words = e.newWords()
		w.from.CopyTo(w.words)
	default:
		w.array = append(make([]uint16, 0, w.card+more), w.members(e)...)
	}
	w.changed = true
}

// widen turns the array into bits.
func (w *work) widen(e *Editor) {
	w.words = e.newWords()
	*w.words = Words{}
	setArray(w.words, w.array)
	w.array = nil
}

func (w *work) add(v uint16, e *Editor) bool {
	if w.contains(v) {
		return false
	}
	w.touch(e, 1)
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
	w.touch(e, 0)
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

// recountFrom is how many members of one block are changed before counting the
// whole block afterwards is cheaper than looking at each one's neighbours.
const recountFrom = 256

// addSorted adds the strictly ascending low and returns how many were not there.
func (w *work) addSorted(low []uint16, e *Editor) int {
	before := w.card
	if !w.changed && AndCount(w.from, ScratchArray(w.num, low)) == len(low) {
		return 0
	}
	if w.words == nil && w.card+len(low) <= MaxArray {
		have := w.members(e)
		merged := make([]uint16, len(have)+len(low))
		n := uniteArrays(merged, have, low)
		w.changed = true
		w.array, w.card, w.runs = merged[:n], n, arrayRuns(merged[:n])
		return n - before
	}
	w.touch(e, len(low))
	if len(low) >= recountFrom {
		setArray(w.words, low)
		w.card, w.runs = CountRuns(w.words)
		return w.card - before
	}
	for _, v := range low {
		x := &w.words[v>>6]
		fresh := int(^*x >> (v & 63) & 1)
		w.card += fresh
		w.runs += fresh * runsGained(w.words, v)
		*x |= 1 << (v & 63)
	}
	return w.card - before
}

// removeSorted removes the strictly ascending low and returns how many were there.
func (w *work) removeSorted(low []uint16, e *Editor) int {
	before := w.card
	if !w.changed && AndCount(w.from, ScratchArray(w.num, low)) == 0 {
		return 0
	}
	if w.words == nil && w.card <= MaxArray {
		have := w.members(e)
		if !w.changed {
			w.changed, w.array = true, make([]uint16, len(have))
		}
		n := subtractArrays(w.array, have, low)
		w.array = w.array[:n]
		w.card, w.runs = n, arrayRuns(w.array)
		return before - n
	}
	w.touch(e, 0)
	if len(low) >= recountFrom {
		for _, v := range low {
			w.words[v>>6] &^= 1 << (v & 63)
		}
		w.card, w.runs = CountRuns(w.words)
		return before - w.card
	}
	for _, v := range low {
		x := &w.words[v>>6]
		gone := int(*x >> (v & 63) & 1)
		*x &^= 1 << (v & 63)
		w.card -= gone
		w.runs -= gone * runsGained(w.words, v)
	}
	return before - w.card
}

// members are those of a block held, or to be held, as an array; for reading.
func (w *work) members(e *Editor) []uint16 {
	switch {
	case w.changed:
		return w.array
	case w.from.form == Empty:
		return nil
	case w.from.form == Array:
		return w.from.Array()
	}
	e.values = appendRunValues(e.values[:0], w.from.Runs())
	return e.values
}

// freeze is the canonical block of what w holds. The payload belongs to the block,
// or back to the editor if the block took another form.
func (w *work) freeze(e *Editor) Block {
	if !w.changed {
		return w.from
	}
	if w.card == 0 {
		return Block{}
	}
	form := formOf(w.card, w.runs)
	if w.words != nil {
		if form == Bits {
			return ownWords(w.num, w.words, w.card, w.runs)
		}
		e.spare = append(e.spare, w.words)
		return blockOfCounted(w.num, w.words, w.card, w.runs)
	}
	if form != Array {
		return blockOfArray(w.num, w.array)
	}
	if cap(w.array)-len(w.array) > len(w.array)/8 { // do not keep the room
		w.array = append(make([]uint16, 0, len(w.array)), w.array...)
	}
	return ownArray(w.num, w.array, w.runs)
}
