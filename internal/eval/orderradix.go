package eval

import (
	"context"
	"math/bits"
)

// Radix sort from the least significant digit (D. E. Knuth, The Art of Computer
// Programming, vol. 3, section 5.2.5): the last key first and the first key last,
// each from its low digits to its high ones, all passes stable. A key's value
// becomes its distance from the best one there is, so only as many digits are
// sorted as values differ in; members without a value go to the end in between.

// digit is how many bits a pass sorts by: the places of its 2,048 buckets and the
// ends of their lines stay in the second cache.
const digit = 11

// entry is 32 bits of a rank above the place of a member among those gathered.
type entry uint64

// sort is the places of the members, in order.
func (g *keyed) sort(ctx context.Context, o *Order) ([]uint32, error) {
	order := make([]uint32, len(g.members))
	for i := range order {
		order[i] = uint32(i)
	}
	keys := o.Keys
	for i, k := range keys {
		if k.Kind == ByMember { // decides everything
			keys = keys[:i+1]
			break
		}
	}
	d := digits{a: make([]entry, len(order)), b: make([]entry, len(order)), ctx: ctx}
	for i := len(keys) - 1; i >= 0; i-- {
		switch k := keys[i]; {
		case k.Kind == ByScore && g.scores != nil:
			d.byValue(order, func(m uint32) int64 { return g.scores[m] }, k.Desc)
		case k.Kind == ByColumn:
			set := g.unsetLast(order, i, d.a)
			d.byValue(order[:set], func(m uint32) int64 { return g.values[i][m] }, k.Desc)
		case k.Kind == ByMember && k.Desc:
			for a, b := 0, len(order)-1; a < b; a, b = a+1, b-1 {
				order[a], order[b] = order[b], order[a]
			}
		}
		if d.err != nil {
			return nil, d.err
		}
	}
	return order, nil
}

// unsetLast moves the members without a value of key k to the end, all others
// and they themselves staying in order, and returns how many have one.
func (g *keyed) unsetLast(order []uint32, k int, room []entry) int {
	n, out := 0, 0
	for _, m := range order {
		if g.has[k][m] {
			order[n] = m
			n++
		} else {
			room[out] = entry(m)
			out++
		}
	}
	for i, m := range room[:out] {
		order[n+i] = uint32(m)
	}
	return n
}

// digits is the room for passes.
type digits struct {
	a, b []entry
	ctx  context.Context
	err  error
}

// byValue sorts order by the members' values.
func (d *digits) byValue(order []uint32, value func(uint32) int64, desc bool) {
	if len(order) < 2 {
		return
	}
	least, most := value(order[0]), value(order[0])
	for _, m := range order {
		v := value(m)
		least, most = min(least, v), max(most, v)
	}
	width := bits.Len64(uint64(most) - uint64(least)) // the difference may not fit an int64
	for low := 0; low < width; low += 32 {
		for i, m := range order {
			rank := uint64(value(m)) - uint64(least)
			if desc {
				rank = uint64(most) - uint64(value(m))
			}
			d.a[i] = entry(rank>>low<<32 | uint64(m))
		}
		d.pass(len(order), min(width-low, 32))
		if d.err != nil {
			return
		}
		for i, x := range d.a[:len(order)] {
			order[i] = uint32(x)
		}
	}
}

// pass sorts the first n entries by the low width bits of their ranks.
func (d *digits) pass(n, width int) {
	for low := 32; low < 32+width; low += digit {
		if d.err = d.ctx.Err(); d.err != nil {
			return
		}
		var at [1 << digit]uint32
		a, b := d.a[:n], d.b[:n]
		for _, x := range a {
			at[x>>low%(1<<digit)]++
		}
		sum := uint32(0)
		for i, c := range at {
			at[i] = sum
			sum += c
		}
		for _, x := range a {
			k := &at[x>>low%(1<<digit)]
			b[*k] = x
			*k++
		}
		d.a, d.b = d.b, d.a
	}
}
