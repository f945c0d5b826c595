package tagset

import (
	"fmt"
	"strings"

	"github.com/tagroar/tagroar/internal/expr"
)

// verifyGraph makes sure that no tag is, by way of sub-tags, includes and
// formulas, among those that make it up (I5).
//
// It walks from tags up to those that take them in, since of these a tag knows
// its own: its parent, and who includes or names it. There may be as many tags in
// a row as there are tags, so the walk keeps a stack of its own.
func (s *snapshotReader) verifyGraph() error {
	if !s.including && !s.composing {
		return nil // names alone make no cycle
	}
	w := graphWalk{st: s.st, open: newIDSet(s.st.tags.Len()), done: newIDSet(s.st.tags.Len())}
	w.stack = make([]graphStep, 0, s.st.names.Len())
	for id, rec := range s.st.tags.All() {
		if rec == nil {
			continue
		}
		if cycle := w.from(TagID(id)); cycle != nil {
			s.place = fmt.Sprintf("includes and formulas, before the frame at byte %d", s.start)
			return s.bad("cycle: tag %s", arrows(cycle))
		}
	}
	return s.verifyLevels()
}

// verifyLevels makes sure that no composite is too deep with those that it names.
// That these end is known.
func (s *snapshotReader) verifyLevels() error {
	l := leveler{known: make(map[TagID]int), at: func(id TagID) *expr.Formula { return s.st.tags.At(int(id)).formula }}
	for id, rec := range s.st.tags.All() {
		if rec == nil || rec.formula == nil {
			continue
		}
		for _, user := range rec.users {
			if _, err := l.of(user, 0); err != nil {
				s.place = fmt.Sprintf("formulas, before the frame at byte %d", s.start)
				return s.bad("composite %d, which names composite %d, has more than %d levels", user, id, expr.MaxDepth)
			}
		}
	}
	return nil
}

// A graphWalk looks for a cycle, depth first.
type graphWalk struct {
	st    *state
	stack []graphStep // room for all tags: each is there once at most
	open  idSet       // on the stack
	done  idSet       // open, or no cycle above
}

// A graphStep is a tag on the way, and how many of the tags that take it in
// were followed.
type graphStep struct {
	id TagID
	at uint32
}

// from returns the ids of a cycle that can be reached from tag id, from the top
// down and with the first repeated; nil if there is none.
func (w *graphWalk) from(id TagID) []TagID {
	if !w.push(id) {
		return nil
	}
	for len(w.stack) > 0 {
		top := &w.stack[len(w.stack)-1]
		up, next := w.above(top.id, top.at)
		top.at = next
		switch {
		case next == 0:
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

// above returns the first, from at on, of the tags that take in tag id: its parent,
// those that include it, and the composites that take its members. Next is where
// to go on; 0: there is none.
func (w *graphWalk) above(id TagID, at uint32) (up TagID, next uint32) {
	rec := w.st.tags.At(int(id))
	i := int(at)
	if i == 0 {
		if rec.parent != 0 {
			return rec.parent, 1
		}
		i++
	}
	if i--; i < len(rec.includers) {
		return rec.includers[i], uint32(i + 2)
	}
	for i -= len(rec.includers); i < len(rec.users); i++ {
		if user := rec.users[i]; w.st.tags.At(int(user)).composed.depends(id) {
			return user, uint32(len(rec.includers) + i + 2)
		}
	}
	return 0, 0
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
