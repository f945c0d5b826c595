package tagset

import (
	"encoding/binary"

	"github.com/tagroar/tagroar/internal/journal"
	"github.com/tagroar/tagroar/internal/wire"
)

// Where a version comes from, from format 4 on: whether the store follows another,
// the hash of the version's commit and all before it, which the next change
// must be of, and what UUIDs the store had before it was promoted. It is no content: stores with equal digests may have come to it on
// different ways.

const (
	replicaFlag  = 1 // of a store that follows another
	promotedFlag = 2 // of one that had other UUIDs

	lineageLen = 1 + len(journal.Chain{})
	formerLen  = 8 + 16
)

// lineageFrame gives the frame of the lineage, none if there is nothing to tell.
func (st *state) lineageFrame(frame frameFunc) error {
	var flags uint8
	if st.replica {
		flags |= replicaFlag
	}
	size := lineageLen
	if n := len(st.former); n > 0 {
		flags |= promotedFlag
		size += 4 + n*formerLen
	}
	if flags == 0 && st.chain == (journal.Chain{}) {
		return nil
	}
	return frame(frameLineage, 0, size, func(dst []byte) []byte {
		dst = append(append(dst, flags), st.chain[:]...)
		if flags&promotedFlag == 0 {
			return dst
		}
		dst = binary.LittleEndian.AppendUint32(dst, uint32(len(st.former)))
		for _, f := range st.former {
			dst = binary.LittleEndian.AppendUint64(dst, uint64(f.last))
			dst = append(dst, f.uuid[:]...)
		}
		return dst
	})
}

// readLineage reads the lineage.
func (s *snapshotReader) readLineage() error {
	if !s.since(4, frameLineage) {
		return nil
	}
	d := wire.NewDecoder(s.payload)
	flags := d.Uint8()
	copy(s.st.chain[:], d.Bytes(len(s.st.chain)))
	if flags&promotedFlag != 0 {
		if err := s.readFormer(&d); err != nil {
			return err
		}
	}
	switch {
	case d.Err() != nil:
		return s.bad("%w", d.Err())
	case d.Len() != 0:
		return s.bad("%d bytes after the lineage", d.Len())
	case flags&^(replicaFlag|promotedFlag) != 0:
		return s.bad("flags %#x", flags)
	case flags == 0 && s.st.chain == (journal.Chain{}):
		return s.bad("nothing in it")
	}
	s.st.replica = flags&replicaFlag != 0
	return s.take(0)
}

// readFormer reads the former UUIDs.
func (s *snapshotReader) readFormer(d *wire.Decoder) error {
	n := int(d.Uint32())
	switch {
	case d.Err() != nil:
		return s.bad("%w", d.Err())
	case n == 0 || n > maxFormer || n > d.Len()/formerLen:
		return s.bad("%d former UUIDs in %d bytes", n, d.Len())
	}
	s.st.former = make([]formerID, n)
	for i := range s.st.former {
		f := &s.st.former[i]
		f.last = Version(d.Uint64())
		copy(f.uuid[:], d.Bytes(len(f.uuid)))
		if f.last >= s.st.version || i > 0 && f.last <= s.st.former[i-1].last {
			return s.bad("former UUID %d up to version %d", i, f.last)
		}
	}
	return nil
}
