package query

import (
	"slices"
	"time"

	"github.com/tagroar/tagroar/tagset"
)

// Who carries a tag without being a direct member of it does so through its
// sub-tags, or those that it includes, and so on down. The search goes down only
// where the effective members have the member, and into each tag once.

// maxCarriers is how many ways a Reason lists: more are no reason but a census.
const maxCarriers = 8

// carriers are the ways in which the member carries tag, directly or else through
// others.
func (e *explainer) carriers(tag tagset.Tag, directly bool) []Carrier {
	s := carrierSearch{explainer: e, seen: make(map[string]bool), directly: directly}
	s.visit(tag, nil)
	return s.found
}

type carrierSearch struct {
	*explainer
	directly bool
	seen     map[string]bool
	found    []Carrier
}

func (s *carrierSearch) visit(tag tagset.Tag, above []string) {
	if s.seen[tag.Name] || len(s.found) == maxCarriers {
		return
	}
	s.seen[tag.Name] = true
	path := append(above[:len(above):len(above)], tag.Name)
	if set, _ := s.src.Direct(tag.Name); set.Contains(s.m) {
		s.found = append(s.found, s.carrier(tag.Name, path))
	}
	if s.directly {
		return
	}
	if tag.Kind == tagset.Composite {
		s.found = append(s.found, Carrier{Path: path})
		return
	}
	for _, name := range tag.Includes {
		if included, ok := s.src.Tag(name); ok {
			s.descend(included, path)
		}
	}
	for _, sub := range s.subTags(tag.Name) {
		s.descend(sub, path)
	}
}

func (s *carrierSearch) descend(tag tagset.Tag, path []string) {
	if set, _ := s.src.Set(tag.Name); set.Contains(s.m) {
		s.visit(tag, path)
	}
}

// carrier tells of a direct membership.
func (s *carrierSearch) carrier(name string, path []string) Carrier {
	c := Carrier{Path: path}
	if src, ok := s.src.(memberSource); ok {
		c.Sources = src.SourcesOf(name, s.m)
	}
	if src, ok := s.src.(timesSource); ok {
		if times, ok := src.Times(name); ok {
			if v, ok := times.Int(s.m); ok {
				c.Since = time.Unix(v, 0).In(s.zone)
			}
		}
	}
	return c
}

// subTags are the tags right below the one called name.
func (e *explainer) subTags(name string) []tagset.Tag {
	if e.below == nil {
		e.below = make(map[string][]tagset.Tag)
		for tag := range e.src.Tags() {
			if parent, ok := parentOf(tag.Name); ok {
				e.below[parent] = append(e.below[parent], tag)
			}
		}
	}
	return e.below[name]
}

// parentOf is the name without its last level; false for a top-level one.
func parentOf(name string) (string, bool) {
	i := len(name) - len(lastLevel(name))
	if i == 0 {
		return "", false
	}
	return name[:i-1], true
}

// plainly reports whether the sources are the plain one alone, which is not worth a
// word.
func plainly(sources []string) bool {
	return !slices.ContainsFunc(sources, func(s string) bool { return s != "" })
}
