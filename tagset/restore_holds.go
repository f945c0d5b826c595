package tagset

import (
	"fmt"
	"strings"

	"github.com/tagroar/tagroar/internal/cow"
	"github.com/tagroar/tagroar/internal/wire"
)

// A holdReader reads who holds whom, tag by tag.
type holdReader struct {
	*snapshotReader
	names cow.Vector[string] // of the sources, from 0
	used  idSet              // the numbers of those that hold somebody
	holds []byte             // the entries of the frame whose sets are at hand
	place string             // of that frame

	// The tag at hand, and who holds its members.
	rec    *tagRec
	source uint32 // the last one
	by     holdsBuilder
}

// readHolds reads the sources, and who of them holds whom.
func (s *snapshotReader) readHolds() error {
	start := s.start
	names, err := s.readSources()
	if err != nil {
		return err
	}
	h := holdReader{snapshotReader: s, names: names, used: newIDSet(names.Len() + 1)}
	for s.since(3, frameHolds) {
		if err := h.read(); err != nil {
			return err
		}
	}
	if err := h.end(); err != nil {
		return err
	}
	for number := 1; number <= names.Len(); number++ {
		if !h.used.has(TagID(number)) {
			s.place = fmt.Sprintf("sources, from the frame at byte %d on", start)
			return s.bad("source %d holds nobody", number)
		}
	}
	return nil
}

// readSources reads the names of the sources.
func (s *snapshotReader) readSources() (cow.Vector[string], error) {
	var names cow.Vector[string]
	e := names.Edit()
	for s.since(3, frameSources) {
		text := string(s.payload) // one string for the frame, of which the names are parts
		d := wire.NewDecoder(s.payload)
		count := d.Uint32()
		if count == 0 {
			return names, s.bad("no sources")
		}
		for range count {
			size := len(d.Block(maxSource))
			if err := d.Err(); err != nil {
				return names, s.bad("%w", err)
			}
			end := len(text) - d.Len()
			name := text[end-size : end]
			if detail, ok := checkSource(name); !ok {
				return names, s.bad("%s", detail)
			}
			if n := e.Len(); n > 0 && strings.Compare(e.At(n-1), name) >= 0 {
				return names, s.bad("source %s after %s", quote(name), quote(e.At(n-1)))
			}
			e.Append(name)
		}
		if d.Len() != 0 {
			return names, s.bad("%d bytes after the sources", d.Len())
		}
		if err := s.take(0); err != nil {
			return names, err
		}
	}
	return e.Freeze(), nil
}

// read reads a frame of holds, and the sets that belong to it.
func (h *holdReader) read() error {
	d := wire.NewDecoder(h.payload)
	count := d.Uint32()
	if d.Err() != nil || count == 0 || count > holdsFrame || d.Len() != int(count)*holdLen {
		return h.bad("%d holds in %d bytes", count, len(h.payload))
	}
	h.holds, h.place = append(h.holds[:0], d.Rest()...), h.where()
	if err := h.take(0); err != nil {
		return err
	}
	d = wire.NewDecoder(h.holds)
	for number := range TagID(count) {
		if err := h.hold(number+1, d.Uint32(), d.Uint32()); err != nil {
			return err
		}
	}
	if h.since(3, frameHeld) {
		return h.bad("of no hold before")
	}
	return nil
}

// hold takes an entry of the frame, and its set if that is at hand.
func (h *holdReader) hold(number TagID, id, source uint32) error {
	if h.rec == nil || TagID(id) != h.rec.tag.ID {
		if err := h.end(); err != nil {
			return err
		}
		if err := h.begin(id); err != nil {
			return err
		}
	}
	if source <= h.source || int64(source) > int64(h.names.Len()) {
		return h.wrong("tag %d: no source %d after source %d, of %d", id, source, h.source, h.names.Len())
	}
	h.source = source
	h.used.add(TagID(source))
	set := h.rec.direct.Bitmap()
	if d := wire.NewDecoder(h.payload); h.since(3, frameHeld) && d.Uint32() == uint32(number) && d.Err() == nil {
		place := h.where()
		var err error
		if set, err = h.readSet(number); err != nil {
			return err
		}
		if set.Card() >= h.rec.direct.Card() {
			return &damage{place: place, cause: fmt.Errorf("tag %d: source %d holds %d, not fewer than the %d members",
				id, source, set.Card(), h.rec.direct.Card())}
		}
	}
	if err := h.by.add(h.names.At(int(source)-1), set); err != nil {
		return h.wrong("tag %d: %w", id, err)
	}
	return nil
}

// begin goes on to tag id.
func (h *holdReader) begin(id uint32) error {
	rec := h.tag(uint64(id))
	switch {
	case rec == nil || h.rec != nil && rec.tag.ID < h.rec.tag.ID:
		return h.wrong("no tag %d that could be next", id)
	case rec.direct.IsEmpty():
		return h.wrong("tag %d has no members to hold", id)
	}
	h.rec, h.source, h.by = rec, 0, holdsBuilder{direct: rec.direct.Bitmap()}
	return nil
}

// end gives the tag at hand its holds.
func (h *holdReader) end() (err error) {
	if h.rec == nil {
		return nil
	}
	if h.rec.held, err = h.by.holds(); err != nil {
		return h.wrong("tag %d: %w", h.rec.tag.ID, err)
	}
	return nil
}

// wrong is the error about the frame of holds read last.
func (h *holdReader) wrong(format string, args ...any) error {
	return &damage{place: h.place, cause: fmt.Errorf(format, args...)}
}
