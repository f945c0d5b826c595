package tagset

import (
	"errors"
	"fmt"
	"slices"

	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/internal/wire"
)

// What tags say about each other. What must hold of all of it together is in
// restore_graph.go and restore_groups.go.

// since reports whether a frame of a kind that the format has from a version on
// is at hand. In an older snapshot it is as unknown as any other number.
func (s *snapshotReader) since(version uint16, kind uint8) bool {
	return s.format >= version && s.head.Type() == kind
}

// readEntries reads frames of a kind whose entries begin with how far the tag's
// id is from that of the entry before, and calls entry for each. The tag is
// there; first tells that it is not that of the entry before.
func (s *snapshotReader) readEntries(kind uint8, entry func(d *wire.Decoder, rec *tagRec, first bool) error) error {
	var rec *tagRec
	id := uint64(0)
	for s.since(3, kind) {
		d := wire.NewDecoder(s.payload)
		count := d.Uint32()
		if count == 0 {
			return s.bad("no entries")
		}
		for range count {
			gap := d.Uvarint()
			if err := d.Err(); err != nil {
				return s.bad("%w", err)
			}
			first := gap > 0
			if gap >= uint64(s.st.tags.Len())-id || rec == nil && !first {
				return s.bad("%d tags after tag %d", gap, id)
			}
			if id += gap; s.st.tags.At(int(id)) == nil {
				return s.bad("there is no tag %d", id)
			}
			rec = s.st.tags.At(int(id))
			if err := entry(&d, rec, first); err != nil {
				return s.bad("tag %d: %w", id, err)
			}
		}
		if d.Len() != 0 {
			return s.bad("%d bytes after the entries", d.Len())
		}
		if err := s.take(0); err != nil {
			return err
		}
	}
	return nil
}

// readReferences reads the includes of tags and the precedence of groups.
func (s *snapshotReader) readReferences() error {
	err := s.readLists(frameIncludes, func(rec, to *tagRec) error {
		if rec.tag.Kind == Composite {
			return errors.New("a composite includes no tags")
		}
		return nil
	}, func(rec *tagRec, ids []TagID) {
		s.including = true
		rec.includes = ids
		if rec.union == nil {
			rec.union = new(unionCell)
		}
		for _, id := range ids {
			to := s.st.tags.At(int(id))
			to.includers = append(to.includers, rec.tag.ID) // they ascend, as the records do
		}
	})
	if err != nil {
		return err
	}
	return s.readLists(framePrecedence, func(rec, to *tagRec) error {
		if to.parent != rec.tag.ID {
			return fmt.Errorf("tag %d is no value of it", to.tag.ID)
		}
		return nil
	}, func(rec *tagRec, ids []TagID) { rec.precedence = ids })
}

// readLists reads the references of tags to others, each of which check must
// accept, and gives keep the list of each tag that has one.
func (s *snapshotReader) readLists(kind uint8, check func(rec, to *tagRec) error, keep func(*tagRec, []TagID)) error {
	var owner *tagRec
	var ids []TagID // of owner
	var named idSet // the same
	end := func() {
		if owner != nil {
			keep(owner, slices.Clone(ids))
		}
		for _, id := range ids {
			named.remove(id)
		}
		ids = ids[:0]
	}
	err := s.readEntries(kind, func(d *wire.Decoder, rec *tagRec, first bool) error {
		if first {
			end()
			owner = rec
		}
		id := d.Uvarint()
		if err := d.Err(); err != nil {
			return err
		}
		to := s.tag(id)
		if to == nil {
			return fmt.Errorf("it refers to tag %d, which there is not", id)
		}
		if named == nil {
			named = newIDSet(s.st.tags.Len())
		}
		if !named.add(to.tag.ID) {
			return fmt.Errorf("it refers to tag %d twice", id)
		}
		ids = append(ids, to.tag.ID)
		return check(rec, to)
	})
	end()
	return err
}

// readFormulas reads what composites say, and makes sure that none is missing.
func (s *snapshotReader) readFormulas() error {
	err := s.readEntries(frameFormulas, func(d *wire.Decoder, rec *tagRec, first bool) error {
		p := d.Block(maxPayload)
		if err := d.Err(); err != nil {
			return err
		}
		if rec.tag.Kind != Composite || !first {
			return errors.New("a formula, but no composite, or a second one")
		}
		f, err := expr.ParseFormula(p)
		if err != nil {
			return err
		}
		rec.setFormula(f)
		s.composing = true
		return s.link(rec)
	})
	if err != nil {
		return err
	}
	for id, rec := range s.st.tags.All() {
		if rec != nil && rec.formula == nil && rec.tag.Kind == Composite {
			s.place = fmt.Sprintf("formulas, before the frame at byte %d", s.start)
			return s.bad("that of tag %d is missing", id)
		}
	}
	return nil
}

// link makes sure that what the formula of rec speaks of is there and fits, and
// tells the tags that it names.
func (s *snapshotReader) link(rec *tagRec) error {
	uses := &rec.composed.uses
	for _, id := range uses.Times {
		if to := s.tag(uint64(id)); to != nil && to.times == nil {
			return fmt.Errorf("its formula compares times of tag %d, which keeps none", id)
		}
	}
	for i := range rec.formula.Where {
		c := &rec.formula.Where[i]
		if c.Attr == "" {
			continue
		}
		attr, ok := s.st.attrs.Get(c.Attr)
		if !ok {
			return fmt.Errorf("its formula compares attribute %s, which there is not", quote(c.Attr))
		}
		if c.Ages() && attr.typ != Time {
			return fmt.Errorf("its formula has ages of attribute %s, which is of %s", quote(c.Attr), attr.typ)
		}
	}
	for _, id := range rec.composed.named() {
		to := s.tag(uint64(id))
		if to == nil {
			return fmt.Errorf("its formula names tag %d, which there is not", id)
		}
		to.users = append(to.users, rec.tag.ID) // they ascend, as the records do
	}
	return nil
}

// tag returns the record of tag id, which may be any number, or nil.
func (s *snapshotReader) tag(id uint64) *tagRec {
	if id >= uint64(s.st.tags.Len()) {
		return nil
	}
	return s.st.tags.At(int(id))
}
