package tagset

import (
	"encoding/binary"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/wire"
)

const (
	// holdLen is the length of an entry of frame 18. It is fixed, as a chunk's
	// head is: a reader keeps some 130 bytes for each.
	holdLen = 8

	// holdsFrame is how many entries such a frame has at most, since its writer
	// keeps at hand the sets that follow it.
	holdsFrame = 8192
)

// holdFrames gives the frames of who holds the members of tags: the names of
// the sources, and then who of them holds whom.
func (st *state) holdFrames(frame frameFunc) error {
	names := st.sourceNames()
	if len(names) == 0 {
		return nil
	}
	e := entries{frame: frame, kind: frameSources, prefix: 4}
	for _, name := range names {
		if err := e.add(wire.AppendBlock(e.scratch[:0], name)); err != nil {
			return err
		}
	}
	if err := e.flush(); err != nil {
		return err
	}
	w := holdWriter{frame: frame}
	for id, rec := range st.tags.All() {
		if rec == nil || rec.held == nil {
			continue
		}
		for source, set := range rec.held.all(rec.direct.Bitmap()) {
			number, _ := slices.BinarySearch(names, source)
			if err := w.add(TagID(id), uint32(number+1), set, rec.direct.Bitmap()); err != nil {
				return err
			}
		}
	}
	return w.flush()
}

// sourceNames returns the sources that hold members of tags with holds of
// their own, in the order of their bytes.
func (st *state) sourceNames() []string {
	seen := map[string]bool{}
	for _, rec := range st.tags.All() {
		if rec == nil || rec.held == nil {
			continue
		}
		for source := range rec.held.all(rec.direct.Bitmap()) {
			seen[source] = true
		}
	}
	names := make([]string, 0, len(seen))
	for name := range seen {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// A holdWriter gathers holds into a frame, and gives it with the sets that
// belong to it.
type holdWriter struct {
	frame frameFunc
	buf   []byte
	sets  []heldSet
}

// A heldSet is a hold that is not of all the members of its tag.
type heldSet struct {
	number TagID // of the hold in its frame, from 1
	set    bitmap.Bitmap
}

// add takes one hold: set is a part of direct, maybe all.
func (w *holdWriter) add(id TagID, source uint32, set, direct bitmap.Bitmap) error {
	if len(w.buf) == holdLen*holdsFrame {
		if err := w.flush(); err != nil {
			return err
		}
	}
	w.buf = binary.LittleEndian.AppendUint32(w.buf, uint32(id))
	w.buf = binary.LittleEndian.AppendUint32(w.buf, source)
	if set.Card() < direct.Card() {
		w.sets = append(w.sets, heldSet{TagID(len(w.buf) / holdLen), set})
	}
	return nil
}

func (w *holdWriter) flush() error {
	if len(w.buf) == 0 {
		return nil
	}
	err := w.frame(frameHolds, 0, 4+len(w.buf), func(dst []byte) []byte {
		dst = binary.LittleEndian.AppendUint32(dst, uint32(len(w.buf)/holdLen))
		return append(dst, w.buf...)
	})
	if err != nil {
		return err
	}
	for _, h := range w.sets {
		if err := setParts(w.frame, frameHeld, h.number, h.set); err != nil {
			return err
		}
	}
	w.buf, w.sets = w.buf[:0], w.sets[:0]
	return nil
}
