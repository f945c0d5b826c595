package tagset

import "github.com/tagroar/tagroar/internal/tagname"

// How many tags there are is counted as they come and go, so that a verb knows
// without looking at them what it would add up to.

// A census is how many tags are not archived.
type census struct {
	tags int
	top  int // of one level
}

// count adds rec to the census, n times.
func (c *census) count(rec *tagRec, n int) {
	if rec.tag.Archived {
		return
	}
	c.tags += n
	if rec.parent == 0 {
		c.top += n
	}
}

func (c census) plus(d census) census { return census{c.tags + d.tags, c.top + d.top} }

func (c census) minus(d census) census { return census{c.tags - d.tags, c.top - d.top} }

// takeCensus counts all tags.
func (st *state) takeCensus() (c census) {
	for _, rec := range st.tags.All() {
		if rec != nil {
			c.count(rec, 1)
		}
	}
	return c
}

// checkCensus verifies I15.
func (st *state) checkCensus() error {
	if is, said := st.takeCensus(), st.census; is != said {
		return broken("", "I15: %d tags are not archived, %d of them top-level, not %d and %d", is.tags, is.top, said.tags, said.top)
	}
	return nil
}

// refuse is the error for a breach; nil if it is none.
func refuse(op, tag string, breaches ...*PolicyError) error {
	for _, b := range breaches {
		if b != nil {
			return &Error{Op: op, Tag: tag, Err: b}
		}
	}
	return nil
}

// allowMore refuses more tags than the policy has room for. Fewer are always
// allowed.
func (tx *Tx) allowMore(op, tag string, more census) error {
	now, p := tx.census, &tx.policy
	var tags, top *PolicyError
	if more.tags > 0 && p.MaxTags > 0 {
		tags = past("MaxTags", tag, now.tags+more.tags, p.MaxTags)
	}
	if more.top > 0 && p.MaxTopLevel > 0 {
		top = past("MaxTopLevel", tag, now.top+more.top, p.MaxTopLevel)
	}
	return refuse(op, tag, tags, top)
}

// allowPath refuses a tag called path, which comes into use.
func (tx *Tx) allowPath(op, tag, path string) error {
	p := &tx.policy
	return refuse(op, tag, p.tooDeep(path), p.tooLong(path), p.stray(path))
}

// allowParents refuses to create the parents that path lacks, and counts them.
func (tx *Tx) allowParents(op, tag, path string) (more census, err error) {
	for up, ok := tagname.Parent(path); ok; up, ok = tagname.Parent(up) {
		if _, ok := tx.names.Get(up); ok {
			return more, nil
		}
		if err := tx.allowPath(op, tag, up); err != nil {
			return census{}, err
		}
		more = more.plus(one(up))
	}
	return more, nil
}

// one is the census of the tag called path alone.
func one(path string) census {
	if tagname.Levels(path) == 1 {
		return census{1, 1}
	}
	return census{1, 0}
}

// allowCreate refuses a new tag called path, with the parents it lacks.
func (tx *Tx) allowCreate(op, path string, archived bool) error {
	if tx.policy == (Policy{}) {
		return nil
	}
	var self census
	if !archived {
		if err := tx.allowPath(op, path, path); err != nil {
			return err
		}
		self = one(path)
	}
	more, err := tx.allowParents(op, path, path)
	if err != nil {
		return err
	}
	return tx.allowMore(op, path, more.plus(self))
}

// allowEdit refuses to take the tag of rec out of the archive, if archived says
// that this is what is about to happen.
func (tx *Tx) allowEdit(op string, rec *tagRec, archived bool) error {
	if archived || !rec.tag.Archived {
		return nil
	}
	path := rec.tag.Name
	if err := tx.allowPath(op, path, path); err != nil {
		return err
	}
	return tx.allowMore(op, path, one(path))
}

// allowRename refuses to move the tags of tree, the subtree of the tag called
// old, to path, with the parents that path lacks. Who gets no deeper, or keeps
// the last level of its name, breaks nothing by that.
func (tx *Tx) allowRename(op string, tree []*tagRec, old, path string) error {
	p := &tx.policy
	if *p == (Policy{}) {
		return nil
	}
	more, err := tx.allowParents(op, old, path)
	if err != nil {
		return err
	}
	if !tree[0].tag.Archived {
		if tagname.Last(path) != tagname.Last(old) {
			if err := refuse(op, old, p.tooLong(path), p.stray(path)); err != nil {
				return err
			}
		}
		more = more.plus(one(path)).minus(one(old))
	}
	if err := tx.allowDepth(op, tree, old, path); err != nil {
		return err
	}
	return tx.allowMore(op, old, more)
}

// allowDepth refuses to move the tags of tree, the subtree of the tag called
// old, to path and below. Those that are there already take theirs in: these do
// not move.
func (tx *Tx) allowDepth(op string, tree []*tagRec, old, path string) error {
	p := &tx.policy
	if p.MaxLevels == 0 || tagname.Levels(path) <= tagname.Levels(old) {
		return nil
	}
	for _, r := range tree {
		name := path + r.tag.Name[len(old):]
		if _, ok := tx.names.Get(name); ok || r.tag.Archived {
			continue
		}
		if err := refuse(op, old, p.tooDeep(name)); err != nil {
			return err
		}
	}
	return nil
}
