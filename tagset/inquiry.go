package tagset

import (
	"slices"
	"time"

	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/expr"
)

// An inquiry finds the tags of one member. From the tags that it carries itself it
// goes up to those that take these in. What composites it is in cannot be found
// from below, as a formula may ask for tags that it is not in: each composite is
// asked, after those on which it depends.
type inquiry struct {
	view    *View
	m       uint32
	found   []*tagRec
	carried map[TagID]bool // of those in found true, of composites that do not hold false
}

// enter notes that the member is in the tag of rec, and so in all above it.
func (q *inquiry) enter(rec *tagRec) {
	if q.carried[rec.tag.ID] {
		return
	}
	q.carried[rec.tag.ID] = true
	from := len(q.found)
	q.found = append(q.found, rec)
	for ; from < len(q.found); from++ {
		for i := 0; q.found[from].above(i) != 0; i++ {
			if up := q.found[from].above(i); !q.carried[up] {
				q.carried[up] = true
				q.found = append(q.found, q.view.tags.At(int(up)))
			}
		}
	}
}

// askComposites asks every composite. A composite that waits for those below it can
// be on the stack several times: whoever comes to depend on it while it waits
// needs it first.
func (q *inquiry) askComposites() {
	var stack []*tagRec
	push := func(id TagID) {
		if _, decided := q.carried[id]; !decided {
			stack = append(stack, q.view.tags.At(int(id)))
		}
	}
	for id, rec := range q.view.tags.All() {
		if rec == nil || rec.formula == nil {
			continue
		}
		push(TagID(id))
		for len(stack) > 0 {
			top, size := stack[len(stack)-1], len(stack)
			if _, decided := q.carried[top.tag.ID]; decided {
				stack = stack[:size-1]
				continue
			}
			for _, id := range top.composed.uses.Tags {
				for _, below := range q.compositesOf(TagID(id)) {
					push(below)
				}
			}
			if len(stack) > size {
				continue
			}
			stack = stack[:size-1]
			if expr.Holds(top.formula.Root, func(n *expr.Node) bool { return q.leaf(top.formula, n) }) {
				q.enter(top)
			} else {
				q.carried[top.tag.ID] = false
			}
		}
	}
}

// compositesOf returns the composites that tag id is or takes in.
func (q *inquiry) compositesOf(id TagID) []TagID {
	rec := q.view.tags.At(int(id))
	switch {
	case rec.formula != nil:
		return []TagID{id}
	case rec.union == nil:
		return nil
	}
	if u := rec.union.Load(); u != nil && u.reach != nil {
		return u.reach.composites
	}
	return q.view.reach(rec).composites
}

// leaf reports whether the member is in the leaf n of f. The composites below are
// decided, and those that hold have entered all that is above them.
func (q *inquiry) leaf(f *expr.Formula, n *expr.Node) bool {
	switch n.Op {
	case expr.Tag:
		return q.carried[TagID(n.ID)]
	case expr.Only:
		return q.view.tags.At(int(n.ID)).direct.Contains(q.m)
	}
	c := &f.Where[n.ID]
	v, ok := q.view.columnOf(c).Int(Member(q.m))
	if !ok {
		return false
	}
	in := c.At(time.Unix(0, q.view.time))
	i, _ := slices.BinarySearchFunc(in, v, func(x column.Interval, v int64) int {
		if x.Hi < v {
			return -1
		}
		return 1
	})
	return i < len(in) && in[i].Lo <= v
}
