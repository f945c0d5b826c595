package eval

import (
	"fmt"
	"math/bits"
	"strings"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// OrderMethod is a way to find the first members of an order.
type OrderMethod uint8

// The methods. AnyMethod is to choose, block by block, by cost. A method that an
// order has no use for is not taken even if it is forced. The first 100 by score
// over 20 terms of 0.2 to 50 %, half of them in clusters, weights of 11 bits, of 1M
// members, in milliseconds, beside the sum of roaring's cardinalities of the result
// with each term:
//
//	          counts  probe  add   slice
//	30 %      0.27    5.7    2.3   0.47
//	5 %       2.2     1.22   1.07  0.63
//	1 %       0.83    0.46   0.80  0.37
//	0.3 %     0.30    0.21   0.34  0.21
//	5,000     0.55    0.27   0.37  0.28
//
// Accumulators are for all of a large result, where nobody can be ruled out. On a
// machine without vectors adding costs half as much again, and slices two to three
// times as much.
const (
	AnyMethod   OrderMethod = iota
	ProbeMethod             // ask every term about the members: orderprobe.go
	AddMethod               // an accumulator a member: orderadd.go
	SliceMethod             // rule members out by bit-sliced sums: orderslices.go
	CountMethod             // sort all by counting scores: ordercount.go
	RadixMethod             // sort all digit by digit: orderradix.go
)

// Rough costs in nanoseconds, measured on one machine; only their proportions
// matter. See sparse.go for those of looking values up.
const (
	costProbe  = 0.8  // one member and one term in bits
	costClear  = 5000 // clearing the accumulators
	costAdded  = 1.2  // reading an accumulator
	costPass   = 600  // an intersection, and a walk through its words
	costAdd    = 1.7  // adding to an accumulator a value decoded from bits
	costAddRun = 0.3  // the same, of a run
	costNone   = 300  // short accumulators: intersecting bits
	costGroup  = 8    // the same: adding to 256 of whom somebody is in both
	costAdder  = 200  // a full adder over a block
	costSet    = 600  // an array or runs as bits
	costPicked = 2000 // comparing planes, and scoring those who pass
)

// method is how to score n members b of the block at hand; if rest, only those
// that pass a bound are wanted.
func (s *ordering) method(b bitmap.Block, n int, rest bool) OrderMethod {
	t := &s.terms
	sliced := rest && len(t.here) <= maxSliced
	switch f := s.r.p.options.Order; {
	case f == ProbeMethod || f == AddMethod:
		return f
	case f == SliceMethod && sliced:
		return f
	}
	probe, add := 0.0, float64(costClear)+costAdded*float64(n)
	slice := float64(costPicked)
	members := float64(n)
	for _, k := range t.here {
		x := &t.all[k]
		size := float64(x.size(t.num))
		switch form := x.form(); form {
		case bitmap.Array:
			probe += min(members*costSearch, size*costSearch, (members+size)*costProbe)
			add += size * costScatter
			slice += costSet + size*costScatter
		case bitmap.Runs:
			runs := float64(x.block.RunCount())
			probe += min(members*costSearch, members*costAddRun+runs*costSearch)
			add += min(size*costAddRun+runs*costScatter, costSet+t.costBits(members*size))
			slice += costSet + runs*costScatter
		default:
			probe += members * costProbe
			add += t.costBits(members * size)
		}
	}
	if probe <= add && (!sliced || probe <= slice) {
		return ProbeMethod
	}
	if sliced {
		s.adders.plan(t)
		if slice += s.adders.taken; slice < min(probe, add) {
			return SliceMethod
		}
	}
	if add < probe {
		return AddMethod
	}
	return ProbeMethod
}

// costBits is what it takes to add a term in bits to the accumulators: pairs is its
// members times those of the result.
func (t *terms) costBits(pairs float64) float64 {
	both := pairs / bitmap.BlockSize
	if t.narrow() {
		return costNone + costGroup*min(both, bitmap.BlockSize/256)
	}
	return costPass + costAdd*both
}

// cost is what a pass of a block through the circuit takes.
func (c *adders) cost() float64 {
	sum := int32(0)
	for i := range c.ops {
		switch n := c.ops[i].N; n {
		case 7:
			sum += 8
		case 5:
			sum += 4
		case 3:
			sum += 2
		default:
			sum++
		}
	}
	return float64(sum) * costAdder / 2
}

// form is the form of the term's block; that of a predicate is bits.
func (x *term) form() bitmap.Form {
	if !x.loaded {
		return bitmap.Bits
	}
	return x.block.Form()
}

// wholePart is from which part of the members on it is cheaper to sort them all
// than to keep the first in a heap.
const wholePart = 8

// whole tells whether to sort everything for the first k.
func (p *Program) wholeFor(o *Order, k int) bool {
	if f := p.options.Order; f != AnyMethod {
		return f >= CountMethod
	}
	return o.first().Kind != ByMember && float64(k) > p.rootNode().est/wholePart
}

// ExplainOrder says in a line how Top would find the first k, or Ordered all of
// them if k is negative.
func (p *Program) ExplainOrder(o *Order, k int) string {
	var keys []string
	for _, x := range o.Keys {
		text := [...]string{ByScore: "weight", ByColumn: "column", ByMember: "member"}[min(x.Kind, ByMember)]
		if x.Kind == ByColumn && x.Name != "" {
			text = x.Name
		}
		if x.Desc {
			text += " desc"
		}
		keys = append(keys, text)
	}
	if len(keys) == 0 {
		keys = []string{"member"}
	}
	parts := []string{"order by " + strings.Join(keys, ", ")}
	if k < 0 {
		parts = append(parts, "all")
	} else {
		parts = append(parts, "top "+group(k))
	}
	parts = append(parts, p.howToOrder(o, k))
	if len(o.Terms) > 0 {
		parts = append(parts, plural(len(o.Terms), "term"))
	}
	return strings.Join(parts, " · ")
}

func (p *Program) howToOrder(o *Order, k int) string {
	first := o.first()
	switch {
	case first.Kind == ByMember && first.Desc:
		return "backwards"
	case first.Kind == ByMember:
		return "as they come"
	case k < 0 || p.wholeFor(o, k):
		if o.countable() && p.options.Order != RadixMethod {
			return "counting sort"
		}
		return "radix sort"
	case first.Kind == ByColumn:
		return "blocks by their bounds"
	}
	return p.howToScore(o)
}

// howToScore names the method that an average block would be scored by.
func (p *Program) howToScore(o *Order) string {
	blocks := p.universe.NumBlocks()
	most, sum := int64(0), 0.0
	probe, add, slice := 0.0, float64(costClear), float64(costPicked)
	members := p.rootNode().est / float64(max(blocks, 1))
	used := 0
	for _, x := range o.Terms {
		if x.Weight == 0 {
			continue
		}
		used++
		most = max(most, x.Weight, -x.Weight)
		size := float64(x.Set.Len())
		if x.Where != nil {
			size = x.Where.Estimate()
		}
		size /= float64(max(blocks, 1))
		sum += size
		probe += members * costProbe
		add += costPass + members*size/bitmap.BlockSize*costAdd
		slice += 1.6 * costAdder
	}
	add += members * costAdded
	method := p.options.Order
	switch {
	case method != AnyMethod:
	case probe <= min(add, slice) || probe <= add && used > maxSliced:
		method = ProbeMethod
	case slice < add && used <= maxSliced:
		method = SliceMethod
	default:
		method = AddMethod
	}
	switch method {
	case ProbeMethod:
		return "member by member"
	case AddMethod:
		return "accumulators"
	}
	long := bits.Len64(uint64(most))
	return fmt.Sprintf("bit-sliced, %d of %s", min(keepBits, long), plural(long, "bit"))
}
