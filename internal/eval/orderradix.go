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

// entry is the place of a member among those gathered, in as many bits as that
// takes, below as much of its rank as there is room for: nearly always all.
type entry uint64

// sort is the places of the members, in order.
func (g *keyed) sort(ctx context.Context, o *Order) ([]uint32, error) {
	order := make([]uint32, len(g.members))
	for i := range order {
		order[i] = uint32(i)
	}
	d := digits{a: make([]entry, len(order)), b: make([]entry, len(order)), places: bits.Len(uint(len(order))), ctx: ctx}
	for i := len(o.Keys) - 1; i >= 0; i-- {
		switch k := o.Keys[i]; {
		case k.Kind == ByScore && g.scores != nil:
			d.byValue(order, g.scores, k.Desc)
		case k.Kind == ByColumn:
			set := g.unsetLast(order, i, d.a)
			d.byValue(order[:set], g.values[i], k.Desc)
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
	a, b   []entry
	places int // how many bits of an entry are a place
	at     [64/digit + 1][1 << digit]uint32
	ctx    context.Context
	err    error
}

// byValue sorts order by the members' values.
func (d *digits) byValue(order []uint32, values []int64, desc bool) {
	if len(order) < 2 {
		return
	}
	least, most := values[order[0]], values[order[0]]
	for _, m := range order {
		v := values[m]
		least, most = min(least, v), max(most, v)
	}
	width := bits.Len64(uint64(most) - uint64(least)) // the difference may not fit an int64
	zero, flip := uint64(least), uint64(0)
	if desc { // most − v = ^v − ^most
		zero, flip = ^uint64(most), ^uint64(0)
	}
	for low := 0; low < width && d.err == nil; low += 64 - d.places {
		a := d.a[:len(order)]
		for i, m := range order {
			rank := (uint64(values[m]) ^ flip) - zero
			a[i] = entry(rank>>low<<d.places | uint64(m))
		}
		d.sort(len(order), min(width-low, 64-d.places))
		for i, x := range d.a[:len(order)] {
			order[i] = uint32(x & (1<<d.places - 1))
		}
	}
}

// sort sorts the first n entries by the low width bits of their ranks. One look at
// them counts all digits.
func (d *digits) sort(n, width int) {
	passes := (width + digit - 1) / digit
	for p := range passes {
		d.at[p] = [1 << digit]uint32{}
	}
	for _, x := range d.a[:n] {
		x >>= d.places
		for p := range passes {
			d.at[p][x%(1<<digit)]++
			x >>= digit
		}
	}
	for p := range passes {
		if d.err = d.ctx.Err(); d.err != nil {
			return
		}
		at, low := &d.at[p], d.places+p*digit
		if at[d.a[0]>>low%(1<<digit)] == uint32(n) {
			continue // all have the same digit
		}
		sum := uint32(0)
		for i, c := range at {
			at[i] = sum
			sum += c
		}
		b := d.b[:n]
		for _, x := range d.a[:n] {
			k := &at[x>>low%(1<<digit)]
			b[*k] = x
			*k++
		}
		d.a, d.b = d.b, d.a
	}
}
