package tagset

import (
	"fmt"
	"strings"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/tagname"
)

// Check verifies the store's invariants on the current version, from the bytes,
// without the lock: readers and writers go on. It takes time proportional to
// what the version holds. An error, with [ErrCorrupt] behind it, means a bug in
// this library or broken memory; its text names the invariant's number and the
// place. What a durable store has in its directory is not looked at: that is verified
// whenever it is read.
//
//	I1 every block of every set has the one form that its content dictates
//	I2 cached cardinalities, cached unions and the members kept of composites
//	   equal the content
//	I3 every tag's set is a subset of the live members
//	I4 names and tags are a bijection, and parents exist
//	I5 includes and composite references form a directed graph without cycles,
//	   and who includes a tag is known there
//	I6 in an exclusive group each member has at most one value, and below it
//	   nothing includes tags or is a composite; the precedence of a tag is of
//	   its sub-tags, each once
//	I7 keys and the live members that have one are a bijection; retired
//	   ordinals are not live, and no ordinal is past the bound for new ones
//	I8 kept versions follow one another by one
//	I11 attributes stand under their normal names, in order; their values fit
//	   the type, are those of live members, and are stored as they should be
//	I12 a tag that keeps times has one for each direct member and for nobody
//	   else, none after the version's; its days of growth ascend, and account
//	   for no more members than there are
//	I13 the direct members of a tag are those whom its sources hold; a source
//	   holds somebody, and is kept as its number says: alone or among several
//	I14 a composite has a formula and nothing else that gives members; what the
//	   formula speaks of is there and knows of the composite
//	I15 the numbers of tags that a policy goes by are those of the tags
func (s *Store) Check() error {
	r := s.root.Load()
	for _, check := range []func() error{
		r.state.checkUniverse,
		r.state.checkNames,
		r.state.checkTags,
		r.state.checkComposites,
		r.state.checkTaxonomy,
		r.state.checkUnions,
		r.state.checkGroups,
		r.state.checkKeys,
		r.state.checkAttributes,
		r.state.checkTimes,
		r.state.checkSources,
		r.state.checkCensus,
		r.checkHistory,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// broken is the error for a violated invariant.
func broken(tag, format string, args ...any) error {
	return &Error{Op: "check", Tag: tag, Err: ErrCorrupt, detail: fmt.Sprintf(format, args...)}
}

// checkSet verifies I1 and I2 of one set, which what and tag describe.
func checkSet(what, tag string, b bitmap.Bitmap) error {
	err := b.Check()
	if err == nil {
		return nil
	}
	text := strings.TrimPrefix(err.Error(), "bitmap: ")
	number := "I1"
	if strings.HasPrefix(text, "B5") { // that package's number for I2
		number = "I2"
	}
	return broken(tag, "%s: %s: %s", number, what, text)
}

// checkUniverse verifies I1 and I2 of the live and the retired, and I7 as far
// as it is about them.
func (st *state) checkUniverse() error {
	if err := checkSet("live members", "", st.live); err != nil {
		return err
	}
	if err := checkSet("retired ordinals", "", st.retired); err != nil {
		return err
	}
	if v, ok := st.live.And(st.retired).Min(); ok {
		return broken("", "I7: member %d is live and retired", v)
	}
	if v, ok := st.live.Or(st.retired).Max(); ok && uint64(v) >= st.next || st.next > maxMember+1 {
		return broken("", "I7: the next ordinal is %d, the highest so far %d", st.next, v)
	}
	return nil
}

// checkNames verifies I4.
func (st *state) checkNames() error {
	kids := map[TagID]int32{}
	last := ""
	for name, id := range st.names.All() {
		if path, err := tagname.Normalize(name); err != nil || path != name {
			return broken(name, "I4: not a normal name")
		}
		if last != "" && tagname.Compare(last, name) >= 0 {
			return broken(name, "I4: out of order")
		}
		last = name
		rec := st.record(int(id))
		if rec == nil || id == 0 {
			return broken(name, "I4: id %d has no record", id)
		}
		if rec.tag.ID != id || rec.tag.Name != name {
			return broken(name, "I4: the record of id %d is that of id %d, tag %s", id, rec.tag.ID, quote(rec.tag.Name))
		}
		var parent TagID
		if up, ok := tagname.Parent(name); ok {
			if parent, ok = st.names.Get(up); !ok {
				return broken(name, "I4: no parent")
			}
			kids[parent]++
		}
		if rec.parent != parent {
			return broken(name, "I4: parent is id %d, not %d", rec.parent, parent)
		}
	}
	records := 0
	for i, rec := range st.tags.All() {
		if rec == nil {
			continue
		}
		records++
		if n := kids[TagID(i)]; rec.kids != n {
			return broken(rec.tag.Name, "I4: %d sub-tags, not %d", n, rec.kids)
		}
	}
	if n := st.names.Len(); records != n {
		return broken("", "I4: %d records for %d names", records, n)
	}
	return nil
}

// checkTags verifies I1, I2 and I3 of every tag's direct members.
func (st *state) checkTags() error {
	for _, rec := range st.tags.All() {
		if rec == nil {
			continue
		}
		name, direct := rec.tag.Name, rec.direct.Bitmap()
		if err := checkSet("direct members", name, direct); err != nil {
			return err
		}
		if n := rec.direct.Card(); n != direct.Card() {
			return broken(name, "I2: %d direct members, counted as %d", direct.Card(), n)
		}
		if v, ok := direct.AndNot(st.live).Min(); ok {
			return broken(name, "I3: member %d is not live", v)
		}
	}
	return nil
}

// checkKeys verifies the rest of I7.
func (st *state) checkKeys() error {
	n := 0
	for m, key := range st.keys.all(st.live) {
		n++
		if at, ok := st.keys.lookup(key, st.live); !ok || at != m {
			return broken("", "I7: key %s of member %d finds %d, %t", quote(key), m, at, ok)
		}
		if back, ok := st.keys.key(m); !ok || back != key {
			return broken("", "I7: member %d has key %s, not %s", m, quote(back), quote(key))
		}
	}
	if n != st.keys.len() {
		return broken("", "I7: %d keys, not %d", n, st.keys.len())
	}
	return nil
}

// checkHistory verifies I8, and that a store's identity and time keep their
// ways.
func (r *root) checkHistory() error {
	after := r.state
	for range r.earlier.ring.Len() {
		st := r.earlier.at(after.version-1, r.earlier.ring.Len())
		if st == nil {
			return broken("", "I8: no version before %d", after.version)
		}
		if st.uuid != after.uuidAt(st.version) || st.time > after.time {
			return broken("", "I8: version %d is of another store or later than the next", st.version)
		}
		after = st
	}
	return nil
}
