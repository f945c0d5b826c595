package tagset

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/tagname"
)

// DeleteTag deletes a tag that has no sub-tags, and that no other tag speaks of.
// Its members stay live.
//
// Errors: [ErrNoTag], [ErrBadName]; [ErrInUse], whose text lists the first of the
// sub-tags, of the tags that include it, and of the composites on it.
func (tx *Tx) DeleteTag(name string) error {
	const op = "delete"
	rec, err := tx.find(op, name)
	if err != nil {
		return err
	}
	var uses []string
	if rec.kids > 0 {
		uses = append(uses, "sub-tags "+list(tx.kidNames(rec, maxListed), int(rec.kids)))
	}
	if n := len(rec.includers); n > 0 {
		uses = append(uses, "included by "+list(tx.sortedNames(rec.includers), n))
	}
	// A composite may name its own direct members, who are none.
	self := func(id TagID) bool { return id == rec.tag.ID }
	if on := slices.DeleteFunc(slices.Clone(tx.compositesOn(rec.tag.ID)), self); len(on) > 0 {
		uses = append(uses, "composites "+list(tx.sortedNames(on), len(on)))
	}
	if len(uses) > 0 {
		return &Error{Op: op, Tag: rec.tag.Name, Err: ErrInUse, detail: strings.Join(uses, "; ")}
	}
	tx.drop(rec)
	if tx.record != nil {
		tx.recordOf(verbDeleteTag, rec.tag.ID)
	}
	return nil
}

// DeleteTree deletes a tag and all of its subtree, with what [View.DeletePreview]
// tells: the composites that depend on any of them go too; a tag elsewhere that
// includes one of them all loses that include, which counts as a change of its
// definition. The members stay live.
//
// Errors: [ErrNoTag], [ErrBadName].
func (tx *Tx) DeleteTree(name string) error {
	rec, err := tx.find("delete tree of", name)
	if err != nil {
		return err
	}
	d := tx.doom(rec)
	for _, id := range d.includers {
		o := tx.edit(id)
		left := slices.DeleteFunc(slices.Clone(o.includes), func(id TagID) bool { return d.all[id] })
		tx.stamp(o)
		tx.include(o, left)
	}
	for _, id := range slices.Backward(append(d.tree, d.composites...)) { // leaves first: drop counts kids down
		tx.drop(tx.tags.At(int(id)))
	}
	if tx.record != nil {
		tx.recordOf(verbDeleteTree, rec.tag.ID)
	}
	return nil
}

// A Deletion is what [Tx.DeleteTree] would do. Names are in order.
type Deletion struct {
	Tags       []string // the tag and its subtree
	Composites []string // elsewhere: deleted too, since they depend on a deleted tag
	Includers  []string // elsewhere: they stay, but lose an include
}

// DeletePreview tells what deleting the tag with its subtree would do; false if
// there is no such tag.
func (v *View) DeletePreview(name string) (Deletion, bool) {
	rec := v.find(name)
	if rec == nil {
		return Deletion{}, false
	}
	tx := begin(v.state, v.time, false) // never committed: it only looks
	d := tx.doom(rec)
	return Deletion{Tags: tx.sortedNames(d.tree), Composites: tx.sortedNames(d.composites), Includers: tx.sortedNames(d.includers)}, true
}

// A doom is a Deletion by ids.
type doom struct {
	tree       []TagID // by name
	composites []TagID
	includers  []TagID
	all        map[TagID]bool // of tree and composites
}

// doom finds what goes with the subtree of rec.
func (tx *Tx) doom(rec *tagRec) *doom {
	d := &doom{all: map[TagID]bool{}}
	for _, r := range tx.subtree(rec.tag.Name) {
		d.tree = append(d.tree, r.tag.ID)
		d.all[r.tag.ID] = true
	}
	for queue := slices.Clone(d.tree); len(queue) > 0; queue = queue[1:] {
		for _, id := range tx.compositesOn(queue[0]) {
			if !d.all[id] {
				d.all[id] = true
				d.composites = append(d.composites, id)
				queue = append(queue, id)
			}
		}
	}
	for _, id := range slices.Concat(d.tree, d.composites) {
		for _, by := range tx.tags.At(int(id)).includers {
			if !d.all[by] {
				d.includers = append(d.includers, by)
			}
		}
	}
	slices.Sort(d.includers)
	d.includers = slices.Compact(d.includers)
	return d
}

// drop deletes the tag of rec, which has no kids and no includers left but what
// is deleted with it.
func (tx *Tx) drop(rec *tagRec) {
	tx.touch()
	tx.census.count(rec, -1)
	id := rec.tag.ID
	tx.unlinkFormula(rec)
	tx.indexGone(rec)
	tx.leavePrecedence(rec.parent, id)
	for _, x := range rec.includes {
		if tx.tags.At(int(x)) != nil {
			tx.unlink(id, x)
		}
	}
	o := tx.opened(id)
	moved := len(rec.includes) > 0 || o != nil && o.moved
	gone := []bitmap.Bitmap{rec.direct.Bitmap()}
	if o != nil {
		gone = append(gone, o.gone...)
	}
	tx.names.Delete(rec.tag.Name)
	tx.tags.Set(int(id), nil)
	tx.forgetOpen(id)
	tx.adopt(rec.parent, -1, moved)
	if rec.parent != 0 {
		up := tx.edit(rec.parent)
		up.gone = append(up.gone, gone...)
	}
}

// maxListed is how many tags an error names.
const maxListed = 5

// list puts together the first of n names.
func list(names []string, n int) string {
	names = names[:min(len(names), maxListed)]
	var b strings.Builder
	for i, name := range names {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(quote(name))
	}
	if n > len(names) {
		fmt.Fprintf(&b, " and %d more", n-len(names))
	}
	return b.String()
}

// kidNames returns the names of the first direct sub-tags of rec, at most n.
func (tx *Tx) kidNames(rec *tagRec, n int) []string {
	var names []string
	for name, id := range tx.names.Ascend(rec.tag.Name) {
		if tx.tags.At(int(id)).parent != rec.tag.ID {
			continue // rec itself, and what is further down
		}
		if names = append(names, name); len(names) == min(n, int(rec.kids)) {
			break
		}
	}
	return names
}

// sortedNames returns the names of ids, in order.
func (tx *Tx) sortedNames(ids []TagID) []string {
	names := namesOf(tx.tags.At, ids)
	slices.SortFunc(names, tagname.Compare)
	return names
}
