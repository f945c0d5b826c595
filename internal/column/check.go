package column

import (
	"fmt"
	"math/bits"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Check verifies the package's invariants C1–C7 (see the package comment) by
// looking at every value.
func (c Column) Check() error {
	if err := c.members.Check(); err != nil {
		return fmt.Errorf("column: C2: %w", err)
	}
	before, n := -1, 0
	for _, p := range c.pages {
		if int(p.num) <= before {
			return fmt.Errorf("column: C1: page %d after %d", p.num, before)
		}
		before = int(p.num)
		if p.mask == 0 || bits.OnesCount64(p.mask) != len(p.blocks) {
			return fmt.Errorf("column: C1: page %d has %d blocks for mask %b", p.num, len(p.blocks), p.mask)
		}
		mask := p.mask
		for i := range p.blocks {
			b := &p.blocks[i]
			if want := p.num*pageSize + uint16(bits.TrailingZeros64(mask)); b.num != want {
				return fmt.Errorf("column: C1: block %d of page %d is number %d, not %d", i, p.num, b.num, want)
			}
			mask &= mask - 1
			if err := b.check(c.members.Find(b.num)); err != nil {
				return fmt.Errorf("%w (block %d)", err, b.num)
			}
			n++
		}
	}
	if n != c.members.NumBlocks() {
		return fmt.Errorf("column: C2: %d blocks of values, %d of members", n, c.members.NumBlocks())
	}
	return nil
}

func (b *block) check(in bitmap.Block) error {
	if in.Len() != int(b.n) {
		return fmt.Errorf("column: C2: %d values, %d members", b.n, in.Len())
	}
	if (b.cut != nil) != (b.n > chunkSize) {
		return fmt.Errorf("column: C3: %d values in a block that is cut: %t", b.n, b.cut != nil)
	}
	if b.cut == nil {
		if b.dense {
			return fmt.Errorf("column: C4: dense, of a block that is not cut")
		}
		return b.chunk.check(nil)
	}
	var w bitmap.Words
	in.CopyTo(&w)
	for k := range b.cut.chunks {
		c, ms := &b.cut.chunks[k], chunkOf(&w, k)
		if n := countWords(ms); n != int(c.n) {
			return fmt.Errorf("column: C3: chunk %d has %d values, %d members", k, c.n, n)
		}
		if c.dense != (c.n >= denseFrom) {
			return fmt.Errorf("column: C4: chunk %d of %d values is dense: %t", k, c.n, c.dense)
		}
		if c.n == 0 {
			if *c != (chunk{}) {
				return fmt.Errorf("column: C4: chunk %d is empty and not zero", k)
			}
			continue
		}
		if err := c.check(ms); err != nil {
			return fmt.Errorf("%w (chunk %d)", err, k)
		}
	}
	return b.checkWhole(in)
}

// check verifies the chunk of the members ms, of which there are as many as values.
func (c *chunk) check(ms []uint64) error {
	least, most := bounds(c.appendTo(nil, ms))
	if least != c.least || most != c.most {
		return fmt.Errorf("column: C5: values from %d to %d, not %d to %d", least, most, c.least, c.most)
	}
	if want := widthOf(c.span()); c.width != want {
		return fmt.Errorf("column: C6: width %d for offsets up to %d", c.width, c.span())
	}
	if !c.dense {
		return nil
	}
	for i := range chunkSize {
		if ms[i/64]>>(i%64)&1 == 0 && c.offset(i) != 0 {
			return fmt.Errorf("column: C4: offset %d at %d, where there is no member", c.offset(i), i)
		}
	}
	return nil
}

// checkWhole verifies what a cut block says of all its chunks.
func (b *block) checkWhole(in bitmap.Block) error {
	values := b.appendTo(nil, in)
	if least, most := bounds(values); least != b.least || most != b.most {
		return fmt.Errorf("column: C5: values from %d to %d, not %d to %d", least, most, b.least, b.most)
	}
	x := b.cut.sliced.Load()
	if x == nil {
		return nil
	}
	if x.least != b.least || x.most != b.most || x.slices != (bits.Len64(b.span())+1)&^1 {
		return fmt.Errorf("column: C7: %d slices from %d to %d", x.slices, x.least, x.most)
	}
	var w bitmap.Words
	in.CopyTo(&w)
	i := 0
	for low := range blockSize {
		if w[low/64]>>(low%64)&1 == 0 {
			continue
		}
		if got := x.at(uint16(low)); got != values[i] {
			return fmt.Errorf("column: C7: value %d of %d as %d in the slices", values[i], low, got)
		}
		i++
	}
	return nil
}
