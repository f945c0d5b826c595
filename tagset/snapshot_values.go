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
	number := TagID(0)
	for _, rec := range st.attrs.All() {
		number++
		if err := setParts(frame, frameHolders, number, rec.values.Members()); err != nil {
			return err
		}
		if err := valueFrames(frame, frameValues, number, rec.values); err != nil {
			return err
		}
	}
	return nil
}

// timeFrames gives the frames of the times of tagging and of the growth.
func (st *state) timeFrames(frame frameFunc) error {
	for id, rec := range st.tags.All() {
		if rec == nil || rec.times == nil {
			continue
		}
		if err := valueFrames(frame, frameTimes, TagID(id), rec.times.tagged); err != nil {
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

// valueFrames gives the frames of the values of c, none if it is empty.
func valueFrames(frame frameFunc, kind uint8, id TagID, c column.Column) error {
	var buf []byte
	flush := func() error {
		if len(buf) == 0 {
			return nil
		}
		err := frame(kind, id, 4+len(buf), func(dst []byte) []byte {
			return append(binary.LittleEndian.AppendUint32(dst, uint32(id)), buf...)
		})
		buf = buf[:0]
		return err
	}
	for in, values := range c.Blocks() {
		for part, n := range chunksOf(in) {
			if n == 0 {
				continue
			}
			start := len(buf)
			buf = appendChunk(buf, in.Num(), part, values[:n])
			values = values[n:]
			if 4+len(buf) > cutAt && start > 0 {
				over := slices.Clone(buf[start:])
				buf = buf[:start]
				if err := flush(); err != nil {
					return err
				}
				buf = append(buf, over...)
			}
		}
	}
	return flush()
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
