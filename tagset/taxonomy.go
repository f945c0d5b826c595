package tagset

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tagroar/tagroar/internal/tagname"
)

// Tags depend on each other: a parent on its sub-tags, a tag on those that it
// includes, a composite on those whose effective members its formula asks for.
// Together these edges are a directed graph without cycles (I5). The verbs that
// add edges look, before they change anything, whether one would close a cycle.
// They search upwards, from a tag to what depends on it: its parent, its
// includers, the composites on it. There are few of these, where below a tag
// there may be all others.
//
// Includes are kept as ids, in both directions, so that they follow a tag
// through renames and moves.

// tagOf returns the definition of rec, with the names that the tags it refers
// to have now.
func (st *state) tagOf(rec *tagRec) Tag {
	t := rec.tag
	t.Includes, t.Precedence = st.namesOf(rec.includes), st.namesOf(rec.precedence)
	return t
}

// namesOf returns the names of the tags ids, in a slice of their own.
func (st *state) namesOf(ids []TagID) []string { return namesOf(st.tags.At, ids) }

func namesOf(at func(int) *tagRec, ids []TagID) []string {
	if len(ids) == 0 {
		return nil
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = at(int(id)).tag.Name
	}
	return names
}

// tagOf is state.tagOf for what the transaction has done so far.
func (tx *Tx) tagOf(rec *tagRec) Tag {
	t := rec.tag
	t.Includes, t.Precedence = namesOf(tx.tags.At, rec.includes), namesOf(tx.tags.At, rec.precedence)
	return t
}

// findIncludes returns the ids of the tags names, which the tag called path
// wants to include. A name that is repeated counts once. For a tag that does not
// exist yet, itself and the parents to be created cannot be found: they would be
// a cycle.
func (tx *Tx) findIncludes(op, path string, names []string) ([]TagID, error) {
	if len(names) == 0 {
		return nil, nil
	}
	ids := make([]TagID, 0, len(names))
	seen := make(map[TagID]bool, len(names))
	for _, name := range names {
		id, ok := tx.names.Get(name)
		if !ok {
			norm, err := tagname.Normalize(name)
			if err != nil {
				return nil, &Error{Op: op, Tag: path, Err: ErrBadName, detail: "it includes " + quote(name) + ": " + err.Error()}
			}
			if id, ok = tx.names.Get(norm); !ok {
				if tagname.Within(path, norm) {
					return nil, cycleError(op, path, slices.Compact(append([]string{path, norm}, levelsBetween(norm, path)...)))
				}
				return nil, &Error{Op: op, Tag: path, Err: ErrNoTag, detail: "it includes " + quote(norm)}
			}
		}
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// checkAcyclic refuses to let the tag called path depend on the tags edges if
// that closes a cycle. The tag is id; or 0, of a tag to be created below the
// nearest parent that exists.
func (tx *Tx) checkAcyclic(op, path string, id TagID, edges []TagID) error {
	if len(edges) == 0 {
		return nil
	}
	from, above := id, ""
	if id == 0 {
		if from, above = tx.nearest(path); from == 0 {
			return nil // nobody depends on it
		}
	}
	wanted := make(map[TagID]bool, len(edges))
	for _, edge := range edges {
		wanted[edge] = true
	}
	way := []TagID{from}
	if !wanted[from] {
		way = climb(from, tx.dependents, func(id TagID) bool { return wanted[id] })
	}
	if way == nil {
		return nil
	}
	names := append([]string{path}, namesOf(tx.tags.At, way)...)
	if id == 0 {
		names = append(names, levelsBetween(above, path)...)
	} else {
		names = names[:len(names)-1] // path again
	}
	return cycleError(op, path, names)
}

// checkIncludes refuses to let the tag called path, which checkAcyclic describes,
// include the tags ids.
func (tx *Tx) checkIncludes(op, path string, id TagID, ids []TagID) error {
	if len(ids) == 0 {
		return nil
	}
	if err := tx.checkBelowGroup(op, path, toInclude); err != nil {
		return err
	}
	return tx.checkAcyclic(op, path, id, ids)
}

// checkMoveAcyclic refuses to put the subtree of rec at path, below another parent, if
// that parent would come to depend on itself.
func (tx *Tx) checkMoveAcyclic(op string, rec *tagRec, path string) error {
	parent, above := tx.nearest(path)
	if parent == 0 {
		return nil
	}
	way := climb(parent, tx.dependents, func(id TagID) bool { return id == rec.tag.ID })
	if way == nil {
		return nil
	}
	names := namesOf(tx.tags.At, way)
	names = append(names, levelsBetween(above, path)...)
	return cycleError(op, rec.tag.Name, names)
}

// nearest returns the nearest tag above path that exists; 0 for none.
func (tx *Tx) nearest(path string) (TagID, string) {
	for up, ok := tagname.Parent(path); ok; up, ok = tagname.Parent(up) {
		if id, ok := tx.names.Get(up); ok {
			return id, up
		}
	}
	return 0, ""
}

// levelsBetween returns the paths between root, which is above path, and path,
// from the top.
func levelsBetween(root, path string) []string {
	if root == path {
		return nil
	}
	var list []string
	for up, ok := tagname.Parent(path); ok && up != root; up, ok = tagname.Parent(up) {
		list = append(list, up)
	}
	slices.Reverse(list)
	return list
}

// maxWay is how many tags of a cycle an error names: enough for any that a person
// made, and a bound for the text.
const maxWay = 20

// cycleError names a cycle by its tags, each of which depends on the next, and
// the last on the first.
func cycleError(op, tag string, names []string) error {
	var b strings.Builder
	for i, name := range names {
		if i < maxWay {
			b.WriteString(quote(name) + " → ")
		} else if i == maxWay {
			fmt.Fprintf(&b, "%d more → ", len(names)-maxWay)
		}
	}
	b.WriteString(quote(names[0]))
	return &Error{Op: op, Tag: tag, Err: ErrCycle, detail: b.String()}
}

// dependents yields what depends on tag id directly.
func (tx *Tx) dependents(id TagID, yield func(TagID)) {
	if parent := tx.tags.At(int(id)).parent; parent != 0 {
		yield(parent)
	}
	tx.users(id, yield)
}

// users yields what depends on tag id directly, but for its parent.
func (tx *Tx) users(id TagID, yield func(TagID)) {
	for _, up := range tx.tags.At(int(id)).includers {
		yield(up)
	}
	for _, up := range tx.compositesOn(id) {
		if tx.tags.At(int(up)).composed.depends(id) {
			yield(up)
		}
	}
}

// climb searches upwards from a tag, breadth first, for one above it that is
// wanted, and returns the shortest way down from there to the tag, both in it;
// nil if there is none.
func climb(from TagID, dependents func(TagID, func(TagID)), wanted func(TagID) bool) (way []TagID) {
	down := map[TagID]TagID{from: 0}
	for queue := []TagID{from}; len(queue) > 0 && way == nil; queue = queue[1:] {
		id := queue[0]
		dependents(id, func(up TagID) {
			switch _, known := down[up]; {
			case way != nil:
			case wanted(up):
				way = append(way, up)
				for at := id; at != 0; at = down[at] {
					way = append(way, at)
				}
			case !known:
				down[up] = id
				queue = append(queue, up)
			}
		})
	}
	return way
}

// checkMergeAcyclic refuses to merge the subtree tree of the tag called old into that
// called path if a tag would come to depend on itself.
func (tx *Tx) checkMergeAcyclic(op string, tree []*tagRec, old, path string) error {
	into, parts := map[TagID]TagID{}, map[TagID][]TagID{}
	for _, r := range tree {
		name := path + r.tag.Name[len(old):]
		id, ok := tx.names.Get(name)
		if !ok || tagname.Within(name, old) { // whose tag moves away
			continue
		}
		into[r.tag.ID] = id
		parts[id] = append(parts[id], r.tag.ID)
	}
	// The dependents of a tag as they will be: those of all that is merged into
	// it, without itself.
	dependents := func(id TagID, yield func(TagID)) {
		above := func(up TagID) {
			if to, ok := into[up]; ok {
				up = to
			}
			if up != id {
				yield(up)
			}
		}
		tx.dependents(id, above)
		for _, part := range parts[id] {
			tx.users(part, above)
		}
	}
	for _, r := range tree {
		id, ok := into[r.tag.ID]
		if !ok {
			continue
		}
		if way := climb(id, dependents, func(up TagID) bool { return up == id }); way != nil {
			return cycleError(op, old, namesOf(tx.tags.At, way[:len(way)-1]))
		}
	}
	return nil
}

// include gives o, whose definition is about to be stamped, the tags that it
// includes, instead of those so far.
func (tx *Tx) include(o *openTag, ids []TagID) {
	id := o.tag.ID
	stay := make(map[TagID]bool, len(ids))
	for _, x := range ids {
		stay[x] = true
	}
	for _, x := range o.includes {
		if !stay[x] {
			tx.unlink(id, x)
		}
	}
	for _, x := range ids {
		tx.link(id, x)
	}
	o.includes = ids
	o.moved = true
	tx.expire(o)
}

// link notes with tag id that it is included by tag by.
func (tx *Tx) link(by, id TagID) {
	i, ok := slices.BinarySearch(tx.tags.At(int(id)).includers, by)
	if ok {
		return
	}
	o := tx.edit(id)
	o.includers = slices.Insert(slices.Clip(o.includers), i, by)
	tx.touch()
}

// unlink takes back what link noted.
func (tx *Tx) unlink(by, id TagID) {
	o := tx.edit(id)
	if i, ok := slices.BinarySearch(o.includers, by); ok {
		o.includers = slices.Concat(o.includers[:i], o.includers[i+1:])
	}
}

// redirectIncludes makes whoever includes tag from include into instead, and
// into include what from does. A tag does not include itself, nor another twice.
func (tx *Tx) redirectIncludes(from, into TagID) {
	add := func(id TagID, list []TagID, more ...TagID) []TagID {
		for _, x := range more {
			if x != id && !slices.Contains(list, x) {
				list = append(list, x)
			}
		}
		return list
	}
	rec := tx.tags.At(int(from))
	if len(rec.includes) > 0 {
		includes := rec.includes
		tx.include(tx.edit(from), nil)
		o := tx.edit(into)
		if list := add(into, slices.Clone(o.includes), includes...); len(list) > len(o.includes) {
			tx.stamp(o)
			tx.include(o, list)
		}
	}
	for _, by := range tx.tags.At(int(from)).includers {
		o := tx.edit(by)
		var list []TagID
		for _, x := range o.includes {
			if x == from {
				x = into
			}
			list = add(by, list, x)
		}
		tx.stamp(o)
		tx.include(o, list)
	}
}
