package tagset

import (
	"time"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/cow"
	"github.com/tagroar/tagroar/internal/journal"
)

// A transaction's work is some 2 KiB, most of it room for the tags that it opens.
// Fresh memory costs by the byte, and of one small commit that would be half. So a
// store keeps the work of the last Update for the next, all cleared; what is left to
// the function's handle, which may be kept for as long as it likes, is small.

// work is what all handles of one transaction share.
type work struct {
	base    *state
	now     time.Time
	actor   string
	reason  string
	touched int // how many times something changed; 0: the transaction is empty so far
	done    bool
	escaped bool      // somebody has a view of what is not committed
	frozen  *state    // what the transaction has done; nil: changed since
	record  *recorder // how; nil: nobody asks

	// What the next state says of itself.
	version  Version
	chain    journal.Chain
	identity *identity

	tags    cow.VectorEdit[*tagRec]
	names   cow.MapEdit[string, TagID]
	policy  Policy
	census  census
	attrs   cow.MapEdit[string, *attrRec]
	live    setEdit
	retired setEdit
	next    uint64
	keys    keyTx
	stale   []TagID // open tags whose own or sub-tags' members changed

	many    map[TagID]*openTag
	handles bool // From made handles of it

	openAttrs map[string]*openAttr // by name; nil: none
	spellings *spellings           // for Warnings; nil: not asked for

	// The open tags: the first few in place, so that a transaction of one Add
	// makes no map. Those from used on are clear.
	few  [4]openTag
	used int
}

// An openTag is a record that the transaction made since the last freeze, and
// therefore may write. While it is open, its members are those of members.
type openTag struct {
	*tagRec
	members directEdit
	change  *timesEdit      // nil: the times are those of the record
	stale   bool            // among Tx.stale
	listed  bool            // sub-tags came or went
	moved   bool            // and brought or took along their members, or includes did
	gone    []bitmap.Bitmap // the direct members of sub-tags deleted

	indexing *indexEdit // nil: the index is that of the record
}

// begin starts a transaction on top of st. If record is set it keeps an account
// of the verbs, for commit.
func begin(st *state, now int64, record bool) *Tx { return new(work).begin(st, now, record) }

// begin is begin with w, which is all clear.
func (w *work) begin(st *state, now int64, record bool) *Tx {
	w.base, w.frozen = st, st
	w.now = time.Unix(0, now).UTC()
	w.version, w.identity = st.version+1, st.identity
	w.tags, w.names, w.attrs = st.tags.Edit(), st.names.Edit(), st.attrs.Edit()
	w.live.b, w.retired.b = st.live, st.retired
	w.next, w.keys = st.next, st.keys.begin()
	w.policy, w.census = st.policy, st.census
	if record {
		w.record = newRecorder()
	}
	return &Tx{work: w}
}

// begin starts the transaction of an Update on top of st. The caller holds the
// writer lock.
func (s *Store) begin(st *state) *Tx {
	w := s.spare
	if w == nil {
		w = new(work)
	}
	s.spare = nil
	return w.begin(st, s.now(), s.records())
}

// end ends a transaction of begin; it undoes what is not committed, also when the
// function panics.
func (s *Store) end(tx *Tx) {
	tx.work.end()
	w := tx.work
	if w.handles { // others have it, too
		return
	}
	tx.over = over{w.base, w.frozen, w.now.UnixNano()}
	tx.work = nil
	w.clear()
	s.spare = w
}

// clear makes w as good as new. Of the room for open tags it clears what was used.
func (w *work) clear() {
	w.base, w.frozen, w.identity, w.record = nil, nil, nil, nil
	w.now, w.actor, w.reason = time.Time{}, "", ""
	w.touched, w.done, w.escaped = 0, false, false
	w.version, w.chain = 0, journal.Chain{}
	w.tags = cow.VectorEdit[*tagRec]{}
	w.names = cow.MapEdit[string, TagID]{}
	w.attrs = cow.MapEdit[string, *attrRec]{}
	w.policy, w.census = Policy{}, census{}
	w.live, w.retired = setEdit{}, setEdit{}
	w.next, w.keys = 0, keyTx{}
	w.stale = w.stale[:0]
	if cap(w.stale) > len(w.few) {
		w.stale = nil
	}
	w.many, w.openAttrs, w.spellings = nil, nil, nil
	clear(w.few[:w.used])
	w.used = 0
}
