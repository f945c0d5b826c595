package tagset

import (
	"fmt"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// verifyGroups makes sure that no member has two values in an exclusive group,
// and that there is nothing in such a group that could give it a second one:
// neither includes nor composites. Time and memory are in proportion to the
// blocks of the tags below exclusive groups.
//
// Of the blocks of one number, those of each value of a group come one after
// the other, as names are in order, and no union is kept but that of this
// number's: of the values before, and of the value at hand.
func (s *snapshotReader) verifyGroups() error {
	if !s.exclusive {
		return nil
	}
	s.place = fmt.Sprintf("exclusive groups, before the frame at byte %d", s.start)
	var values []claim
	n := 0
	for _, id := range s.st.names.All() {
		rec := s.st.tags.At(int(id))
		values = s.st.claims(values[:0], rec)
		switch {
		case len(values) == 0:
			continue
		case len(rec.includes) > 0:
			return s.bad("tag %d includes others, below the exclusive group %d", id, values[0].group)
		case rec.formula != nil:
			return s.bad("composite %d is below the exclusive group %d", id, values[0].group)
		}
		n += rec.direct.Bitmap().NumBlocks()
	}
	blocks := make(sweep, 0, n)
	for _, id := range s.st.names.All() {
		if rec := s.st.tags.At(int(id)); !rec.direct.IsEmpty() && s.st.grouped(rec) {
			blocks.add(id, rec.direct.Bitmap())
		}
	}
	var w groupSweep
	for same := range blocks.byNumber() {
		w.depth = 0
		for _, b := range same {
			values = s.st.claims(values[:0], s.st.tags.At(int(b.id)))
			if group, m, ok := w.clash(values, b.Block); ok {
				return s.bad("member %d has two values of the exclusive group %d", m, group)
			}
		}
	}
	s.place = ""
	return nil
}

// grouped reports whether rec is below an exclusive group.
func (st *state) grouped(rec *tagRec) bool {
	for rec.parent != 0 {
		if rec = st.tags.At(int(rec.parent)); rec.tag.Exclusive {
			return true
		}
	}
	return false
}

// claims appends what a membership in the tag of rec claims, from the outermost
// group inwards, to cs, which is empty.
func (st *state) claims(cs []claim, rec *tagRec) []claim {
	for rec.parent != 0 {
		up := st.tags.At(int(rec.parent))
		if up.tag.Exclusive {
			cs = append(cs, claim{rec.parent, rec.tag.ID})
		}
		rec = up
	}
	slices.Reverse(cs)
	return cs
}

// A groupSweep knows who has which value, of the groups that the last block was
// in. Its blocks are of one number, and in the order of the tags' names.
type groupSweep struct {
	groups []*openGroup // room for the deepest nesting so far
	depth  int          // how many of them are open
}

// An openGroup is a group in the midst of its values.
type openGroup struct {
	claim               // the value at hand
	now    bitmap.Words // its members so far
	before bitmap.Words // those of the values before
	card   int          // of before
}

// clash takes a block of a tag that has these values. It returns a member who
// has another value of a group, if there is one.
func (w *groupSweep) clash(values []claim, b bitmap.Block) (group TagID, m Member, ok bool) {
	for i, v := range values {
		if i == len(w.groups) {
			w.groups = append(w.groups, new(openGroup))
		}
		g := w.groups[i]
		switch {
		case i >= w.depth || g.group != v.group:
			*g = openGroup{claim: v}
			w.depth = i + 1
		case g.value != v.value:
			g.card += bitmap.Count(&g.now)
			bitmap.Or(&g.before, &g.before, &g.now)
			g.now, g.value = bitmap.Words{}, v.value
			w.depth = i + 1
		}
		if g.card > 0 && bitmap.AndCount(b, bitmap.ScratchWords(b.Num(), &g.before, g.card)) > 0 {
			return g.group, g.shared(b), true
		}
		b.OrInto(&g.now)
	}
	w.depth = len(values)
	return 0, 0, false
}

// shared returns the first member of b who has a value before.
func (g *openGroup) shared(b bitmap.Block) Member {
	for _, m := range b.AppendTo(nil) {
		if low := m % bitmap.BlockSize; g.before[low/64]>>(low%64)&1 != 0 {
			return Member(m)
		}
	}
	return 0
}
