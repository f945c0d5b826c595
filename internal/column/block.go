package column

import (
	"math/bits"
	"sync/atomic"

	"github.com/tagroar/tagroar/internal/bitmap"
)

const blockSize = bitmap.BlockSize

// A block is the values of the members that share their upper 16 bits. If there
// are few it is one packed chunk. Otherwise it is cut, and the embedded chunk tells
// no more than number, bounds and count.
type block struct {
	chunk
	cut *cut
}

// A cut is a block's chunks and, once there is one, its bit-sliced copy.
type cut struct {
	chunks [chunks]chunk
	asked  atomic.Uint32          // predicates that have looked at the values
	sliced atomic.Pointer[sliced] // see sliced.go
}

// newBlock is the block of values, in order of member, of the members in, which
// must be as many and at least one. The values are copied.
func newBlock(in bitmap.Block, values []int64) block {
	if len(values) <= chunkSize {
		b := block{chunk: newChunk(values)}
		b.num = in.Num()
		return b
	}
	b := block{chunk: chunk{num: in.Num()}, cut: new(cut)}
	var room bitmap.Words
	w := wordsOf(in, &room)
	for k := range b.cut.chunks {
		ws := chunkOf(w, k)
		n := countWords(ws)
		if n > 0 {
			b.cut.chunks[k] = newPart(values[:n], ws)
		}
		values = values[n:]
	}
	b.sumUp()
	return b
}

// newPart is a chunk of a cut block.
func newPart(values []int64, in []uint64) chunk {
	if len(values) < denseFrom {
		return newChunk(values)
	}
	return newDense(values, in)
}

// sumUp makes bounds and count those of the chunks.
func (b *block) sumUp() {
	b.n = 0
	for k := range b.cut.chunks {
		c := &b.cut.chunks[k]
		switch {
		case c.n == 0:
			continue
		case b.n == 0:
			b.least, b.most = c.least, c.most
		default:
			b.least, b.most = min(b.least, c.least), max(b.most, c.most)
		}
		b.n += c.n
	}
}

// wordsOf is the members of b as bits: its own, or written to room.
func wordsOf(b bitmap.Block, room *bitmap.Words) *bitmap.Words {
	if b.Form() == bitmap.Bits {
		return b.Words()
	}
	b.CopyTo(room)
	return room
}

// chunkOf is the words of chunk k.
func chunkOf(w *bitmap.Words, k int) []uint64 {
	return w[k*chunkWords:][:chunkWords]
}

func countWords(ws []uint64) (n int) {
	for _, x := range ws {
		n += bits.OnesCount64(x)
	}
	return n
}

// gapped tells whether a look at all values needs to know the members.
func (b *block) gapped() bool {
	if b.cut == nil {
		return false
	}
	for k := range b.cut.chunks {
		if c := &b.cut.chunks[k]; c.dense && !c.full() {
			return true
		}
	}
	return false
}

// appendTo appends the values in order of member; in is the block's members.
func (b *block) appendTo(dst []int64, in bitmap.Block) []int64 {
	if b.cut == nil {
		return b.chunk.appendTo(dst, nil)
	}
	var room bitmap.Words
	w := &room
	if b.gapped() {
		w = wordsOf(in, &room)
	}
	for k := range b.cut.chunks {
		dst = b.cut.chunks[k].appendTo(dst, chunkOf(w, k))
	}
	return dst
}

// get is the value of low, if in, the block's members, has it.
func (b *block) get(in bitmap.Block, low uint16) (int64, bool) {
	if !in.Contains(low) {
		return 0, false
	}
	c, slot := b.slot(in, low)
	return c.value(slot), true
}

// slot is the chunk of low, and its slot there: the one it has, if in has it, or
// the one it would get.
func (b *block) slot(in bitmap.Block, low uint16) (c *chunk, slot int) {
	if b.cut == nil {
		return &b.chunk, before(in, 0, low)
	}
	c = &b.cut.chunks[low/chunkSize]
	if c.dense {
		return c, int(low % chunkSize)
	}
	return c, before(in, low&^(chunkSize-1), low)
}

// before is the number of members of in from first to just before low.
func before(in bitmap.Block, first, low uint16) int {
	if low == first {
		return 0
	}
	return in.CountRange(first, low-1)
}
