package bitmap

// Combining a block with bits that the caller owns. None allocates.

// CopyTo overwrites w with the members of b.
func (b Block) CopyTo(w *Words) {
	if b.form == Bits {
		*w = *b.Words()
		return
	}
	*w = Words{}
	b.OrInto(w)
}

// OrInto adds the members of b to w.
func (b Block) OrInto(w *Words) {
	switch b.form {
	case Array:
		setArray(w, b.Array())
	case Runs:
		setRuns(w, b.Runs())
	case Bits:
		Or(w, w, b.Words())
	}
}

// AndInto removes from w what is not in b.
func (b Block) AndInto(w *Words) {
	switch b.form {
	case Empty:
		*w = Words{}
	case Array:
		andArrayInto(w, b.Array())
	case Runs:
		var gaps [MaxRuns + 1]Run
		dropRuns(w, appendGaps(gaps[:0], b.Runs()))
	case Bits:
		And(w, w, b.Words())
	}
}

// appendGaps appends what lies before, between and after the runs.
func appendGaps(gaps, rs []Run) []Run {
	next := 0 // first position that no run has covered yet
	for _, r := range rs {
		if int(r.Start) > next {
			gaps = append(gaps, Run{uint16(next), r.Start - 1})
		}
		next = int(r.Last) + 1
	}
	if next < BlockSize {
		gaps = append(gaps, Run{uint16(next), BlockSize - 1})
	}
	return gaps
}

// andArrayInto keeps the bits of w that are in a, one word after the other.
func andArrayInto(w *Words, a []uint16) {
	at := 0 // words below are done
	for i := 0; i < len(a); {
		k := int(a[i] >> 6)
		m := uint64(0)
		for ; i < len(a) && int(a[i]>>6) == k; i++ {
			m |= 1 << (a[i] & 63)
		}
		clear(w[at:k])
		w[k] &= m
		at = k + 1
	}
	clear(w[at:])
}

// AndNotInto removes the members of b from w.
func (b Block) AndNotInto(w *Words) {
	switch b.form {
	case Array:
		dropArray(w, b.Array())
	case Runs:
		dropRuns(w, b.Runs())
	case Bits:
		AndNot(w, w, b.Words())
	}
}

// XorInto inverts in w the members of b.
func (b Block) XorInto(w *Words) {
	switch b.form {
	case Array:
		for _, v := range b.Array() {
			w[v>>6] ^= 1 << (v & 63)
		}
	case Runs:
		for _, r := range b.Runs() {
			flipRange(w, r.Start, r.Last)
		}
	case Bits:
		Xor(w, w, b.Words())
	}
}
