package bitmap

import "slices"

// with is b, a canonical block, with v in it. Neighbours tell the number of runs
// of the result, and that its form; only the payload is copied.
func (b Block) with(v uint16) Block {
	switch b.form {
	case Array:
		return b.arrayWith(v)
	case Runs:
		return b.runsWith(v)
	case Bits:
		if b.Contains(v) {
			return b
		}
		card, runs := b.Len()+1, int(b.runs)+runsGained(b.Words(), v)
		w := cloneWords(b.Words())
		w[v>>6] |= 1 << (v & 63)
		return b.ofWords(w, card, runs)
	}
	return ownArray(b.num, []uint16{v}, 1)
}

// without is b, a canonical block, with v not in it.
func (b Block) without(v uint16) Block {
	switch b.form {
	case Array:
		return b.arrayWithout(v)
	case Runs:
		return b.runsWithout(v)
	case Bits:
		if !b.Contains(v) {
			return b
		}
		card := b.Len() - 1
		w := cloneWords(b.Words())
		w[v>>6] &^= 1 << (v & 63)
		runs := int(b.runs) - runsGained(w, v)
		return b.ofWords(w, card, runs)
	}
	return b
}

// runsGained is how many runs more there are with v, which is not in w, than
// without: 1, 0 or −1 as none, one or both of its neighbours are there.
func runsGained(w *Words, v uint16) int {
	n := 1
	if v > 0 {
		u := v - 1
		n -= int(w[u>>6] >> (u & 63) & 1)
	}
	if v < BlockSize-1 {
		u := v + 1
		n -= int(w[u>>6] >> (u & 63) & 1)
	}
	return n
}

// recountFrom is how many members of one block are changed before counting the
// whole block afterwards is cheaper than looking at each one's neighbours.
const recountFrom = 384

// addBits sets the bits of a, which may be there, and keeps the counts.
func addBits(w *Words, a []uint16, card, runs int) (int, int) {
	for _, v := range a {
		x := &w[v>>6]
		fresh := int(^*x >> (v & 63) & 1)
		card += fresh
		runs += fresh * runsGained(w, v)
		*x |= 1 << (v & 63)
	}
	return card, runs
}

// removeBits clears the bits of a, which may be clear, and keeps the counts.
func removeBits(w *Words, a []uint16, card, runs int) (int, int) {
	for _, v := range a {
		x := &w[v>>6]
		gone := int(*x >> (v & 63) & 1)
		*x &^= 1 << (v & 63)
		card -= gone
		runs -= gone * runsGained(w, v)
	}
	return card, runs
}

// bitsWith is b, of form Bits, and the members of a short array.
func (b Block) bitsWith(a []uint16) Block {
	if countArrayBits(a, b.Words()) == len(a) {
		return b
	}
	w := cloneWords(b.Words())
	card, runs := addBits(w, a, b.Len(), b.RunCount())
	return b.ofWords(w, card, runs)
}

// bitsWithout is b, of form Bits, without the members of a short array.
func (b Block) bitsWithout(a []uint16) Block {
	if countArrayBits(a, b.Words()) == 0 {
		return b
	}
	w := cloneWords(b.Words())
	card, runs := removeBits(w, a, b.Len(), b.RunCount())
	return b.ofWords(w, card, runs)
}

// ofWords is the block of bits that it may keep.
func (b Block) ofWords(w *Words, card, runs int) Block {
	if formOf(card, runs) != Bits {
		return blockOfCounted(b.num, w, card, runs)
	}
	return ownWords(b.num, w, card, runs)
}

// arrayGain is runsGained for v about to be put into a at index i.
func arrayGain(a []uint16, i int, v uint16) int {
	n := 1
	if i > 0 && a[i-1]+1 == v {
		n--
	}
	if i < len(a) && a[i]-1 == v {
		n--
	}
	return n
}

func (b Block) arrayWith(v uint16) Block {
	a := b.Array()
	i := searchArray(a, v)
	if i < len(a) && a[i] == v {
		return b
	}
	runs := int(b.runs) + arrayGain(a, i, v)
	c := make([]uint16, len(a)+1)
	copy(c, a[:i])
	c[i] = v
	copy(c[i+1:], a[i:])
	if formOf(len(c), runs) != Array {
		return blockOfArray(b.num, c)
	}
	return ownArray(b.num, c, runs)
}

func (b Block) arrayWithout(v uint16) Block {
	a := b.Array()
	i := searchArray(a, v)
	if i == len(a) || a[i] != v {
		return b
	}
	if len(a) == 1 {
		return Block{}
	}
	c := make([]uint16, len(a)-1)
	copy(c, a[:i])
	copy(c[i:], a[i+1:])
	runs := int(b.runs) - arrayGain(c, i, v)
	if formOf(len(c), runs) != Array {
		return blockOfArray(b.num, c)
	}
	return ownArray(b.num, c, runs)
}

func (b Block) runsWith(v uint16) Block {
	rs := b.Runs()
	i := searchRuns(rs, v)
	if i < len(rs) && rs[i].Start <= v {
		return b
	}
	left := i > 0 && int(rs[i-1].Last)+1 == int(v)
	right := i < len(rs) && int(rs[i].Start)-1 == int(v)
	var out []Run
	switch {
	case left && right:
		out = slices.Concat(rs[:i], rs[i+1:])
		out[i-1].Last = rs[i].Last
	case left:
		out = slices.Clone(rs)
		out[i-1].Last = v
	case right:
		out = slices.Clone(rs)
		out[i].Start = v
	default:
		out = slices.Concat(rs[:i], []Run{{v, v}}, rs[i:])
	}
	return b.ofRuns(out, b.Len()+1)
}

func (b Block) runsWithout(v uint16) Block {
	rs := b.Runs()
	i := searchRuns(rs, v)
	if i == len(rs) || v < rs[i].Start {
		return b
	}
	r := rs[i]
	var out []Run
	switch {
	case r.Start == v && r.Last == v:
		out = slices.Concat(rs[:i], rs[i+1:])
	case r.Start == v:
		out = slices.Clone(rs)
		out[i].Start = v + 1
	case r.Last == v:
		out = slices.Clone(rs)
		out[i].Last = v - 1
	default:
		out = slices.Concat(rs[:i+1], rs[i:])
		out[i].Last = v - 1
		out[i+1].Start = v + 1
	}
	return b.ofRuns(out, b.Len()-1)
}

// ofRuns is the block of runs that it may keep.
func (b Block) ofRuns(rs []Run, card int) Block {
	if formOf(card, len(rs)) != Runs {
		return blockOfRuns(b.num, rs)
	}
	return ownRuns(b.num, rs, card)
}
