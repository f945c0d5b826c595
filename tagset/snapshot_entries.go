package tagset

import (
	"encoding/binary"
	"time"

	"github.com/tagroar/tagroar/internal/wire"
)

// Keys and tags are many small entries, gathered into frames that end before
// the entry that would take them past cutAt.

// keyFrames gives the frames of the keys of live members.
func (st *state) keyFrames(frame frameFunc) error {
	e := entries{frame: frame, kind: frameKeys, prefix: 4}
	before := int64(-1)
	for m, key := range st.keys.all(st.live) {
		entry := binary.AppendUvarint(e.scratch[:0], uint64(int64(m)-before-1))
		before = int64(m)
		if err := e.add(wire.AppendBlock(entry, key)); err != nil {
			return err
		}
	}
	return e.flush()
}

// tagFrames gives the frames of the definitions, deleted tags' ids too: they
// are never given again.
func (st *state) tagFrames(frame frameFunc) error {
	e := entries{frame: frame, kind: frameTags, prefix: 8}
	var record []byte
	for id, rec := range st.tags.All() {
		if id == 0 {
			continue // no tag's
		}
		record = record[:0]
		if rec != nil {
			record = appendTag(record, &rec.tag)
		}
		entry := binary.AppendUvarint(e.scratch[:0], uint64(len(record)))
		if err := e.add(append(entry, record...)); err != nil {
			return err
		}
	}
	return e.flush()
}

// The flags of a tag record. Version 1 had the first alone, version 2 the first
// three.
const (
	archivedFlag = 1 << iota
	timesFlag
	stepFlag
	exclusiveFlag
	allFlags = 1<<iota - 1
)

// flagsOf returns the flags that a version of the format knows.
func flagsOf(format uint16) byte {
	switch format {
	case 1:
		return archivedFlag
	case 2:
		return archivedFlag | timesFlag | stepFlag
	}
	return allFlags
}

func appendTag(dst []byte, t *Tag) []byte {
	var flags byte
	if t.Archived {
		flags |= archivedFlag
	}
	if t.KeepTimes {
		flags |= timesFlag
	}
	if t.TimeStep != 0 {
		flags |= stepFlag
	}
	if t.Exclusive {
		flags |= exclusiveFlag
	}
	dst = append(dst, byte(t.Kind), flags)
	dst = binary.AppendVarint(dst, int64(t.Weight))
	for _, text := range []string{t.Name, t.Owner, t.Note, t.ModifiedBy} {
		dst = wire.AppendBlock(dst, text)
	}
	dst = binary.AppendVarint(dst, t.Created.UnixNano())
	dst = binary.AppendVarint(dst, t.Modified.UnixNano())
	if t.TimeStep != 0 {
		dst = binary.AppendUvarint(dst, uint64(t.TimeStep/time.Second))
	}
	return dst
}

// entries gathers entries into frames: of tags, with the first id and the count
// before them, or of others, with the count.
type entries struct {
	frame   frameFunc
	kind    uint8
	prefix  int // bytes of the payload before the entries
	given   int // entries in frames already given
	count   int // entries in buf
	buf     []byte
	scratch []byte
}

// add takes one entry; the caller may have built it on scratch.
func (e *entries) add(entry []byte) error {
	e.scratch = entry
	if e.prefix+len(e.buf)+len(entry) > cutAt {
		if err := e.flush(); err != nil {
			return err
		}
	}
	e.buf = append(e.buf, entry...)
	e.count++
	return nil
}

func (e *entries) flush() error {
	if e.count == 0 {
		return nil
	}
	err := e.frame(e.kind, 0, e.prefix+len(e.buf), func(dst []byte) []byte {
		if e.kind == frameTags {
			dst = binary.LittleEndian.AppendUint32(dst, uint32(e.given+1))
		}
		dst = binary.LittleEndian.AppendUint32(dst, uint32(e.count))
		return append(dst, e.buf...)
	})
	e.given += e.count
	e.count, e.buf = 0, e.buf[:0]
	return err
}
