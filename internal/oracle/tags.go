package oracle

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

// insert makes the tag of a legal path that is not there yet.
func (s *Store) insert(path string, d Def) *Node {
	s.LastID++
	n := &Node{ID: s.LastID, Def: d, Members: map[uint32][]string{}, Times: map[uint32]int64{}, Growth: map[int64]DayChange{}, Created: s.Now}
	s.Tags[path] = n
	s.stamp(n)
	return n
}

// parents makes the tags above path that are missing, from the top down.
func (s *Store) parents(path string) {
	p := parent(path)
	if p == "" || s.Tags[p] != nil {
		return
	}
	s.parents(p)
	s.insert(p, Def{})
}

// CreateTag makes a tag and the tags above it.
func (s *Store) CreateTag(name string, d Def, includes ...string) (uint32, error) {
	path, ok := Normalize(name)
	if !ok {
		return 0, ErrBadName
	}
	var errs []error
	if s.Tags[path] != nil {
		errs = append(errs, ErrTagExists)
	}
	if !d.legal() {
		errs = append(errs, ErrType)
	}
	if d.Kind == Composite {
		errs = append(errs, ErrUnsupported)
	}
	_, err := s.included(includes)
	if err = errors.Join(append(errs, err)...); s.Tags[path] != nil {
		return 0, err
	}
	var id uint32
	err = s.try(func(c *Store) error {
		c.parents(path)
		n := c.insert(path, d)
		n.Includes, _ = c.included(includes)
		id = n.ID
		return err
	})
	if err != nil {
		return 0, err
	}
	return id, nil
}

// EditTag changes what is said about a tag, apart from other tags.
func (s *Store) EditTag(name string, d Def) error {
	_, n, err := s.find(name)
	if err != nil {
		return err
	}
	return s.Edit(name, d, s.Names(n.Includes), s.Names(n.Precedence))
}

// Edit changes what is said about a tag.
func (s *Store) Edit(name string, d Def, includes, precedence []string) error {
	path, n, err := s.find(name)
	if err != nil {
		return err
	}
	var errs []error
	if !d.legal() {
		errs = append(errs, ErrType)
	}
	if (d.Kind == Composite) != (n.Formula != nil) || n.Formula != nil && (d.KeepTimes || d.TimeStep != 0 || d.Exclusive || len(includes) > 0) {
		errs = append(errs, ErrUnsupported)
	}
	if loses(n.Def, d) && s.timed(n.ID) {
		errs = append(errs, ErrInUse)
	}
	ins, err := s.included(includes)
	order, err2 := s.ranked(path, precedence)
	if err = errors.Join(append(errs, err, err2)...); !d.legal() {
		return err
	}
	return s.try(func(c *Store) error {
		n := c.Tags[path]
		if n.Def != d || !slices.Equal(n.Includes, ins) || !slices.Equal(n.Precedence, order) {
			c.redefine(n, d)
			n.Includes, n.Precedence = ins, order
			c.stamp(n)
		}
		return err
	})
}

// lift takes a subtree out of the store and returns it by the rest of the path, "" for the top.
func (s *Store) lift(top string) map[string]*Node {
	out := map[string]*Node{}
	for p, n := range s.Tags {
		if below(p, top) {
			out[strings.TrimPrefix(p, top)] = n
			delete(s.Tags, p)
		}
	}
	s.Changed = true
	return out
}

// RenameTag moves a subtree to a path that is free.
func (s *Store) RenameTag(from, to string) error {
	path, _, err := s.find(from)
	if err != nil {
		return err
	}
	target, ok := Normalize(to)
	switch {
	case !ok:
		return ErrBadName
	case target == path:
		return nil
	case below(target, path):
		return ErrCycle
	case s.Tags[target] != nil:
		return ErrTagExists
	}
	for p := range s.Tags {
		if _, ok := Normalize(target + strings.TrimPrefix(p, path)); !ok && below(p, path) {
			return ErrBadName // too many levels
		}
	}
	return s.try(func(c *Store) error {
		if parent(path) != parent(target) {
			c.unrank(path, nil)
		}
		subtree := c.lift(path)
		c.parents(target)
		for rest, n := range subtree {
			c.Tags[target+rest] = n
			c.stamp(n)
		}
		return nil
	})
}

// MergeTag moves the members and sub-tags of from to into; a sub-tag that is there already is merged likewise. What speaks
// of a tag that is merged speaks of the other one from then on.
func (s *Store) MergeTag(from, into string) error {
	path, _, err := s.find(from)
	if err != nil {
		return err
	}
	target, _, err := s.find(into)
	if err != nil {
		return err
	}
	if below(target, path) {
		return ErrCycle
	}
	for p := range s.Tags {
		if _, ok := Normalize(target + strings.TrimPrefix(p, path)); !ok && below(p, path) {
			return ErrBadName
		}
	}
	return s.try(func(c *Store) error {
		became := map[uint32]uint32{}
		if parent(path) == parent(target) {
			became[c.Tags[path].ID] = c.Tags[target].ID
		}
		c.unrank(path, became)
		lifted := c.lift(path)
		var errs []error
		for _, rest := range slices.Sorted(maps.Keys(lifted)) {
			n, there := lifted[rest], c.Tags[target+rest]
			if there == nil {
				c.Tags[target+rest] = n
				c.stamp(n)
				continue
			}
			if n.Formula != nil || there.Formula != nil {
				errs = append(errs, ErrUnsupported)
			}
			if loses(n.Def, there.Def) && s.timed(n.ID) {
				errs = append(errs, ErrInUse)
			}
			became[n.ID] = there.ID
			for m := range n.Members {
				c.carry(n, there, m)
			}
			there.Includes = slices.Concat(there.Includes, n.Includes)
		}
		c.follow(s, became)
		return errors.Join(errs...)
	})
}

// follow makes what speaks of a tag speak of what became of it, and stamps what now says something else than before.
func (s *Store) follow(before *Store, became map[uint32]uint32) {
	for _, n := range s.Tags {
		n.Includes = replaced(n.Includes, became, func(id uint32) bool { return id == n.ID })
		changed := !slices.Equal(n.Includes, before.Tags[before.PathOf(n.ID)].Includes)
		if n.Formula.speaks(func(f *Formula) bool { return f.Tag != 0 && became[f.Tag] != 0 }) {
			n.Formula = n.Formula.redirect(became)
			changed = true
		}
		if changed {
			s.stamp(n)
		}
	}
}
