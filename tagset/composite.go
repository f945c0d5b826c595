package tagset

import (
	"slices"
	"sync/atomic"

	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/internal/tagname"
)

// A composite tag has a formula over other tags in the place of members. It is a
// tag like any other to whoever asks for its members, but they are made when
// asked for (composed.go), and it cannot carry any itself, have sub-tags, or
// include others. Each tag that a formula names knows so, in tagRec.users: what
// depends on a tag is found by going up from it, at a cost of what is found.

// A composition is what the record of a composite keeps beside the formula. It is
// made with the formula and goes with it from record to record.
type composition struct {
	uses expr.Uses                // of the formula
	last atomic.Pointer[composed] // as last asked for; nil: never
}

// setFormula makes rec, which must be a composite, one of the canonical f.
func (rec *tagRec) setFormula(f *expr.Formula) {
	rec.formula, rec.composed = f, &composition{uses: f.Uses()}
}

// named returns the ids of the tags that the formula names in any way, ascending.
func (c *composition) named() []TagID {
	ids := tagIDs(c.uses.Tags, c.uses.Direct, c.uses.Times)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// tagIDs returns the ids of all lists.
func tagIDs(lists ...[]uint32) (ids []TagID) {
	for _, list := range lists {
		for _, id := range list {
			ids = append(ids, TagID(id))
		}
	}
	return ids
}

// depends reports whether the formula takes the effective members of tag id.
func (c *composition) depends(id TagID) bool {
	_, ok := slices.BinarySearch(c.uses.Tags, uint32(id))
	return ok
}

// Formula returns the bound tree of a composite tag; false for any other. It is
// for this module alone: expr is an internal package.
func (v *View) Formula(name string) (*expr.Formula, bool) {
	rec := v.find(name)
	if rec == nil || rec.formula == nil {
		return nil, false
	}
	return rec.formula, true
}

// Dependents returns the names, in order, of the tags that a change of the tag's
// members may reach, but for those above it: the composites whose expression
// speaks of it, the tags that include it, and whatever depends on one of these or
// on a tag above. It costs what it finds; nil if there is no such tag.
func (v *View) Dependents(name string) []string {
	rec := v.find(name)
	if rec == nil {
		return nil
	}
	reached := dependents(v.record, rec.users, upward(rec))
	var names []string
	for id := range reached {
		if dep := v.record(int(id)); dep != rec && !tagname.Within(rec.tag.Name, dep.tag.Name) {
			names = append(names, dep.tag.Name)
		}
	}
	slices.SortFunc(names, tagname.Compare)
	return names
}

// upward returns the tags whose effective members take in those of rec.
func upward(rec *tagRec) []TagID {
	up := slices.Clone(rec.includers)
	if rec.parent != 0 {
		up = append(up, rec.parent)
	}
	return up
}

// dependents returns the tags of the lists, and all whose effective members
// depend on theirs, each with the one through which it was found; 0: it is in a
// list. At gives the record of an id.
func dependents(at func(int) *tagRec, lists ...[]TagID) map[TagID]TagID {
	from := make(map[TagID]TagID)
	var todo []TagID
	reach := func(id, by TagID) {
		if _, ok := from[id]; !ok {
			from[id] = by
			todo = append(todo, id)
		}
	}
	for _, list := range lists {
		for _, id := range list {
			reach(id, 0)
		}
	}
	for len(todo) > 0 {
		id := todo[0]
		todo = todo[1:]
		rec := at(int(id))
		for _, up := range upward(rec) {
			reach(up, id)
		}
		for _, user := range rec.users {
			if at(int(user)).composed.depends(id) {
				reach(user, id)
			}
		}
	}
	return from
}

// namers returns the composites that name one of the tags ids in any way, and
// those that name one of these, and so on, ascending. At gives the record of an
// id.
func namers(at func(int) *tagRec, ids []TagID) []TagID {
	seen := make(map[TagID]bool)
	var found []TagID
	todo := ids
	for len(todo) > 0 {
		var next []TagID
		for _, id := range todo {
			for _, user := range at(int(id)).users {
				if !seen[user] {
					seen[user] = true
					next = append(next, user)
				}
			}
		}
		found, todo = append(found, next...), next
	}
	slices.Sort(found)
	return found
}
