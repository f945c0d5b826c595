package tagset

import (
	"hash/maphash"
	"math"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// A keyTx is the write side of the key index during one transaction. Its
// user holds the store's writer lock.
//
//	kt := state.keys.begin()
//	if _, ok := kt.freeze().lookup(key, live); !ok { kt.intern(key, m) }
//	kt.forget(m)            // of a live m, with or without a key
//	kt.compact(live)        // before commit and after many forgets
//	next.keys = kt.freeze() // commit; or kt.rollback(escaped)
type keyTx struct {
	base keyView
	cur  keyView
	own  bool // base's index has entries of this transaction
}

// begin starts a transaction on top of k.
func (k keyView) begin() keyTx { return keyTx{base: k, cur: k} }

// freeze is the index as the transaction sees it now; later changes do not
// show in it. It serves tx.View as well as the commit.
func (t *keyTx) freeze() keyView { return t.cur }

// intern appends key for m. key is not that of a live member, and m is above
// every ordinal in the index.
func (t *keyTx) intern(key string, m Member) {
	ix := t.writable()
	e := t.cur.n
	i := e % keyPageLen
	if i == 0 {
		ix.pages = append(ix.pages, newKeyPage())
	}
	at := int(e / keyPageLen)
	ix.pages[at].append(i, key, uint32(m), ix.guess(at, i, len(key)))
	hash := maphash.String(ix.seed, key)
	table := ix.table.Load()
	if int(e) >= table.capacity() {
		table = ix.grow(len(table.slots) + len(table.slots)/2)
	}
	if alike := table.put(hash, e); alike > maxAlike(e) {
		ix.crowded = true
	}
	ix.tail = e + 1
	t.cur.pages = ix.pages
	t.cur.n = e + 1
}

// reserve makes room in the table for n more keys, of which the caller is
// about to intern most.
func (t *keyTx) reserve(n int) {
	ix := t.writable()
	slots := len(ix.table.Load().slots)
	if want := slotsFor(int(ix.tail) + n); want > slots {
		ix.grow(max(want, slots+slots/2))
	}
}

// forget notes that m is no longer live.
func (t *keyTx) forget(m Member) {
	if _, ok := t.cur.entryOf(m); ok {
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
	if t.cur.ix != nil && t.cur.ix == m.at.ix && t.cur.n > m.at.n {
		t.cur.ix.cut(m.at.n)
	}
	t.cur = m.at
}

// rollback ends the transaction without a trace. If a frozen view has
// escaped to somebody who may still use it, its entries stay where they are,
// out of every other view's bound, and the next writer moves to a copy of
// the index without them.
func (t *keyTx) rollback(escaped bool) {
	if t.own && !escaped {
		t.base.ix.cut(t.base.n)
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
			next.cur.ix = newKeyIndex(slotsFor(k.len()))
		}
		next.intern(key, m)
	}
	t.cur = next.cur
}

// writable gives the index to append to: that of cur, unless the index holds
// entries that are not cur's.
func (t *keyTx) writable() *keyIndex {
	switch ix := t.cur.ix; {
	case ix == nil:
		t.cur.ix = newKeyIndex(keyTableMin)
	case ix.tail != t.cur.n:
		t.cur.ix = ix.fork(t.cur)
		t.cur.pages = t.cur.ix.pages
	case ix == t.base.ix:
		t.own = true
	}
	return t.cur.ix
}

func newKeyIndex(slots int) *keyIndex {
	ix := &keyIndex{seed: maphash.MakeSeed()}
	ix.table.Store(newKeyTable(slots))
	return ix
}

// slotsFor is the size of a table for n keys and a few more.
func slotsFor(n int) int { return max(keyTableMin, n/4*5+n/16) }

// maxAlike is how many entries of one key may lie in a table of n before a
// rebuild is due. Passing them costs every search for that key, a
// rebuild costs n: at the square root the two are in balance, so that a key
// forgotten and interned for ever costs microseconds a time, not a scan.
func maxAlike(n uint32) int { return 64 + int(4*math.Sqrt(float64(n))) }

// guess estimates the bytes that page at needs in all when its i-th key is
// written: as many as the page before took, else an even share.
func (ix *keyIndex) guess(at int, i uint32, size int) uint32 {
	if at > 0 {
		if before := ix.pages[at-1].entries[keyPageLen-1].end; i == 0 {
			return before
		}
		return 0
	}
	return uint32(16 * size)
}

// grow moves to a larger table. Readers go on with the one they have.
func (ix *keyIndex) grow(slots int) *keyTable {
	t := newKeyTable(slots)
	for e := range ix.tail {
		t.put(ix.hash(e), e)
	}
	ix.table.Store(t)
	return t
}

func (ix *keyIndex) hash(e uint32) uint64 {
	return maphash.String(ix.seed, ix.pages[e/keyPageLen].key(e%keyPageLen))
}

// cut removes the entries from n on, which no view sees. Newest first: see
// keyTable.
func (ix *keyIndex) cut(n uint32) {
	t := ix.table.Load()
	for ix.tail > n {
		t.take(ix.hash(ix.tail-1), ix.tail-1)
		ix.tail--
	}
	ix.pages = ix.pages[:pagesFor(n)]
}

// fork copies the index up to view k, of an index whose later entries belong
// to a view that escaped from an aborted transaction. Full pages are shared.
func (ix *keyIndex) fork(k keyView) *keyIndex {
	from := ix.table.Load()
	table := &keyTable{slots: slices.Clone(from.slots), mask: from.mask}
	for e := ix.tail; e > k.n; e-- {
		table.take(ix.hash(e-1), e-1)
	}
	// Room for the next page keeps append from writing to the old list.
	pages := append(make([]*keyPage, 0, len(k.pages)+1), k.pages...)
	if rest := k.n % keyPageLen; rest > 0 {
		pages[len(pages)-1] = pages[len(pages)-1].head(rest)
	}
	next := &keyIndex{seed: ix.seed, tail: k.n, pages: pages}
	next.table.Store(table)
	return next
}

func pagesFor(n uint32) int { return int(n/keyPageLen) + min(1, int(n%keyPageLen)) }
