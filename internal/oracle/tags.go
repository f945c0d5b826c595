package oracle

import (
	"errors"
	"strings"
)

// insert makes the tag of a legal path that is not there yet.
func (s *Store) insert(path string, d Def) *Node {
	s.LastID++
	n := &Node{ID: s.LastID, Def: d, Members: map[uint32]bool{}, Times: map[uint32]int64{}, Growth: map[int64]DayChange{}, Created: s.Now}
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
func (s *Store) CreateTag(name string, d Def) (uint32, error) {
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
	if err := errors.Join(errs...); err != nil {
		return 0, err
	}
	s.parents(path)
	return s.insert(path, d).ID, nil
}

// EditTag changes what is said about a tag.
func (s *Store) EditTag(name string, d Def) error {
	_, n, err := s.find(name)
	if err != nil {
		return err
	}
	if !d.legal() {
		return ErrType
	}
	if n.Def != d {
		s.redefine(n, d)
		s.stamp(n)
	}
	return nil
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
	subtree := s.lift(path)
	s.parents(target)
	for rest, n := range subtree {
		s.Tags[target+rest] = n
		s.stamp(n)
	}
	return nil
}

// MergeTag moves the members and sub-tags of from to into; a sub-tag that is there already is merged likewise.
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
	for rest, n := range s.lift(path) {
		there := s.Tags[target+rest]
		if there == nil {
			s.Tags[target+rest] = n
			s.stamp(n)
			continue
		}
		for m := range n.Members {
			s.carry(n, there, m)
		}
	}
	return nil
}

// DeleteTag takes away a tag without sub-tags.
func (s *Store) DeleteTag(name string) error {
	path, _, err := s.find(name)
	if err != nil {
		return err
	}
	for p := range s.Tags {
		if p != path && below(p, path) {
			return ErrInUse
		}
	}
	s.lift(path)
	return nil
}

// DeleteTree takes away a tag and all below it.
func (s *Store) DeleteTree(name string) error {
	path, _, err := s.find(name)
	if err != nil {
		return err
	}
	s.lift(path)
	return nil
}
