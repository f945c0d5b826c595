package oracle

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// Policy is limits; 0 is none.
type Policy struct {
	MaxTags, MaxTopLevel, MaxLevels, MaxNameRunes, MaxTagsPerMember, MaxBatch, WarnMembers int
	StrictNames                                                                            bool
}

// Violation is something that is past a limit.
type Violation struct {
	Limit, Tag string
	Have, Max  int
	Soft       bool
	Members    []uint32
}

// Violations lists what is past the limits, in their order, then by name.
func (p Policy) Violations(s *Store) []Violation {
	var out []Violation
	each := func(limit string, most int, have func(path string) int) {
		for _, path := range s.Paths() {
			if h := have(path); h > most && !s.Tags[path].Def.Archived {
				out = append(out, Violation{Limit: limit, Tag: path, Have: h, Max: most, Soft: limit == "WarnMembers"})
			}
		}
	}
	tags, top := s.inUse()
	if p.MaxTags > 0 && tags > p.MaxTags {
		out = append(out, Violation{Limit: "MaxTags", Have: tags, Max: p.MaxTags})
	}
	if p.MaxTopLevel > 0 && top > p.MaxTopLevel {
		out = append(out, Violation{Limit: "MaxTopLevel", Have: top, Max: p.MaxTopLevel})
	}
	if p.MaxLevels > 0 {
		each("MaxLevels", p.MaxLevels, func(path string) int { return len(levels(path)) })
	}
	if p.MaxNameRunes > 0 {
		each("MaxNameRunes", p.MaxNameRunes, func(path string) int { return utf8.RuneCountInString(last(path)) })
	}
	if p.MaxTagsPerMember > 0 {
		v := Violation{Limit: "MaxTagsPerMember", Max: p.MaxTagsPerMember}
		for _, m := range s.Universe() {
			if n := s.load(m); n > p.MaxTagsPerMember {
				v.Members, v.Have = append(v.Members, m), max(v.Have, n)
			}
		}
		if v.Members != nil {
			out = append(out, v)
		}
	}
	if p.WarnMembers > 0 {
		each("WarnMembers", p.WarnMembers, func(path string) int { return len(s.Tags[path].Members) })
	}
	if p.StrictNames {
		each("StrictNames", 0, func(path string) int { return strays(last(path)) })
	}
	return out
}

// RefusesVerb tells whether a verb that makes after of before takes something past a limit or further past it.
func (p Policy) RefusesVerb(before, after *Store) bool {
	tags, top := before.inUse()
	tags2, top2 := after.inUse()
	if p.MaxTags > 0 && tags2 > p.MaxTags && tags2 > tags || p.MaxTopLevel > 0 && top2 > p.MaxTopLevel && top2 > top {
		return true
	}
	was := map[uint32]string{} // names, by id
	for path, n := range before.Tags {
		if !n.Def.Archived {
			was[n.ID] = path
		}
	}
	for path, n := range after.Tags {
		old, known := was[n.ID]
		switch {
		case n.Def.Archived:
		case p.MaxLevels > 0 && len(levels(path)) > p.MaxLevels && (!known || len(levels(path)) > len(levels(old))):
			return true
		case known && last(old) == last(path):
		case p.MaxNameRunes > 0 && utf8.RuneCountInString(last(path)) > p.MaxNameRunes, p.StrictNames && strays(last(path)) > 0:
			return true
		}
	}
	return false
}

// RefusesCommit tells whether a member has too many tags in after, and more than before.
func (p Policy) RefusesCommit(before, after *Store) bool {
	if p.MaxTagsPerMember == 0 {
		return false
	}
	return slices.ContainsFunc(after.Universe(), func(m uint32) bool {
		n := after.load(m)
		return n > p.MaxTagsPerMember && n > before.load(m)
	})
}

// inUse counts the tags that are not archived.
func (s *Store) inUse() (tags, top int) {
	for path, n := range s.Tags {
		if n.Def.Archived {
			continue
		}
		tags++
		if len(levels(path)) == 1 {
			top++
		}
	}
	return tags, top
}

// load counts the tags in use that a member carries itself.
func (s *Store) load(m uint32) (n int) {
	for _, t := range s.Tags {
		if t.Members[m] != nil && !t.Def.Archived {
			n++
		}
	}
	return n
}

func last(path string) string {
	l := levels(path)
	return l[len(l)-1]
}

// strays counts what strict names do not have.
func strays(level string) (n int) {
	for _, r := range level {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r) && r != '-' && r != '_' {
			n++
		}
	}
	return n
}
