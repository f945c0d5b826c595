package oracle

import (
	"errors"
	"maps"
	"slices"
)

// Tags depend on each other: a tag on its sub-tags, on those that it includes, and a composite on those whose effective
// members its formula takes. Who is in a tag is asked member by member, down these edges.

// needs returns the tags that a tag depends on directly.
func (s *Store) needs(path string) []string {
	var out []string
	for p := range s.Tags {
		if parent(p) == path {
			out = append(out, p)
		}
	}
	for _, id := range s.Tags[path].Includes {
		out = append(out, s.PathOf(id))
	}
	s.Tags[path].Formula.walk(func(f *Formula) {
		if f.Op == Tag {
			out = append(out, s.PathOf(f.Tag))
		}
	})
	return out
}

// PathOf returns the path of an id, "" if there is none.
func (s *Store) PathOf(id uint32) string {
	for path, n := range s.Tags {
		if n.ID == id {
			return path
		}
	}
	return ""
}

// cyclic says whether a tag depends on itself: whether, taking away tags that depend on nothing, some stay.
func (s *Store) cyclic() bool {
	linked := false // by more than names, which make no cycle
	for _, n := range s.Tags {
		linked = linked || len(n.Includes) > 0 || n.Formula != nil
	}
	if !linked {
		return false
	}
	left := map[string][]string{}
	for path := range s.Tags {
		if needs := s.needs(path); len(needs) > 0 {
			left[path] = needs
		}
	}
	for n := len(left) + 1; len(left) < n; {
		n = len(left)
		maps.DeleteFunc(left, func(_ string, needs []string) bool {
			return !slices.ContainsFunc(needs, func(p string) bool { return left[p] != nil })
		})
	}
	return len(left) > 0
}

// Carries says whether a live member is in a tag.
func (s *Store) Carries(path string, m uint32) bool {
	n := s.Tags[path]
	if n.Formula != nil {
		return s.Holds(n.Formula, m)
	}
	return n.Members[m] != nil || slices.ContainsFunc(s.needs(path), func(p string) bool { return s.Carries(p, m) })
}

// Effective returns the members of the tag.
func (s *Store) Effective(path string) ([]uint32, bool) {
	if _, ok := s.Tags[path]; !ok {
		return nil, false
	}
	all := map[uint32]bool{}
	s.gather(path, all)
	return slices.Sorted(maps.Keys(all)), true
}

// gather adds the members of a tag to all.
func (s *Store) gather(path string, all map[uint32]bool) {
	n := s.Tags[path]
	if n.Formula != nil {
		for m := range s.Live {
			if s.Holds(n.Formula, m) {
				all[m] = true
			}
		}
		return
	}
	for m := range n.Members {
		all[m] = true
	}
	for _, p := range s.needs(path) {
		s.gather(p, all)
	}
}

// TagsOf returns the tags that the member is in.
func (s *Store) TagsOf(m uint32) []string {
	var out []string
	for _, p := range s.Paths() {
		if s.Live[m] && s.Carries(p, m) {
			out = append(out, p)
		}
	}
	return out
}

// included finds the tags of names, each once.
func (s *Store) included(names []string) ([]uint32, error) {
	var out []uint32
	var errs []error
	for _, name := range names {
		_, n, err := s.find(name)
		if err != nil {
			errs = append(errs, err)
		} else if !slices.Contains(out, n.ID) {
			out = append(out, n.ID)
		}
	}
	return out, errors.Join(errs...)
}

// Names returns the paths of ids.
func (s *Store) Names(ids []uint32) []string {
	var out []string
	for _, id := range ids {
		out = append(out, s.PathOf(id))
	}
	return out
}

// replaced returns ids with the one for the other, each once, and without the ids a function refuses.
func replaced(ids []uint32, became map[uint32]uint32, drop func(uint32) bool) []uint32 {
	var out []uint32
	for _, id := range ids {
		if to, ok := became[id]; ok {
			id = to
		}
		if !slices.Contains(out, id) && !drop(id) {
			out = append(out, id)
		}
	}
	return out
}
