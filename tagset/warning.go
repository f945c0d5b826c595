package tagset

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tagroar/tagroar/internal/cow"
	"github.com/tagroar/tagroar/internal/tagname"
)

// Warnings are told from the version before and what has become of it: nothing is
// noted while the verbs work, and nothing is told twice.

// A Warning is something that a transaction does and may not want to. Nothing
// is refused because of it. Warnings can be compared with ==.
type Warning struct {
	// Limit says what it is about:
	//
	//	WarnMembers   Tag came to have more members than that limit of the policy
	//	MixedScripts  the last level of Tag's new name mixes scripts that look alike
	//	SimilarNames  Tag's new name differs from Other's in case or width alone
	Limit     string
	Tag       string
	Other     string // of MixedScripts: the scripts, separated by blanks
	Have, Max int    // of WarnMembers: the members, and the limit
}

// String returns the warning in one line.
func (w Warning) String() string {
	switch w.Limit {
	case "MixedScripts":
		return "the name " + quote(w.Tag) + " mixes scripts: " + strings.ReplaceAll(w.Other, " ", ", ")
	case "SimilarNames":
		return "the name " + quote(w.Tag) + " is like that of " + quote(w.Other) + " but for case or width"
	}
	return limitText(w.Limit, w.Tag, w.Have, w.Max, "are", "has")
}

// Warnings returns what in the transaction so far deserves a warning, by the
// tags' names, each once: tags that are past Policy.WarnMembers and were not
// before; and tags that are new or called otherwise than before, if their name
// may be taken for another. Scripts mix by the rules of Unicode Technical
// Standard #39: Latin letters with Cyrillic or Greek ones, say; that Latin
// letters and digits stand beside Chinese, Japanese or Korean is usual. Names
// are compared as whole paths. What was so before the transaction is not told,
// nor what it has undone. After the transaction the answer is about what it
// committed.
//
// It takes time proportional to the tags that changed; the first time that there
// are new names, to all tags. As View does, it ends editing in place.
func (tx *Tx) Warnings() []Warning {
	if tx.work == nil {
		tx = &Tx{work: &work{base: tx.from, frozen: tx.result}}
	}
	st := tx.freeze()
	var list []Warning
	for i := range cow.Changed(tx.base.tags, st.tags) {
		was, is := tx.base.record(i), st.record(i)
		if is == nil {
			continue
		}
		name := is.tag.Name
		if e := st.policy.tooMany(is); e != nil && counted(was).Len() <= e.Max {
			list = append(list, Warning{Limit: e.Limit, Tag: name, Have: e.Have, Max: e.Max})
		}
		if was != nil && was.tag.Name == name {
			continue
		}
		if was == nil || tagname.Last(was.tag.Name) != tagname.Last(name) {
			if scripts := tagname.Mixed(tagname.Last(name)); scripts != nil {
				list = append(list, Warning{Limit: "MixedScripts", Tag: name, Other: strings.Join(scripts, " ")})
			}
		}
		if other := tx.like(st, is); other != nil {
			list = append(list, Warning{Limit: "SimilarNames", Tag: name, Other: other.tag.Name})
		}
	}
	slices.SortFunc(list, func(a, b Warning) int {
		return cmp.Or(tagname.Compare(a.Tag, b.Tag), cmp.Compare(a.Limit, b.Limit))
	})
	return list
}

// tooMany tells whether rec has more members than the policy lets pass without
// a warning; nil: no.
func (p *Policy) tooMany(rec *tagRec) *PolicyError {
	if p.WarnMembers == 0 {
		return nil
	}
	return past("WarnMembers", rec.tag.Name, counted(rec).Len(), p.WarnMembers)
}

// like returns the tag of st, the oldest if there are several, whose name
// differs from that of rec, which is new, in case or width alone; nil if there
// is none. Of two new names the younger tag's is like the elder's.
func (tx *Tx) like(st *state, rec *tagRec) *tagRec {
	if tx.spellings == nil {
		tx.spellings = &spellings{of: new(state), ids: make(map[string][]TagID, st.names.Len())}
	}
	tx.spellings.follow(st)
	for _, id := range tx.spellings.ids[tagname.Alike(rec.tag.Name)] {
		if id == rec.tag.ID {
			continue
		}
		was, is := tx.base.record(int(id)), st.record(int(id))
		if id < rec.tag.ID || was != nil && was.tag.Name == is.tag.Name {
			return is
		}
	}
	return nil
}

// spellings finds the tags whose names are alike. It is made when a transaction
// is asked for warnings about new names, and follows it from there.
type spellings struct {
	of  *state
	ids map[string][]TagID // by tagname.Alike; ascending
}

// follow takes in how st differs from the state known so far.
func (s *spellings) follow(st *state) {
	for i := range cow.Changed(s.of.tags, st.tags) {
		id, was, is := TagID(i), s.of.record(i), st.record(i)
		if was != nil && is != nil && was.tag.Name == is.tag.Name {
			continue
		}
		if was != nil {
			key := tagname.Alike(was.tag.Name)
			at, _ := slices.BinarySearch(s.ids[key], id)
			s.ids[key] = slices.Delete(s.ids[key], at, at+1)
		}
		if is != nil {
			key := tagname.Alike(is.tag.Name)
			at, _ := slices.BinarySearch(s.ids[key], id)
			s.ids[key] = slices.Insert(s.ids[key], at, id)
		}
	}
	s.of = st
}
