package eval

import (
	"math/bits"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Terms in arrays and runs, all of them before any in bits. To ask many members about
// each by itself is a search or a merge each time; instead the members are set out as
// bits once, with their number before each word, and then the place of any value among
// them is known from two numbers. So a value of an array costs a look at one bit. A run
// adds its weight where it begins and takes it away where it ends, and one pass sums
// that up for the runs of all terms: how long they are is nothing to it.

// placing tells where values are in a stretch of members. Between uses the ordering's
// table, which it looks into, is clear.
type placing struct {
	table  *bitmap.Words
	before [bitmap.BlockSize / 64]uint16 // members before the word
}

// costPlaces is how much more a value or run of a term costs to look for by itself than
// a word or member costs to set out.
const costPlaces = 32

// start sets the sums of a stretch to what they are before any term is asked, and
// returns the terms to ask.
func (s *ordering) start(a []uint16) []int32 {
	t, sums := &s.terms, s.scores[:len(a)]
	if len(a) == 0 || costPlaces*t.pieces < len(a)+int(a[len(a)-1]>>6-a[0]>>6) {
		for i := range sums {
			sums[i] = t.base
		}
		return t.here
	}
	p := &s.placing
	p.set(&s.table, a)
	clear(sums)
	for _, k := range t.here {
		if x := &t.all[k]; x.form() == bitmap.Runs {
			p.addRuns(sums, a, x.block.Runs(), x.weight)
		}
	}
	sum := t.base
	for i, x := range sums {
		sum += x
		sums[i] = sum
	}
	s.left = s.left[:0]
	for _, k := range t.here {
		switch x := &t.all[k]; x.form() {
		case bitmap.Array:
			p.addArray(sums, a, x.block.Array(), x.weight)
		case bitmap.Bits:
			s.left = append(s.left, k)
		}
	}
	p.clear(a)
	return s.left
}

// set makes the places those of a, which is not empty.
func (p *placing) set(table *bitmap.Words, a []uint16) {
	p.table = table
	for _, v := range a {
		table[v>>6] |= 1 << (v & 63)
	}
	n := 0
	from, to := a[0]>>6, int(a[len(a)-1]>>6)+1
	before := p.before[from:to]
	for i, x := range table[from:to] {
		before[i] = uint16(n)
		n += bits.OnesCount64(x)
	}
}

// clear leaves the table as it was.
func (p *placing) clear(a []uint16) {
	clear(p.table[a[0]>>6 : int(a[len(a)-1]>>6)+1])
	p.table = nil
}

// of is how many of the members are less than v, which is between the first and the
// last of them.
func (p *placing) of(v uint16) int {
	return int(p.before[v>>6]) + bits.OnesCount64(p.table[v>>6]&(1<<(v&63)-1))
}

// addArray adds w to the sums of those of a who are in b.
func (p *placing) addArray(sums []int64, a, b []uint16, w int64) {
	first, last := a[0], a[len(a)-1]
	from, _ := slices.BinarySearch(b, first)
	for _, v := range b[from:] {
		if p.table[v>>6]>>(v&63)&1 == 0 {
			continue // nearly always, and after the last always
		}
		sums[p.of(v)] += w
		if v == last {
			break
		}
	}
}

// addRuns adds w to the sum where a run begins among a, and takes it away where the run
// is over.
func (p *placing) addRuns(sums []int64, a []uint16, runs []bitmap.Run, w int64) {
	first, last := a[0], a[len(a)-1]
	from, _ := slices.BinarySearchFunc(runs, first, func(r bitmap.Run, v uint16) int { return int(r.Last) - int(v) })
	for _, r := range runs[from:] {
		if r.Start > last {
			return
		}
		sums[p.of(max(r.Start, first))] += w
		if r.Last >= last {
			return
		}
		sums[p.of(r.Last+1)] -= w
	}
}
