package tagset

import "github.com/tagroar/tagroar/internal/bitmap"

// checkSources verifies I13, and I1 and I2 of the sets of sources.
func (st *state) checkSources() error {
	for _, rec := range st.tags.All() {
		if rec == nil || rec.held == nil {
			continue
		}
		if err := rec.held.check(rec.tag.Name, rec.direct.Bitmap()); err != nil {
			return err
		}
	}
	return nil
}

// check verifies the holds of a tag with those direct members.
func (h *holds) check(tag string, direct bitmap.Bitmap) error {
	switch n := h.by.Len(); {
	case h.edit != nil:
		return broken(tag, "I13: sources under change")
	case direct.IsEmpty():
		return broken(tag, "I13: sources of a tag without members")
	case h.sole != "" && n > 0:
		return broken(tag, "I13: source %s alone, and %d more", quote(h.sole), n)
	case h.sole == "" && n < 2:
		return broken(tag, "I13: %d sources where there should be several", n)
	}
	if detail, ok := checkSource(h.sole); !ok {
		return broken(tag, "I13: %s", detail)
	}
	var sets []bitmap.Bitmap
	last := ""
	for source, held := range h.by.All() {
		if detail, ok := checkSource(source); !ok {
			return broken(tag, "I13: %s", detail)
		}
		switch {
		case len(sets) > 0 && last >= source:
			return broken(tag, "I13: source %s after source %s", quote(source), quote(last))
		case held.edit != nil:
			return broken(tag, "I13: source %s under change", quote(source))
		case held.set.IsEmpty():
			return broken(tag, "I13: source %s holds nobody", quote(source))
		}
		if err := checkSet("held by source "+quote(source), tag, held.set); err != nil {
			return err
		}
		last = source
		sets = append(sets, held.set)
	}
	if len(sets) > 0 && !bitmap.UnionAll(sets...).Equal(direct) {
		return broken(tag, "I13: what the sources hold is not the direct members")
	}
	return nil
}
