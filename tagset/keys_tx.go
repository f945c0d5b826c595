package tagset

import (
	"hash/maphash"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// A keyTx is the write side of the key index during one transaction. Its
// user holds the store's writer lock.
//
//	kt := state.keys.begin()
//	if _, ok := kt.freeze().lookup(key, live); !ok && kt.fits(key) { kt.intern(key, m) }
//	kt.forget(m)            // of a live m, with or without a key
//	kt.compact(live)        // before commit and after many forgets
//	next.keys = kt.freeze() // commit; or kt.rollback(escaped)
type keyTx struct {
	base keyView
	cur  keyView
	own  bool // base's index has records of this transaction
}

// begin starts a transaction on top of k.
func (k keyView) begin() keyTx { return keyTx{base: k, cur: k} }

// freeze is the index as the transaction sees it now; later changes do not
// show in it. It serves tx.View as well as the commit.
func (t *keyTx) freeze() keyView { return t.cur }

// fits tells whether there is room for key: 16 GiB hold them all.
func (t *keyTx) fits(key string) bool {
	_, ok := t.cur.place(len(key))
	return ok
}

// intern appends key for m. key fits and is not that of a live member, and m
// is above every ordinal in the index.
func (t *keyTx) intern(key string, m Member) {
	ix := t.writable()
	at := ix.tail.append(uint32(m), key)
	table := ix.table.Load()
	if n := int(ix.tail.n); n > table.capacity() {
		ix.rehash(grown(len(table.slots)))
	} else if uint32(at) > table.mask {
		ix.rehash(len(table.slots))
	} else if table.put(maphash.String(ix.seed, key), at) > maxAlike(ix.tail.n) {
		ix.crowded = true
	}
	dead := t.cur.dead
	t.cur = ix.tail
	t.cur.dead = dead
}

// reserve makes room in the table for n more keys, of which the caller is
// about to intern most.
func (t *keyTx) reserve(n int) {
	ix := t.writable()
	slots := len(ix.table.Load().slots)
	if want := slotsFor(int(ix.tail.n) + n); want > slots {
		ix.rehash(max(want, grown(slots)))
	}
}

// forget notes that m is no longer live.
func (t *keyTx) forget(m Member) {
	if _, ok := t.cur.key(m); ok {
		t.cur.dead++
	}
}

// A keyMark is a point within a transaction to come back to.
type keyMark struct{ at keyView }

// mark remembers where the transaction is.
func (t *keyTx) mark() keyMark { return keyMark{t.cur} }

// cut takes back everything since mark. No view was frozen and nothing
// compacted in between: a verb that fails midway calls it.
func (t *keyTx) cut(m keyMark) {
	if t.cur.ix != nil && t.cur.ix == m.at.ix {
		t.cur.ix.cut(m.at)
	}
	t.cur = m.at
}

// rollback ends the transaction without a trace. If a frozen view has
// escaped to somebody who may still use it, its records stay where they are,
// past every other view's end, and the next writer moves to a copy of the
// index without them.
func (t *keyTx) rollback(escaped bool) {
	if t.own && !escaped {
		t.base.ix.cut(t.base)
	}
	t.cur, t.own = t.base, false
}

// compact moves to a new index without the keys of forgotten members if
// these are more than an eighth, or a single key has too many. Views keep
// the index they have, and with it the bytes of those keys, until they are
// garbage themselves.
func (t *keyTx) compact(live bitmap.Bitmap) {
	k := t.cur
	if k.dead == 0 || k.dead < k.n/8 && !k.ix.crowded {
		return
	}
	var next keyTx
	for m, key := range k.all(live) {
		if next.cur.ix == nil {
			next.cur.ix = newKeyIndex(slotsFor(k.len()), k.end)
		}
		next.intern(key, m)
	}
	t.cur = next.cur
}

// writable gives the index to append to: that of cur, unless the index holds
// records that are not cur's.
func (t *keyTx) writable() *keyIndex {
	switch ix := t.cur.ix; {
	case ix == nil:
		t.cur.ix = newKeyIndex(keyTableMin, keyStart)
	case ix.tail.n != t.cur.n:
		t.cur.ix = ix.fork(t.cur)
	case ix == t.base.ix:
		t.own = true
	}
	return t.cur.ix
}

func newKeyIndex(slots int, end keyPlace) *keyIndex {
	ix := &keyIndex{seed: maphash.MakeSeed()}
	ix.tail.ix = ix
	ix.table.Store(newKeyTable(slots, end))
	return ix
}

// rehash moves to another table. Readers go on with the one they have.
func (ix *keyIndex) rehash(slots int) {
	t := newKeyTable(slots, ix.tail.end)
	for at := keyStart; at < ix.tail.end; {
		_, key := ix.tail.record(at)
		t.put(maphash.String(ix.seed, key), at)
		at = ix.tail.after(at, len(key))
	}
	ix.table.Store(t)
}

// cut removes the records past view k, which no other view sees. Newest
// first: see keyTable.
func (ix *keyIndex) cut(k keyView) {
	ix.drop(ix.table.Load(), k)
	ix.tail = k
	ix.tail.dead = 0
}

// drop takes the records past k out of t.
func (ix *keyIndex) drop(t *keyTable, k keyView) {
	if ix.tail.n == k.n {
		return
	}
	places := make([]keyPlace, 0, ix.tail.n-k.n)
	for at := ix.tail.seek(max(k.end, keyStart)); at < ix.tail.end; {
		places = append(places, at)
		_, key := ix.tail.record(at)
		at = ix.tail.after(at, len(key))
	}
	for _, at := range slices.Backward(places) {
		_, key := ix.tail.record(at)
		t.take(maphash.String(ix.seed, key), at)
	}
}

// fork copies the index up to view k, of an index whose later records belong
// to a view that escaped from an aborted transaction. Full chunks are shared.
func (ix *keyIndex) fork(k keyView) *keyIndex {
	from := ix.table.Load()
	table := &keyTable{slots: slices.Clone(from.slots), mask: from.mask}
	ix.drop(table, k)
	next := &keyIndex{seed: ix.seed, tail: k.owned()}
	next.tail.ix = next
	next.tail.dead = 0
	next.table.Store(table)
	return next
}
