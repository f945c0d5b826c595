package bitmap

import (
	"slices"
	"unsafe"
)

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
		if formOf(card, runs) != Bits {
			return blockOfCounted(b.num, w, card, runs)
		}
		return ownWords(b.num, w, card, runs)
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
		if formOf(card, runs) != Bits {
			return blockOfCounted(b.num, w, card, runs)
		}
		return ownWords(b.num, w, card, runs)
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
	return Block{p: unsafe.Pointer(unsafe.SliceData(rs)), num: b.num, card: uint16(card - 1), runs: uint16(len(rs)), form: Runs}
}
