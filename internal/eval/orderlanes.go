package eval

import "github.com/tagroar/tagroar/internal/bitmap"

// The inputs of a circuit: what of a term's block is in a lane, by itself or, of rare
// terms, counted with others. Bits are taken where they are. Lanes come in ascending
// order, so of arrays and runs skip remembers how far they have been gone through.

// inputs sets the first registers to the terms' lanes from word at on.
func (c *adders) inputs(t *terms, at int) {
	for i, k := range c.dense {
		x := &t.all[k]
		if x.block.Form() == bitmap.Bits {
			c.at[i] = laneOf(x.block.Words(), at)
		} else {
			c.at[i] = &c.regs[i]
			c.regs[i] = lane{}
			c.skip[i] = setBlock(c.at[i], x.block, c.skip[i], at)
		}
		if x.weight < 0 {
			bitmap.Invert(&c.regs[i], c.at[i])
			c.at[i] = &c.regs[i]
		}
	}
	c.rareInputs(t, at)
}

// rareInputs sets the last two inputs: who is in any rare term, and in several.
func (c *adders) rareInputs(t *terms, at int) {
	n := len(c.dense)
	u := union{any: &c.regs[n], several: &c.regs[n+1]}
	*u.any, *u.several = lane{}, lane{}
	for i, k := range c.rare {
		b, skip := t.all[k].block, &c.skip[n+i]
		switch b.Form() {
		case bitmap.Array:
			*skip = u.addArray(b.Array(), *skip, at)
		case bitmap.Runs:
			*skip = u.addRuns(b.Runs(), *skip, at)
		case bitmap.Bits: // few members of a predicate
			for i, x := range laneOf(b.Words(), at) {
				u.add(i, x)
			}
		}
	}
}

// setBlock adds to d, which is empty, the members that b has in the lane at word
// at; those before skip are in earlier lanes. It returns the skip of the next lane.
func setBlock(d *lane, b bitmap.Block, skip int32, at int) int32 {
	switch b.Form() {
	case bitmap.Array:
		return setArray(d, b.Array(), skip, at)
	case bitmap.Runs:
		return setRuns(d, b.Runs(), skip, at)
	}
	return 0
}

func setArray(d *lane, a []uint16, skip int32, at int) int32 {
	first, last := at<<6, (at+chunk)<<6-1
	k := int(skip)
	for ; k < len(a) && int(a[k]) <= last; k++ {
		if v := int(a[k]); v >= first {
			d[(v>>6)%chunk] |= 1 << (v & 63)
		}
	}
	return int32(k)
}

func setRuns(d *lane, runs []bitmap.Run, skip int32, at int) int32 {
	first, last := at<<6, (at+chunk)<<6-1
	k := int(skip)
	for ; k < len(runs) && int(runs[k].Start) <= last; k++ {
		lo, hi := max(int(runs[k].Start), first)-first, min(int(runs[k].Last), last)-first
		if lo <= hi {
			fillLane(d, lo, hi)
		}
		if int(runs[k].Last) > last {
			break
		}
	}
	return int32(k)
}

func fillLane(d *lane, lo, hi int) {
	i, j := lo>>6, hi>>6
	first, last := ^uint64(0)<<(lo&63), ^uint64(0)>>(63-hi&63)
	if i == j {
		d[i] |= first & last
		return
	}
	d[i] |= first
	for i++; i < j; i++ {
		d[i] = ^uint64(0)
	}
	d[j] |= last
}

// union is the members of any of some sets, and those of several.
type union struct{ any, several *lane }

func (u union) add(i int, x uint64) {
	u.several[i] |= u.any[i] & x
	u.any[i] |= x
}

func (u union) addArray(a []uint16, skip int32, at int) int32 {
	first, last := at<<6, (at+chunk)<<6-1
	k := int(skip)
	for ; k < len(a) && int(a[k]) <= last; k++ {
		if v := int(a[k]); v >= first {
			u.add((v>>6)%chunk, 1<<(v&63))
		}
	}
	return int32(k)
}

func (u union) addRuns(runs []bitmap.Run, skip int32, at int) int32 {
	first, last := at<<6, (at+chunk)<<6-1
	k := int(skip)
	for ; k < len(runs) && int(runs[k].Start) <= last; k++ {
		lo, hi := max(int(runs[k].Start), first)-first, min(int(runs[k].Last), last)-first
		if lo <= hi {
			i, j := lo>>6, hi>>6
			from, to := ^uint64(0)<<(lo&63), ^uint64(0)>>(63-hi&63)
			if i == j {
				u.add(i, from&to)
			} else {
				u.add(i, from)
				for i++; i < j; i++ {
					u.add(i, ^uint64(0))
				}
				u.add(j, to)
			}
		}
		if int(runs[k].Last) > last {
			break
		}
	}
	return int32(k)
}

func emptyLane(d *lane) bool {
	x := uint64(0)
	for _, y := range d {
		x |= y
	}
	return x == 0
}
