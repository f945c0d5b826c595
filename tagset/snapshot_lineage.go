package tagset

import (
	"github.com/tagroar/tagroar/internal/journal"
	"github.com/tagroar/tagroar/internal/wire"
)

// Where a version comes from, from format 4 on: whether the store follows another,
// and the hash of the version's commit and all before it, which the next change
// must be of. It is no content: stores with equal digests may have come to it on
// different ways.

// replicaFlag is that of a store that follows another.
const replicaFlag = 1

const lineageLen = 1 + len(journal.Chain{})

// lineageFrame gives the frame of the lineage, none if there is nothing to tell.
func (st *state) lineageFrame(frame frameFunc) error {
	var flags uint8
	if st.replica {
		flags |= replicaFlag
	}
	if flags == 0 && st.chain == (journal.Chain{}) {
		return nil
	}
	return frame(frameLineage, 0, lineageLen, func(dst []byte) []byte {
		return append(append(dst, flags), st.chain[:]...)
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
	switch {
	case d.Err() != nil:
		return s.bad("%w", d.Err())
	case d.Len() != 0:
		return s.bad("%d bytes after the hash", d.Len())
	case flags&^replicaFlag != 0:
		return s.bad("flags %#x", flags)
	case flags == 0 && s.st.chain == (journal.Chain{}):
		return s.bad("nothing in it")
	}
	s.st.replica = flags&replicaFlag != 0
	return s.take(0)
}
