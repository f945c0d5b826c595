package analytics

import (
	"context"
	"math/bits"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Who is in two or more of n sets is told without a look at any two of them: per
// block of 65,536 members, two bits a member count to two and stay there,
//
//	twice |= once & x
//	once  |= x
//
// for each set x in turn, 64 members an operation. once ends as the union. Only the
// members of twice are then asked which sets they are in, each set that has some of
// them giving its bit to their masks; see signatures.go for what becomes of a mask.
// The work is one pass over the blocks of the sets, and one over the memberships
// of the overlapping members.

// A combiner finds the members of several of its sets, and which.
type combiner struct {
	sets       []bitmap.Bitmap
	covered    bitmap.Builder // in one or more
	twice      bitmap.Builder // in two or more
	signatures *signatures

	once    bitmap.Words
	more    bitmap.Words
	mask    [bitmap.BlockSize]uint64 // by member: the sets of this word of the signature; zero between uses
	node    [bitmap.BlockSize]uint32 // by member: the signature so far
	who, in []uint16
}

func newCombiner(sets []bitmap.Bitmap, sample int) *combiner {
	return &combiner{sets: sets, signatures: newSignatures(sample)}
}

// run goes through the blocks in ascending order.
func (c *combiner) run(ctx context.Context) error { return eachBlock(ctx, c.sets, c.block) }

// block counts the operands' members to two.
func (c *combiner) block(num uint16, operands []operand) {
	if len(operands) == 1 {
		c.covered.Append(*operands[0].block)
		return
	}
	c.more = bitmap.Words{}
	for i, o := range operands {
		if i == 0 {
			o.block.CopyTo(&c.once)
		} else {
			countToTwo(&c.once, &c.more, o.block)
		}
	}
	c.covered.AppendWords(num, &c.once)
	overlapping := bitmap.Count(&c.more)
	if overlapping == 0 {
		return
	}
	c.twice.AppendWords(num, &c.more)
	c.who = slices.Grow(c.who[:0], overlapping)[:overlapping]
	bitmap.DecodeLow(c.who, &c.more)
	c.sign(num, operands)
}

// countToTwo adds the members of b to once, and to twice those that are in once
// already.
func countToTwo(once, twice *bitmap.Words, b *bitmap.Block) {
	switch b.Form() {
	case bitmap.Bits:
		x := b.Words()
		for i := 0; i < len(x); i += 4 {
			o, t, y := (*[4]uint64)(once[i:]), (*[4]uint64)(twice[i:]), (*[4]uint64)(x[i:])
			t[0] |= o[0] & y[0]
			o[0] |= y[0]
			t[1] |= o[1] & y[1]
			o[1] |= y[1]
			t[2] |= o[2] & y[2]
			o[2] |= y[2]
			t[3] |= o[3] & y[3]
			o[3] |= y[3]
		}
	case bitmap.Array:
		for _, v := range b.Array() {
			i, x := v>>6, uint64(1)<<(v&63)
			twice[i] |= once[i] & x
			once[i] |= x
		}
	case bitmap.Runs:
		for _, r := range b.Runs() {
			first, last := int(r.Start>>6), int(r.Last>>6)
			for i := first; i <= last; i++ {
				x := ^uint64(0)
				if i == first {
					x <<= r.Start & 63
				}
				if i == last {
					x &= ^uint64(0) >> (63 - r.Last&63)
				}
				twice[i] |= once[i] & x
				once[i] |= x
			}
		}
	}
}

// sign finds which sets each of who is in, 64 sets at a time, and counts it.
func (c *combiner) sign(num uint16, operands []operand) {
	for _, v := range c.who {
		c.node[v] = 0
	}
	for ops := operands; len(ops) > 0; {
		word := ops[0].set >> 6
		n := 0
		for ; n < len(ops) && ops[n].set>>6 == word; n++ {
			c.give(ops[n].block, 1<<(ops[n].set&63))
		}
		ops = ops[n:]
		for _, v := range c.who {
			if m := c.mask[v]; m != 0 {
				c.mask[v] = 0
				c.node[v] = c.signatures.extend(c.node[v], uint32(word), m)
			}
		}
	}
	for _, v := range c.who {
		c.signatures.count(c.node[v], uint32(num)<<16|uint32(v))
	}
}

// give sets the bit in the masks of those of who that are in b.
func (c *combiner) give(b *bitmap.Block, bit uint64) {
	const manyFrom = 2048 // overlapping members: from here on whole words are looked at rather than each of them
	if b.Form() != bitmap.Bits || len(c.who) < manyFrom {
		c.in = b.Filter(c.in[:0], c.who, true)
		for _, v := range c.in {
			c.mask[v] |= bit
		}
		return
	}
	for i, x := range b.Words() {
		masks := (*[64]uint64)(c.mask[i<<6:])
		for x &= c.more[i]; x != 0; x &= x - 1 {
			masks[bits.TrailingZeros64(x)&63] |= bit
		}
	}
}
