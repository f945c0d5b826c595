package eval

import "github.com/tagroar/tagroar/internal/bitmap"

// The inputs of a circuit: what a term has of the block, by itself or, of rare terms,
// counted with others. Bits are taken where they are; arrays and runs are set out as
// bits once a block, not lane by lane: every lane of every term would begin and end a
// loop of a few steps that nobody can predict.

// inputs finds the inputs for the block at hand.
func (c *adders) inputs(s *ordering) {
	r, t := s.r, &s.terms
	c.in = c.in[:0]
	for _, k := range c.dense {
		x := &t.all[k]
		w := bitsOf(r, x.block)
		if x.weight < 0 {
			not := w
			if x.block.Form() == bitmap.Bits {
				not = r.bits()
			}
			for at := 0; at < bitmap.BlockSize/64; at += chunk {
				bitmap.Invert(laneOf(not, at), laneOf(w, at))
			}
			w = not
		}
		c.in = append(c.in, w)
	}
	u := union{any: r.bits(), several: r.bits()}
	*u.any, *u.several = bitmap.Words{}, bitmap.Words{}
	for _, k := range c.rare {
		u.addBlock(t.all[k].block)
	}
	c.in = append(c.in, u.any, u.several)
}

// probe adds the weights of all but the rare terms to the sums of a, whose members
// are asked for one by one: that all inputs are bits serves here too.
func (c *adders) probe(sums []int64, a []uint16, t *terms) {
	for i, k := range c.dense {
		w := t.all[k].weight
		if w < 0 { // its input is who is not in it
			for j := range sums {
				sums[j] += w
			}
			w = -w
		}
		bitmap.AddWhere(sums, a, c.in[i], w)
	}
}

// seek makes the first registers the inputs' lanes at word at.
func (c *adders) seek(at int) {
	for i, w := range c.in {
		c.at[i] = laneOf(w, at)
	}
}

// union is the members of any of some sets, and those of several.
type union struct{ any, several *bitmap.Words }

func (u union) add(i int, x uint64) {
	u.several[i] |= u.any[i] & x
	u.any[i] |= x
}

func (u union) addBlock(b bitmap.Block) {
	switch b.Form() {
	case bitmap.Array:
		for _, v := range b.Array() {
			u.add(int(v>>6), 1<<(v&63))
		}
	case bitmap.Runs:
		for _, x := range b.Runs() {
			u.addRun(x)
		}
	case bitmap.Bits: // few members of a predicate
		for i, x := range b.Words() {
			u.add(i, x)
		}
	}
}

func (u union) addRun(x bitmap.Run) {
	i, j := int(x.Start>>6), int(x.Last>>6)
	from, to := ^uint64(0)<<(x.Start&63), ^uint64(0)>>(63-x.Last&63)
	if i == j {
		u.add(i, from&to)
		return
	}
	u.add(i, from)
	for i++; i < j; i++ {
		u.add(i, ^uint64(0))
	}
	u.add(j, to)
}

func emptyLane(d *lane) bool {
	x := uint64(0)
	for _, y := range d {
		x |= y
	}
	return x == 0
}
