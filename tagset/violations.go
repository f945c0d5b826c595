package tagset

import (
	"fmt"
	"sort"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// A Violation is something in a store that breaks its policy: it was there
// before the policy, or it is past a limit that only warns.
type Violation struct {
	Limit   string // the name of the field of Policy
	Tag     string // of MaxLevels, MaxNameRunes, StrictNames and WarnMembers
	Have    int    // what there is. Of MaxTagsPerMember: the most that one member has; of StrictNames: the runes that are not allowed
	Max     int    // the limit; of StrictNames 0
	Soft    bool   // of WarnMembers: a warning
	Members Set    // of MaxTagsPerMember: who has more than Max
}

// String returns the limit, its value and what there is, in one line.
func (v Violation) String() string {
	if v.Limit == "MaxTagsPerMember" {
		return fmt.Sprintf("MaxTagsPerMember is %d, and %d members have more, up to %d", v.Max, v.Members.Len(), v.Have)
	}
	return limitText(v.Limit, v.Tag, v.Have, v.Max, "are", "has")
}

// Violations is [View.Violations] of the current version.
func (s *Store) Violations() []Violation { return s.View().Violations() }

// Violations returns what in the version breaks its policy, in the order of the
// limits: MaxTags, MaxTopLevel, MaxLevels, MaxNameRunes, MaxTagsPerMember,
// WarnMembers, StrictNames; for one limit by the tags' names. MaxTagsPerMember
// is one violation for all members. It looks at every tag, and asks all members
// for their number of tags 64 at a time.
func (v *View) Violations() []Violation {
	p, now := &v.policy, v.census
	var list []Violation
	note := func(e *PolicyError) {
		if e != nil {
			list = append(list, Violation{Limit: e.Limit, Tag: e.Tag, Have: e.Have, Max: e.Max, Soft: e.Limit == "WarnMembers"})
		}
	}
	each := func(breach func(*tagRec) *PolicyError) {
		for _, id := range v.names.All() {
			if rec := v.tags.At(int(id)); !rec.tag.Archived {
				note(breach(rec))
			}
		}
	}
	if p.MaxTags > 0 {
		note(past("MaxTags", "", now.tags, p.MaxTags))
	}
	if p.MaxTopLevel > 0 {
		note(past("MaxTopLevel", "", now.top, p.MaxTopLevel))
	}
	if p.MaxLevels > 0 {
		each(func(rec *tagRec) *PolicyError { return p.tooDeep(rec.tag.Name) })
	}
	if p.MaxNameRunes > 0 {
		each(func(rec *tagRec) *PolicyError { return p.tooLong(rec.tag.Name) })
	}
	if most := p.MaxTagsPerMember; most > 0 {
		if over := v.laden(v.live, most); !over.IsEmpty() {
			list = append(list, Violation{Limit: "MaxTagsPerMember", Have: v.heaviest(over, most), Max: most, Members: Set{over}})
		}
	}
	if p.WarnMembers > 0 {
		each(p.tooMany)
	}
	if p.StrictNames {
		each(func(rec *tagRec) *PolicyError { return p.stray(rec.tag.Name) })
	}
	return list
}

// heaviest returns the highest number of tags that a member of over has, all of
// whom have more than most.
func (st *state) heaviest(over bitmap.Bitmap, most int) int {
	return most + sort.Search(st.names.Len(), func(n int) bool { return st.laden(over, most+n).IsEmpty() })
}
