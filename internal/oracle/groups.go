package oracle

import (
	"cmp"
	"slices"
	"strings"
)

// An exclusive group is a tag whose sub-tags are values: who carries anything in the subtree of one carries nothing in
// that of another.

// valueIn returns the sub-tag of group at or above path, "" if path is not below group.
func valueIn(group, path string) string {
	if path == group || !below(path, group) {
		return ""
	}
	return strings.Join(levels(path)[:len(levels(group))+1], "/")
}

// clash says whether two tags are below different values of an exclusive group.
func (s *Store) clash(a, b string) bool {
	for group := parent(a); group != ""; group = parent(group) {
		if v := valueIn(group, b); s.Tags[group].Def.Exclusive && v != "" && v != valueIn(group, a) {
			return true
		}
	}
	return false
}

// Grouped says whether a tag is below an exclusive group.
func (s *Store) Grouped(path string) bool {
	for group := parent(path); group != ""; group = parent(group) {
		if s.Tags[group].Def.Exclusive {
			return true
		}
	}
	return false
}

// broken says whether an exclusive group is none: a member has two values, or below it something includes tags or is a
// composite.
func (s *Store) broken() bool {
	for group, g := range s.Tags {
		if !g.Def.Exclusive {
			continue
		}
		value := map[uint32]string{}
		for path, n := range s.Tags {
			v := valueIn(group, path)
			if v == "" {
				continue
			}
			if len(n.Includes) > 0 || n.Formula != nil {
				return true
			}
			for m := range n.Members {
				if value[m] != "" && value[m] != v {
					return true
				}
				value[m] = v
			}
		}
	}
	return false
}

// Values returns the sub-tags of a tag, the strongest first.
func (s *Store) Values(group string) []string {
	var out []string
	place := map[string]int{}
	for _, path := range s.Paths() {
		if parent(path) == group {
			out = append(out, path)
			if place[path] = slices.Index(s.Tags[group].Precedence, s.Tags[path].ID); place[path] < 0 {
				place[path] = len(s.Tags)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(place[a], place[b]) })
	return out
}

// ValueOf returns the strongest value that a member has in a group, "" if none.
func (s *Store) ValueOf(group string, m uint32) string {
	for _, v := range s.Values(group) {
		for path, n := range s.Tags {
			if below(path, v) && n.Members[m] != nil {
				return v
			}
		}
	}
	return ""
}

// Settle leaves every member its strongest value in a group.
func (s *Store) Settle(group string) (int, error) {
	top, _, err := s.find(group)
	if err != nil {
		return 0, err
	}
	removed := 0
	for m := range s.Live {
		strongest := s.ValueOf(top, m)
		for path, n := range s.Tags {
			if v := valueIn(top, path); v != "" && v != strongest && s.leave(n, m) {
				removed++
			}
		}
	}
	return removed, nil
}

// ranked finds the sub-tags of path that names name.
func (s *Store) ranked(path string, names []string) ([]uint32, error) {
	var out []uint32
	for _, name := range names {
		p, n, err := s.find(name)
		switch {
		case err != nil:
			return nil, err
		case parent(p) != path:
			return nil, ErrNoTag
		case slices.Contains(out, n.ID):
			return nil, ErrType
		}
		out = append(out, n.ID)
	}
	return out, nil
}

// unrank takes a tag out of the precedence of the tag above, or puts another one there.
func (s *Store) unrank(path string, became map[uint32]uint32) {
	above, gone := s.Tags[parent(path)], s.Tags[path].ID
	if above == nil || !slices.Contains(above.Precedence, gone) {
		return
	}
	above.Precedence = replaced(above.Precedence, became, func(id uint32) bool { return id == gone })
	s.stamp(above)
}
