package query

import (
	"math"
	"slices"
)

// What would have to be otherwise for the answer to be? A set of leaves that, all
// changed, flips the expression. In a tree whose leaves are all different the
// smallest one is found bottom-up: how many changes make an operand false, and how
// many true, tells how many do so to the operator, because no two operands share a
// leaf. Operators of the loosest level, and AND, fold their operands from the left
// with two numbers; of a count the cheapest operands change.
//
// Where leaves repeat that is no longer so, and finding the smallest set is as hard
// as satisfiability. Small sets are tried one by one, as many as a bounded effort
// allows: all, where there are few leaves. After that the sum is taken as if leaves
// were different, applied, and the question asked again of what comes of it, a few
// times over; what flips is then rid of changes that it can do without.

const (
	// maxTried bounds trying sets: their number times the clauses, some hundredths of
	// a second.
	maxTried = 1 << 20
	// maxRepairs is how often changes are made good by further ones.
	maxRepairs = 16
)

// A flipper looks for a flip.
type flipper struct {
	root    *clause
	leaves  []*Reason
	repeats bool
	size    int // clauses

	flipped []bool   // by variable
	turned  []uint32 // by variable: the round in which that was decided
	round   uint32
}

// flip is a set of leaves that flips the root; nil if none is found.
func (f *flipper) flip() []*Reason {
	f.flipped, f.turned = make([]bool, len(f.leaves)), make([]uint32, len(f.leaves))
	want := !f.root.reason.Holds
	found := false
	if f.repeats {
		var all bool
		if found, all = f.smallest(want); !found && !all {
			found = f.repaired(want)
		}
	} else {
		found = f.cheapest(want)
	}
	if !found {
		return nil
	}
	var out []*Reason
	for v, in := range f.flipped {
		if in {
			out = append(out, f.leaves[v])
		}
	}
	return out
}

// smallest tries sets of changes, the small ones first, as long as it may; all: it
// has tried every one.
func (f *flipper) smallest(want bool) (found, all bool) {
	tries := maxTried / f.size
	var try func(from, more int) bool // adds that many changes, of variables from one on
	try = func(from, more int) bool {
		if more == 0 {
			tries--
			return f.truth() == want
		}
		for v := from; v <= len(f.leaves)-more && tries > 0; v++ {
			f.flipped[v] = true
			if try(v+1, more-1) {
				return true
			}
			f.flipped[v] = false
		}
		return false
	}
	for n := 1; n <= len(f.leaves) && tries > 0; n++ {
		if try(0, n) {
			return true, false
		}
	}
	return false, tries > 0
}

// repaired changes what would do if no leaf were repeated, and so on from there.
func (f *flipper) repaired(want bool) bool {
	for range maxRepairs {
		if !f.cheapest(want) {
			return false
		}
		if f.truth() == want {
			f.reduce(want)
			return true
		}
	}
	return false
}

// reduce undoes changes that are not needed, until each of those left is.
func (f *flipper) reduce(want bool) {
	for again := true; again; {
		again = false
		for v, in := range f.flipped {
			if !in {
				continue
			}
			f.flipped[v] = false
			if f.truth() != want {
				f.flipped[v] = true
			} else {
				again = true
			}
		}
	}
}

// truth is that of the root after the changes.
func (f *flipper) truth() bool {
	f.round++
	return f.value(f.root)
}

func (f *flipper) value(c *clause) bool {
	if c.round == f.round {
		return c.value
	}
	if len(c.kids) == 0 {
		c.value = f.leaf(c)
	} else {
		c.value = c.combine(f.value)
	}
	c.round = f.round
	return c.value
}

func (f *flipper) leaf(c *clause) bool {
	return c.reason.Holds != (c.leaf >= 0 && f.flipped[c.leaf])
}

// cheapest adds the changes, or takes back those, that make the root what is
// wanted at the least cost, as far as leaves do not repeat.
func (f *flipper) cheapest(want bool) bool {
	f.round++
	f.price(f.root)
	if f.root.cost[index(want)] >= impossible {
		return false
	}
	f.pick(f.root, want)
	return true
}

// impossible is the cost of what no change does.
const impossible = math.MaxInt / 4

// costPlus adds costs. Shared clauses count each time, so sums may be beyond all
// bounds, but what is possible stays so.
func costPlus(a, b int) int {
	switch {
	case a >= impossible || b >= impossible:
		return impossible
	}
	return min(a+b, impossible-1)
}

func index(v bool) int {
	if v {
		return 1
	}
	return 0
}

// price sets the values and costs of c and what is below it.
func (f *flipper) price(c *clause) {
	if c.round == f.round {
		return
	}
	c.round = f.round
	if len(c.kids) == 0 {
		c.value = f.leaf(c)
		c.cost[index(c.value)], c.cost[index(!c.value)] = 0, 1
		if c.leaf == constant {
			c.cost[index(!c.value)] = impossible
		}
		return
	}
	for _, kid := range c.kids {
		f.price(kid)
	}
	c.value = c.combine(func(kid *clause) bool { return kid.value })
	switch c.op {
	case opNot:
		c.cost = [2]int{c.kids[0].cost[1], c.kids[0].cost[0]}
	case opSegment:
		c.cost = c.kids[0].cost
	case opAnd, opChain:
		c.fold()
	default:
		c.cost[index(c.value)] = 0
		c.cost[index(!c.value)] = c.change(!c.value, nil)
	}
}

// fold sets the cost of what is joined from the left.
func (c *clause) fold() {
	c.prefix = slices.Grow(c.prefix[:0], len(c.kids))
	c.prefix = append(c.prefix, c.kids[0].cost)
	for i, kid := range c.kids[1:] {
		before, now := c.prefix[i], [2]int{impossible, impossible}
		for x := range 2 {
			for y := range 2 {
				v := index(c.join(i, x == 1, y == 1))
				now[v] = min(now[v], costPlus(before[x], kid.cost[y]))
			}
		}
		c.prefix = append(c.prefix, now)
	}
	c.cost = c.prefix[len(c.prefix)-1]
}

// change is the cost of making a count what it is not, for which it calls pick with
// the operands that change, if it is not nil.
func (c *clause) change(want bool, pick func(kid *clause, to bool)) int {
	n := 0
	for _, kid := range c.kids {
		n += index(kid.value)
	}
	lo, hi := c.bounds()
	var fewer, more int // how many operands to make false, or true; 0: that does not do
	switch {
	case want && n < lo:
		more = lo - n
	case want:
		fewer = n - hi
	default:
		if lo > 0 {
			fewer = n - lo + 1
		}
		if hi < len(c.kids) {
			more = hi + 1 - n
		}
	}
	if want && (lo > hi || lo > len(c.kids) || hi < 0) { // never true
		return impossible
	}
	down, costDown := c.turn(fewer, false)
	up, costUp := c.turn(more, true)
	if pick != nil {
		set, to := down, false
		if costUp < costDown {
			set, to = up, true
		}
		for _, kid := range set {
			pick(kid, to)
		}
	}
	return min(costDown, costUp)
}

// turn is the n operands that are cheapest to make what they are not, and the cost
// of that.
func (c *clause) turn(n int, to bool) ([]*clause, int) {
	if n <= 0 {
		return nil, impossible
	}
	var other []*clause
	for _, kid := range c.kids {
		if kid.value != to {
			other = append(other, kid)
		}
	}
	if len(other) < n {
		return nil, impossible
	}
	slices.SortStableFunc(other, func(a, b *clause) int { return a.cost[index(to)] - b.cost[index(to)] })
	cost := 0
	for _, kid := range other[:n] {
		cost = costPlus(cost, kid.cost[index(to)])
	}
	return other[:n], cost
}

// pick makes the changes that price found for c to be what is wanted.
func (f *flipper) pick(c *clause, want bool) {
	if c.value == want || c.picked == f.round {
		return
	}
	c.picked = f.round
	switch {
	case len(c.kids) == 0:
		if f.turned[c.leaf] != f.round { // it may stand in several places
			f.turned[c.leaf] = f.round
			f.flipped[c.leaf] = !f.flipped[c.leaf]
		}
	case c.op == opNot:
		f.pick(c.kids[0], !want)
	case c.op == opSegment:
		f.pick(c.kids[0], want)
	case c.op == opAnd || c.op == opChain:
		f.unfold(c, want)
	default:
		c.change(want, f.pick)
	}
}

// unfold finds the way that led to the cost of a fold.
func (f *flipper) unfold(c *clause, want bool) {
	for i := len(c.kids) - 1; i > 0; i-- {
		before, kid := c.prefix[i-1], c.kids[i]
		cost := c.prefix[i][index(want)]
	found:
		for x := range 2 {
			for y := range 2 {
				if c.join(i-1, x == 1, y == 1) == want && costPlus(before[x], kid.cost[y]) == cost {
					f.pick(kid, y == 1)
					want = x == 1
					break found
				}
			}
		}
	}
	f.pick(c.kids[0], want)
}
