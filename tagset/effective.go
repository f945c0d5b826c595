package tagset

import (
	"slices"
	"sync/atomic"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// The effective members of a tag are its direct ones and those of all tags below
// it: sub-tags, included tags, and what is below these; each tag once, though
// several ways may lead to it. Composites among them have other members at each
// time and in each version: they are evaluated when somebody asks. The union of
// the others is kept.
//
// It is made when it is first asked for, and stays in the record of the tag, for
// all versions that share the record. A transaction that changes anything below
// a tag gives the tag a new record with a new place for the union, so what is kept
// never goes stale. It leaves in the new place the last union that was made, and
// who came to and who left any of the tags below since. The next reader adds who
// came, and of those who left looks for each in the tags below. So to ask after
// each commit costs what the commits changed, for removals times the number of
// tags below, and not all the members below. Where nobody carries two of the tags,
// as in an exclusive group, removals do not cost that either: when the memberships
// are as many as the members who are certain, nobody else can have one.

// A union is the members of a tag and of the tags below it, but composites.
type union struct {
	set         bitmap.Bitmap
	reach       *reach // nil: not listed
	memberships int    // direct ones of the sources; of no use if the reach is twisted

	// What the transactions since changed; memberships is kept up. Who came and did
	// not leave is a member now. Who left may be one by another tag, or have come
	// again.
	stale      bool
	came, left bitmap.Bitmap

	whole atomic.Pointer[whole] // with the composites, as last asked for; nil: never
}

// A whole is a union with the composites of its reach, and these.
type whole struct {
	set   bitmap.Bitmap
	parts []bitmap.Bitmap
}

// A reach is the tags from which a tag has its effective members, itself among
// them. Ids ascend.
type reach struct {
	sources, composites []TagID
	twisted             bool // more than one way leads to some of them
}

// A unionCell is the place for a union: nil, if none was made.
type unionCell = atomic.Pointer[union]

// maxChanged bounds the changes that are kept for a small union; for others it
// is a quarter of the members. With more of them a new union is as cheap, and
// nobody seems to ask.
const maxChanged = 1 << 16

// unites reports whether rec has effective members beyond the direct ones, or
// may have: then it has a cell.
func (rec *tagRec) unites() bool { return rec.kids > 0 || len(rec.includes) > 0 }

// unitedAt returns the effective members of rec, which is no composite, at a
// time.
func (st *state) unitedAt(rec *tagRec, at int64) bitmap.Bitmap {
	if rec.union == nil {
		return rec.direct.Bitmap()
	}
	u := st.unionOf(rec)
	if len(u.reach.composites) == 0 {
		return u.set
	}
	parts := make([]bitmap.Bitmap, 0, 1+len(u.reach.composites))
	for _, id := range u.reach.composites {
		parts = append(parts, st.effectiveAt(st.tags.At(int(id)), at))
	}
	if last := u.whole.Load(); last != nil && slices.EqualFunc(last.parts, parts, bitmap.Bitmap.Same) {
		return last.set
	}
	w := &whole{set: bitmap.UnionAll(append(parts, u.set)...), parts: parts}
	u.whole.Store(w) // readers may race to here; each checks what it finds
	return w.set
}

// unionOf returns the union of rec, which has a cell.
func (st *state) unionOf(rec *tagRec) *union {
	u := rec.union.Load()
	switch {
	case u == nil:
		u = st.unite(rec)
	case u.stale:
		u = st.renew(rec, u)
	default:
		return u
	}
	rec.union.Store(u) // readers may race to here; they store equal unions
	return u
}

// unite makes the union of rec from the direct members below.
func (st *state) unite(rec *tagRec) *union {
	b := st.reach(rec)
	sets := make([]bitmap.Bitmap, 0, len(b.sources))
	for _, id := range b.sources {
		if direct := st.tags.At(int(id)).direct.Bitmap(); !direct.IsEmpty() {
			sets = append(sets, direct)
		}
	}
	return &union{set: bitmap.UnionAll(sets...), reach: b, memberships: st.carried(b)}
}

// carried counts the direct members of the sources of b.
func (st *state) carried(b *reach) (n int) {
	for _, id := range b.sources {
		n += st.tags.At(int(id)).direct.Len()
	}
	return n
}

// renew makes the union of rec from an earlier one and what changed since.
func (st *state) renew(rec *tagRec, u *union) *union {
	b, n := u.reach, u.memberships
	if b == nil {
		b = st.reach(rec)
		n = st.carried(b)
	}
	set, left := plus(u.set, u.came), u.left
	if certain := minus(set, left); !b.twisted && certain.Len() == n {
		set = certain
	} else {
		set = minus(set, st.without(b, left))
	}
	return &union{set: set, reach: b, memberships: n}
}

// without returns the members of s that no source of b has.
func (st *state) without(b *reach, s bitmap.Bitmap) bitmap.Bitmap {
	if s.IsEmpty() {
		return s
	}
	first, _ := s.Min()
	single := s.Len() == 1
	for _, id := range b.sources {
		rec := st.tags.At(int(id))
		if single {
			if rec.direct.Contains(first) {
				return bitmap.Bitmap{}
			}
			continue
		}
		if direct := rec.direct.Bitmap(); direct.Intersects(s) {
			if s = s.AndNot(direct); s.IsEmpty() {
				return s
			}
			first, _ = s.Min()
			single = s.Len() == 1
		}
	}
	return s
}

// reach lists the tags from which rec has its effective members.
func (st *state) reach(rec *tagRec) *reach {
	b := new(reach)
	var seen map[TagID]bool // nil: there was no include yet, so no tag comes twice
	for roots := []*tagRec{rec}; len(roots) > 0; {
		root := roots[len(roots)-1]
		roots = roots[:len(roots)-1]
		if seen[root.tag.ID] {
			b.twisted = true
			continue
		}
		st.subtree(root.tag.Name, func(r *tagRec) bool {
			id := r.tag.ID
			if seen != nil {
				if seen[id] {
					b.twisted = true
					return true
				}
				seen[id] = true
			}
			if r.formula != nil {
				b.composites = append(b.composites, id)
			} else {
				b.sources = append(b.sources, id)
			}
			if len(r.includes) > 0 && seen == nil {
				seen = make(map[TagID]bool)
				for _, list := range [][]TagID{b.sources, b.composites} {
					for _, id := range list {
						seen[id] = true
					}
				}
			}
			for _, id := range r.includes {
				roots = append(roots, st.tags.At(int(id)))
			}
			return true
		})
	}
	slices.Sort(b.sources)
	slices.Sort(b.composites)
	return b
}

// plus returns the members of b and of s, which is usually of one member.
func plus(b, s bitmap.Bitmap) bitmap.Bitmap {
	switch s.Len() {
	case 0:
		return b
	case 1:
		if b.IsEmpty() {
			return s
		}
		v, _ := s.Min()
		return b.With(v)
	}
	return b.Or(s)
}

// minus returns the members of b that are not in s.
func minus(b, s bitmap.Bitmap) bitmap.Bitmap {
	switch s.Len() {
	case 0:
		return b
	case 1:
		v, _ := s.Min()
		return b.Without(v)
	}
	return b.AndNot(s)
}
