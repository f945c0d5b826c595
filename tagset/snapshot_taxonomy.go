package tagset

import "encoding/binary"

// What tags say about each other, from format 3 on. All of it is by ids, so none of
// it is written again when a tag gets another name.

// referenceFrames gives the frames of the includes, and then of the precedence
// of groups. An entry is one reference and not a tag's list, so that no entry is
// longer than a frame.
func (st *state) referenceFrames(frame frameFunc) error {
	for _, list := range []struct {
		kind uint8
		of   func(*tagRec) []TagID
	}{
		{frameIncludes, func(r *tagRec) []TagID { return r.includes }},
		{framePrecedence, func(r *tagRec) []TagID { return r.precedence }},
	} {
		e := entries{frame: frame, kind: list.kind, prefix: 4}
		last := 0
		for id, rec := range st.tags.All() {
			if rec == nil {
				continue
			}
			for _, to := range list.of(rec) {
				entry := binary.AppendUvarint(e.scratch[:0], uint64(id-last))
				if err := e.add(binary.AppendUvarint(entry, uint64(to))); err != nil {
					return err
				}
				last = id
			}
		}
		if err := e.flush(); err != nil {
			return err
		}
	}
	return nil
}

// formulaFrames gives the frames of what composites say.
func (st *state) formulaFrames(frame frameFunc) error {
	e := entries{frame: frame, kind: frameFormulas, prefix: 4}
	last := 0
	var formula []byte
	for id, rec := range st.tags.All() {
		if rec == nil || rec.formula == nil {
			continue
		}
		formula = rec.formula.Append(formula[:0])
		entry := binary.AppendUvarint(e.scratch[:0], uint64(id-last))
		entry = binary.AppendUvarint(entry, uint64(len(formula)))
		if err := e.add(append(entry, formula...)); err != nil {
			return err
		}
		last = id
	}
	return e.flush()
}
