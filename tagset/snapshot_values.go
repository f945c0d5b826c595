package tagset

import (
	"encoding/binary"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/wire"
)

// Attributes, times of tagging and growth, from format 2 on.

const (
	// chunkMembers is the number of members whose values share a smallest one
	// and a width: few enough that one outlier costs little, and so many that
	// the head of a chunk does.
	chunkMembers = 8192
	chunkParts   = bitmap.BlockSize / chunkMembers

	// chunkHead is the length of a chunk's head. It is fixed, though most would
	// do with less: a reader takes memory for each chunk, and what it takes must
	// be in proportion to the bytes that arrive.
	chunkHead = 16
)

// attributeFrames gives the frames of the attributes and then of their values.
func (st *state) attributeFrames(frame frameFunc) error {
	e := entries{frame: frame, kind: frameAttributes, prefix: 4}
	for name, rec := range st.attrs.All() {
		if err := e.add(wire.AppendBlock(append(e.scratch[:0], byte(rec.typ)), name)); err != nil {
			return err
		}
	}
	if err := e.flush(); err != nil {
		return err
	}
	values := chunks{frame: frame, kind: frameValues}
	for _, rec := range st.attrs.All() {
		values.id++
		if err := setParts(frame, frameHolders, values.id, rec.values.Members()); err != nil {
			return err
		}
		if err := values.write(rec.values); err != nil {
			return err
		}
	}
	return nil
}

// timeFrames gives the frames of the times of tagging and of the growth.
func (st *state) timeFrames(frame frameFunc) error {
	times := chunks{frame: frame, kind: frameTimes}
	for id, rec := range st.tags.All() {
		if rec == nil || rec.times == nil {
			continue
		}
		times.id = TagID(id)
		if err := times.write(rec.times.tagged); err != nil {
			return err
		}
	}
	e := entries{frame: frame, kind: frameGrowth, prefix: 4}
	last := 0
	for id, rec := range st.tags.All() {
		if rec == nil || rec.times == nil {
			continue
		}
		before := int64(dayZero)
		for d := range rec.times.growth.days {
			entry := binary.AppendUvarint(e.scratch[:0], uint64(id-last))
			if err := e.add(d.append(entry, before)); err != nil {
				return err
			}
			last, before = id, d.day
		}
	}
	return e.flush()
}

// chunks gathers the chunks of a column into frames that end before the chunk
// that would take them past cutAt.
type chunks struct {
	frame frameFunc
	kind  uint8
	id    TagID // of the tag, or the number of the attribute
	buf   []byte
	next  []byte // scratch: one chunk
}

// write gives the frames of the values of c, none if it is empty.
func (w *chunks) write(c column.Column) error {
	if w.buf == nil && c.Len() > chunkMembers {
		w.buf = make([]byte, 0, cutAt) // once, not by doubling
	}
	for in, values := range c.Blocks() {
		for part, n := range chunksOf(in) {
			if n == 0 {
				continue
			}
			w.next = appendChunk(w.next[:0], in.Num(), part, values[:n])
			values = values[n:]
			if 4+len(w.buf)+len(w.next) > cutAt {
				if err := w.flush(); err != nil {
					return err
				}
			}
			w.buf = append(w.buf, w.next...)
		}
	}
	return w.flush()
}

func (w *chunks) flush() error {
	if len(w.buf) == 0 {
		return nil
	}
	err := w.frame(w.kind, w.id, 4+len(w.buf), func(dst []byte) []byte {
		return append(binary.LittleEndian.AppendUint32(dst, uint32(w.id)), w.buf...)
	})
	w.buf = w.buf[:0]
	return err
}

// chunksOf returns the numbers of members in the chunks of a block. A block of
// no more than a chunk's worth of members is one, wherever they are.
func chunksOf(in bitmap.Block) (n [chunkParts]int) {
	if in.Len() <= chunkMembers {
		n[0] = in.Len()
		return n
	}
	before := 0
	for part := range n {
		upTo := in.Rank(uint16((part+1)*chunkMembers - 1))
		n[part], before = upTo-before, upTo
	}
	return n
}

// appendChunk appends at least one value, at most chunkMembers.
func appendChunk(dst []byte, num uint16, part int, values []int64) []byte {
	least, most := slices.Min(values), slices.Max(values)
	width := widthOf(uint64(most) - uint64(least))
	dst = slices.Grow(dst, chunkHead+width*len(values))
	dst = binary.LittleEndian.AppendUint16(dst, num)
	dst = append(dst, byte(part), byte(width))
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(values)))
	dst = binary.LittleEndian.AppendUint64(dst, uint64(least))
	switch width {
	case 1:
		for _, v := range values {
			dst = append(dst, byte(v-least))
		}
	case 2:
		for _, v := range values {
			dst = binary.LittleEndian.AppendUint16(dst, uint16(v-least))
		}
	case 4:
		for _, v := range values {
			dst = binary.LittleEndian.AppendUint32(dst, uint32(v-least))
		}
	case 8:
		for _, v := range values {
			dst = binary.LittleEndian.AppendUint64(dst, uint64(v-least))
		}
	}
	return dst
}

// widthOf returns how many bytes an offset up to most takes.
func widthOf(most uint64) int {
	switch {
	case most == 0:
		return 0
	case most < 1<<8:
		return 1
	case most < 1<<16:
		return 2
	case most < 1<<32:
		return 4
	}
	return 8
}
