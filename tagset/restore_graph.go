package tagset

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A naming is that the formula of a composite speaks of the members of a tag.
type naming struct{ tag, composite TagID }

// verifyGraph makes sure that no tag is, by way of sub-tags, includes and
// formulas, among those that make it up.
//
// It walks from tags up to those that take them in, since of these a tag knows
// its own: its parent, and who includes it. There may be as many tags in a row
// as there are tags, so the walk keeps a stack of its own, and two bits a tag.
func (s *snapshotReader) verifyGraph() error {
	if !s.including && len(s.namings) == 0 {
		return nil // names alone make no cycle
	}
	slices.SortFunc(s.namings, func(a, b naming) int {
		return cmp.Or(cmp.Compare(a.tag, b.tag), cmp.Compare(a.composite, b.composite))
	})
	w := graphWalk{st: s.st, namings: s.namings, open: newIDSet(s.st.tags.Len()), done: newIDSet(s.st.tags.Len())}
	for id, rec := range s.st.tags.All() {
		if rec == nil {
			continue
		}
		if cycle := w.from(TagID(id)); cycle != nil {
			s.place = fmt.Sprintf("includes and formulas, before the frame at byte %d", s.start)
			return s.bad("cycle: tag %s", arrows(cycle))
		}
	}
	return nil
}

// A graphWalk looks for a cycle, depth first.
type graphWalk struct {
	st      *state
	namings []naming // by tag
	stack   []graphStep
	open    idSet // on the stack
	done    idSet // open, or no cycle above
}

// A graphStep is a tag on the way, and how many of the tags that take it in
// were followed.
type graphStep struct {
	id TagID
	at int
}

// from returns the ids of a cycle that can be reached from tag id, from the top
// down and with the first repeated; nil if there is none.
func (w *graphWalk) from(id TagID) []TagID {
	if !w.push(id) {
		return nil
	}
	for len(w.stack) > 0 {
		top := &w.stack[len(w.stack)-1]
		up, ok := w.above(top.id, top.at)
		top.at++
		switch {
		case !ok:
			w.open.remove(top.id)
			w.stack = w.stack[:len(w.stack)-1]
		case w.open.has(up):
			return w.cycle(up)
		default:
			w.push(up)
		}
	}
	return nil
}

// push goes on from tag id, unless that has been done.
func (w *graphWalk) push(id TagID) bool {
	if !w.done.add(id) {
		return false
	}
	w.open.add(id)
	w.stack = append(w.stack, graphStep{id: id})
	return true
}

// above returns the ith of the tags that take in tag id: its parent, those that
// include it, and the composites that speak of it.
func (w *graphWalk) above(id TagID, i int) (TagID, bool) {
	rec := w.st.tags.At(int(id))
	if rec.parent != 0 {
		if i == 0 {
			return rec.parent, true
		}
		i--
	}
	if i < len(rec.includers) {
		return rec.includers[i], true
	}
	first, _ := slices.BinarySearchFunc(w.namings, id, func(n naming, id TagID) int { return cmp.Compare(n.tag, id) })
	if i += first - len(rec.includers); i < len(w.namings) && w.namings[i].tag == id {
		return w.namings[i].composite, true
	}
	return 0, false
}

// cycle returns the end of the stack, from tag id on, turned around.
func (w *graphWalk) cycle(id TagID) []TagID {
	cycle := []TagID{id}
	for i := len(w.stack) - 1; w.stack[i].id != id; i-- {
		cycle = append(cycle, w.stack[i].id)
	}
	return append(cycle, id)
}

// arrows is a path of ids as text, a long one without its middle.
func arrows(path []TagID) string {
	var b strings.Builder
	for i, id := range path {
		switch {
		case i >= maxListed && i < len(path)-1:
			if i == maxListed {
				b.WriteString(" → …")
			}
			continue
		case i > 0:
			b.WriteString(" → ")
		}
		fmt.Fprint(&b, id)
	}
	return b.String()
}

// An idSet is a set of tag ids, a bit each.
type idSet []uint64

// newIDSet returns a set for ids below n.
func newIDSet(n int) idSet { return make(idSet, (n+63)/64) }

func (s idSet) has(id TagID) bool { return s[id/64]>>(id%64)&1 != 0 }

// add reports whether id is new.
func (s idSet) add(id TagID) bool {
	if s.has(id) {
		return false
	}
	s[id/64] |= 1 << (id % 64)
	return true
}

func (s idSet) remove(id TagID) { s[id/64] &^= 1 << (id % 64) }
