package tagset

import (
	"io"
	"sync/atomic"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/cow"
	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/internal/journal"
	"github.com/tagroar/tagroar/internal/tagname"
)

// A state is everything at one version. It is immutable once published: the
// next version shares with it whatever did not change.
//
// Invariants, numbered as in the package's design; Check verifies them:
//
//	I1 every block of every set has the one form that its content dictates.
//	I2 cached cardinalities equal the content.
//	I3 every tag's set is a subset of live.
//	I4 names and tags are a bijection, and parents exist.
//	I5 includes and composite references form a directed graph without cycles;
//	   includers is the reverse of includes.
//	I6 in an exclusive group each member has at most one value, and below it
//	   nothing includes tags or is a composite; precedence is of sub-tags.
//	I7 keys and the live members that have one are a bijection; retired
//	   ordinals are in no set; next is above every ordinal ever live.
//	I8 versions increase by one per changing commit.
//	I11 attributes stand under their normal names; the members of a column are
//	   live, and its values fit the type.
//	I12 a tag has times if and only if it keeps them; their members are the
//	   direct ones.
//	I13 whom the sources of a tag hold are the direct members; holds are in
//	   normal form (sources.go), so that equal content is kept alike.
//	I14 a composite has a formula, and no members of its own, sub-tags, includes,
//	   times nor values; what the formula speaks of is there, and names the
//	   composite among its users.
//	I15 census counts the tags that are not archived.
type state struct {
	version Version
	time    int64               // of the commit, Unix nanoseconds
	tags    cow.Vector[*tagRec] // by TagID; nil: deleted, or id 0, which no tag has
	live    bitmap.Bitmap       // the universe
	next    uint64              // 1 + the highest ordinal ever live; at most maxMember+1
	keys    keyView
	*standing

	chain     journal.Chain   // of the commit that made it and all before; zero: not recorded
	*identity                 // whose it is
	commit    *journal.Commit // that made it; nil: not recorded, or the store keeps no history

	serial uint64  // tells the state from all others of the store, committed or not
	shared *shared // what all states of the store share
}

// standing is what most commits leave as it is: the versions between two changes of
// it share one, so that a commit copies a pointer. It is written only in a state
// that is being made from nothing.
type standing struct {
	names   cow.Map[string, TagID]    // by tagname.Compare
	attrs   cow.Map[string, *attrRec] // by tagname.Compare
	retired bitmap.Bitmap             // forgotten ordinals, never to live again
	policy  Policy
	census  census // how many tags are not archived
}

// same tells whether s and o are copies of one another.
func (s *standing) same(o *standing) bool {
	return s.names.Same(o.names) && s.attrs.Same(o.attrs) && s.retired.Same(o.retired) &&
		s.policy == o.policy && s.census == o.census
}

// shared is what all states of a store share, and what is made from them needs
// to know of the store.
type shared struct {
	serials atomic.Uint64 // the last one
	notes   int           // changes of members that may wait; see directSet
	keys    KeySource     // nil: streams are plain
	random  io.Reader     // safe for concurrent use
}

// A tagRec is a tag at one version, immutable once published.
type tagRec struct {
	tag    Tag // Includes and Precedence nil; times in UTC without monotonic part
	direct directSet
	parent TagID     // 0: top level
	kids   int32     // number of direct sub-tags
	times  *tagTimes // of a tag that keeps times; else nil

	includes   []TagID       // what Tag.Includes names, in its order; never written
	includers  []TagID       // the tags that include this one, ascending; never written
	precedence []TagID       // what Tag.Precedence names, in its order; never written
	formula    *expr.Formula // of a composite, canonical; else nil
	composed   *composition  // of a composite: what is kept beside the formula; else nil
	users      []TagID       // the composites whose formula names this tag, ascending; never written
	held       *holds        // by which sources; nil: all members by the source "" alone

	union *unionCell // of a tag with kids or includes; else nil. See effective.go

	index *groupIndex // of an exclusive group with none around it; nil: not made
}

// maxMember is the largest ordinal: 2^32−1 stays free, so that the bound above
// any ordinal fits 32 bits.
const maxMember = 1<<32 - 2

// newState returns the empty state of version 0.
func newState(uuid [16]byte, time int64) *state {
	st := &state{
		identity: &identity{uuid: uuid}, time: time, shared: new(shared),
		standing: &standing{
			names: cow.NewMap[string, TagID](tagname.Compare),
			attrs: cow.NewMap[string, *attrRec](tagname.Compare),
		},
	}
	tags := st.tags.Edit()
	tags.Append(nil) // ids start at 1
	st.tags = tags.Freeze()
	return st
}

// find returns the record of the tag called name in any spelling, or nil.
func (st *state) find(name string) *tagRec {
	id, ok := st.names.Get(name) // a stored name needs no check
	if !ok {
		path, err := tagname.Normalize(name)
		if err != nil || path == name {
			return nil
		}
		if id, ok = st.names.Get(path); !ok {
			return nil
		}
	}
	return st.tags.At(int(id))
}

// subtree yields the records of the tag called path and all below it, by name.
func (st *state) subtree(path string, yield func(*tagRec) bool) {
	for name, id := range st.names.Ascend(path) {
		if !tagname.Within(name, path) || !yield(st.tags.At(int(id))) {
			return
		}
	}
}
