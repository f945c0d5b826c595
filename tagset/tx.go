package tagset

import (
	"strings"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/journal"
)

// A Tx is a transaction: what [Store.Update] hands to its function. It belongs
// to that call's goroutine and ends with it; after that every verb gives
// [ErrClosed].
//
// Each verb is all or nothing by itself: it checks all of its arguments before
// it changes anything, so that a caller may handle an error and go on.
type Tx struct {
	*work         // nil: the transaction is over, and its work given back
	over          // once it is
	source string // on whose behalf: From; "" is a source as well
	odd    bool   // no tag can have that source
}

// over is what is left of a transaction whose work was given back.
type over struct {
	from, result *state
	at           int64
}

// By attributes what follows to actor, who appears as ModifiedBy of the tags
// changed, and says why. It returns the same transaction. Invalid UTF-8 is
// dropped from both, and what is beyond 64 KiB. The reason goes to the journal
// of a durable store and to the feed, see [Store.Changes]; nothing else keeps it.
func (tx *Tx) By(actor, reason string) *Tx {
	if tx.work == nil {
		return tx
	}
	tx.actor, tx.reason = clip(actor), clip(reason)
	return tx
}

func clip(s string) string {
	return strings.ToValidUTF8(s[:min(len(s), maxText)], "")
}

// View returns what the transaction has done so far, as a view of the version
// that it would commit now: one past the store's if anything changed. The view
// stays valid and as it is, whatever becomes of the transaction. After the
// transaction it gives its result: the version committed, or the one before.
//
// It ends the transaction's right to edit in place: the next change to each set
// and tag copies again.
func (tx *Tx) View() *View {
	if tx.work == nil {
		return &View{state: tx.result, time: tx.at}
	}
	if tx.touched > 0 && !tx.done {
		tx.escaped = true
	}
	st := tx.freeze()
	return &View{state: st, time: tx.now.UnixNano()}
}

// commit returns the next state; if nothing changed, the one it started from. If
// the policy forbids it the transaction is still to be ended. If it is recorded,
// and something changed, the commit tells how.
func (tx *Tx) commit() (*state, *journal.Commit, error) {
	if tx.touched > 0 {
		tx.keys.compact(tx.live.bitmap())
	}
	st := tx.freeze()
	if err := tx.allowCommit(st); err != nil {
		return nil, nil, err
	}
	var c *journal.Commit
	if tx.record != nil && st != tx.base {
		var err error
		if c, err = tx.record.commit(st, tx.base); err != nil {
			return nil, nil, err
		}
		if tx.escaped { // somebody may be reading st
			own := *st
			st, tx.frozen = &own, &own
		}
		st.chain = c.Chain
	}
	tx.done = true
	return st, c, nil
}

// end makes the transaction useless, and undoes it unless it was committed.
func (w *work) end() {
	if w.done {
		return
	}
	w.done = true
	w.frozen = w.base
	w.keys.rollback(w.escaped)
}

// alive refuses a transaction that is over.
func (tx *Tx) alive(op string) error {
	if tx.work == nil || tx.done {
		return &Error{Op: op, Err: ErrClosed}
	}
	return nil
}

// touch notes that the state is about to change.
func (tx *Tx) touch() {
	tx.touched++
	tx.frozen = nil
}

// find returns the record of the tag called name in any spelling.
func (tx *Tx) find(op, name string) (*tagRec, error) {
	if err := tx.alive(op); err != nil {
		return nil, err
	}
	id, ok := tx.names.Get(name) // a stored name needs no check
	if !ok {
		path, err := normalize(op, name)
		if err != nil {
			return nil, err
		}
		if id, ok = tx.names.Get(path); !ok {
			return nil, &Error{Op: op, Tag: path, Err: ErrNoTag}
		}
	}
	return tx.tags.At(int(id)), nil
}

// opened returns tag id if it is open, or nil.
func (tx *Tx) opened(id TagID) *openTag {
	for i := range tx.few[:tx.used] {
		if o := &tx.few[i]; o.tagRec != nil && o.tag.ID == id {
			return o
		}
	}
	return tx.many[id]
}

// edit returns tag id as a record that the transaction may write.
func (tx *Tx) edit(id TagID) *openTag {
	if o := tx.opened(id); o != nil {
		return o
	}
	rec := *tx.tags.At(int(id))
	return tx.put(id, &rec)
}

// put makes rec, which nobody else has, the open record of id.
func (tx *Tx) put(id TagID, rec *tagRec) *openTag {
	var o *openTag
	if tx.used < len(tx.few) {
		o = &tx.few[tx.used]
		tx.used++
	} else {
		if tx.many == nil {
			tx.many = make(map[TagID]*openTag)
		}
		o = new(openTag)
		tx.many[id] = o
	}
	o.tagRec, o.members.was, o.members.most = rec, rec.direct, tx.mayNote(rec)
	tx.tags.Set(int(id), rec)
	return o
}

// mayNote is how many changes of members of the tag of rec may wait. With times of
// tagging, which are kept by the set, none do.
func (tx *Tx) mayNote(rec *tagRec) int {
	if rec.times != nil {
		return 0
	}
	return tx.base.shared.notes
}

// forgetOpen drops the open record of a tag that is no more.
func (tx *Tx) forgetOpen(id TagID) {
	if o := tx.opened(id); o != nil {
		o.tagRec = nil
		delete(tx.many, id)
	}
}

// settle writes members and times of every open tag to its record, and ends
// the right to write to these.
func (tx *Tx) settle() {
	for i := range tx.few[:tx.used] {
		if o := &tx.few[i]; o.tagRec != nil {
			o.settle()
		}
	}
	for _, o := range tx.many {
		o.settle()
	}
	clear(tx.few[:tx.used])
	tx.used = 0
	clear(tx.many)
}

// settle writes to the record what was changed beside it.
func (o *openTag) settle() {
	o.direct = o.members.settle()
	o.settleTimes()
	o.settleHolds()
	o.settleIndex()
}

// direct returns the members of tag id as the transaction has them. It ends
// editing in place, as View does.
func (tx *Tx) direct(id TagID) bitmap.Bitmap {
	if o := tx.opened(id); o != nil {
		return o.members.bitmap()
	}
	return tx.tags.At(int(id)).direct.Bitmap()
}

// stamp records that the definition or the direct members of o change now.
func (tx *Tx) stamp(o *openTag) {
	tx.touch()
	o.tag.Modified, o.tag.ModifiedBy = tx.now, tx.actor
}

// changeMembers records that the direct members of o change now.
func (tx *Tx) changeMembers(o *openTag) {
	tx.stamp(o)
	tx.expire(o)
}

// freeze returns everything so far as an immutable state. Only what the
// transaction touched since the last freeze is visited.
func (tx *Tx) freeze() *state {
	if tx.frozen != nil {
		return tx.frozen
	}
	tx.renewUnions()
	tx.settle()
	tx.settleAttrs()
	tx.frozen = &state{
		version:  tx.version,
		time:     tx.now.UnixNano(),
		chain:    tx.chain,
		identity: tx.identity,
		tags:     tx.tags.Freeze(),
		live:     tx.live.bitmap(),
		next:     tx.next,
		keys:     tx.keys.freeze(),
		standing: tx.stand(),
		serial:   tx.base.shared.serials.Add(1),
		shared:   tx.base.shared,
	}
	return tx.frozen
}

// stand returns what stands in the next state: that of the base, if nothing of it
// changed.
func (tx *Tx) stand() *standing {
	now := standing{
		names:   tx.names.Freeze(),
		attrs:   tx.attrs.Freeze(),
		retired: tx.retired.bitmap(),
		policy:  tx.policy,
		census:  tx.census,
	}
	if now.same(tx.base.standing) {
		return tx.base.standing
	}
	next := now // on the heap, now and then
	return &next
}
