package tagset

import (
	"hash/maphash"
	"iter"
	"math/bits"
	"sync/atomic"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// A keyView is the application keys as one version sees them: the first n
// entries of an append-only index that later versions share.
//
// The index is three things: the entries in order of interning (ordinal and
// end of the key bytes), the key bytes themselves, and a hash table from key
// to entry number. A commit appends entries and fills table slots in place;
// it copies nothing. What makes one index serve every version at once:
//
//   - An entry belongs to a view if its number is below the view's bound n
//     and its ordinal is live in the view's universe. So forgetting a member
//     writes nothing here, and a key interned again is simply a later entry;
//     a search goes on past entries that the view may not see.
//   - Entries below n, their bytes, and the page list up to its length are
//     written before the view is published and never after. Table slots are
//     atomic, and a reader that meets a number from the future drops it
//     without looking at the entry.
//   - Ordinals ascend with entry numbers (interning hands out 1 + the highest
//     ordinal ever live), so the way from ordinal to key is a search in the
//     entries and needs no table.
//
// Cost: 8 bytes an entry, 5 to 7.5 bytes of table, the key bytes, and at most
// an eighth of entries whose member is forgotten: within 1.5 times the bytes
// of the keys plus 16 bytes a key from 10,000 keys on. lookup allocates
// nothing and takes no lock. The zero keyView holds no key.
type keyView struct {
	ix    *keyIndex // nil: no key yet
	pages []*keyPage
	n     uint32 // entries that this view may see
	dead  uint32 // entries among them whose member is forgotten
}

// len is the number of keys whose member is live.
func (k keyView) len() int { return int(k.n - k.dead) }

// lookup finds the member that carries key. live is the universe of the
// version that k belongs to.
func (k keyView) lookup(key string, live bitmap.Bitmap) (Member, bool) {
	if k.n == 0 {
		return 0, false
	}
	t := k.ix.table.Load()
	for at, tag := t.start(maphash.String(k.ix.seed, key)); ; at = t.after(at) {
		slot := atomic.LoadUint32(&t.slots[at])
		if slot == 0 {
			return 0, false
		}
		if (slot^tag)&^t.mask != 0 {
			continue
		}
		e := slot&t.mask - 1
		if e >= k.n {
			continue // appended after this view
		}
		p, i := k.pages[e/keyPageLen], e%keyPageLen
		if p.key(i) != key {
			continue
		}
		if m := p.entries[i].ord; live.Contains(m) {
			return Member(m), true
		}
	}
}

// key finds the key of m. The string shares the index's memory. The caller
// has made sure that m is live in k's version.
func (k keyView) key(m Member) (string, bool) {
	e, ok := k.entryOf(m)
	if !ok {
		return "", false
	}
	return k.pages[e/keyPageLen].key(e % keyPageLen), true
}

// entryOf searches the entry of ordinal m. Ordinals are distinct and ascend,
// so two entries that lie d numbers apart differ by at least d: both ends
// bound the place, and in a dense stretch they meet at once.
func (k keyView) entryOf(m Member) (uint32, bool) {
	if k.n == 0 {
		return 0, false
	}
	lo, hi := uint32(0), k.n-1
	for lo <= hi {
		first, last := k.ord(lo), k.ord(hi)
		if uint32(m) < first || uint32(m) > last {
			return 0, false
		}
		if d := uint32(m) - first; d < hi-lo {
			hi = lo + d
		}
		if d := last - uint32(m); d < hi-lo {
			lo = hi - d
		}
		mid := lo + (hi-lo)/2
		switch at := k.ord(mid); {
		case at == uint32(m):
			return mid, true
		case at < uint32(m):
			lo = mid + 1
		case mid == 0:
			return 0, false
		default:
			hi = mid - 1
		}
	}
	return 0, false
}

func (k keyView) ord(e uint32) uint32 { return k.pages[e/keyPageLen].entries[e%keyPageLen].ord }

// all yields the live members that have a key, ascending, with their keys.
func (k keyView) all(live bitmap.Bitmap) iter.Seq2[Member, string] {
	return func(yield func(Member, string) bool) {
		for e := range k.n {
			p, i := k.pages[e/keyPageLen], e%keyPageLen
			if m := p.entries[i].ord; live.Contains(m) && !yield(Member(m), p.key(i)) {
				return
			}
		}
	}
}

// memory is the number of bytes that the index of k holds.
func (k keyView) memory() int {
	if k.ix == nil {
		return 0
	}
	size := 4*len(k.ix.table.Load().slots) + 8*cap(k.pages)
	for _, p := range k.pages {
		size += keyPageBytes + int(p.room.Load())
	}
	return size
}

// A keyIndex is what the views of many versions share.
type keyIndex struct {
	seed  maphash.Seed // random for each index: nobody can choose keys that collide
	table atomic.Pointer[keyTable]

	// For the writer alone, under the store's lock.
	tail    uint32 // entries in table; more than a view's n: an abandoned transaction's
	pages   []*keyPage
	crowded bool // too many forgotten entries of one key
}

// A keyTable maps hashes to entries: open addressing with linear probing, at
// most four fifths full. A slot is 0 or holds an entry number + 1 in its low
// bits, as many as the table needs, and bits of the hash above, so that few
// probes touch an entry that is not the one sought. A slot is written once;
// only the entries of an aborted transaction are taken out, newest first,
// which is the one order that leaves every remaining probe path whole.
type keyTable struct {
	slots []uint32 // atomic
	mask  uint32   // of the entry number
}

// Growing by half, not twofold, keeps slots within 7.5 bytes a key.
const keyTableMin = 64

func newKeyTable(slots int) *keyTable {
	t := &keyTable{slots: make([]uint32, slots)}
	t.mask = uint32(1<<bits.Len(uint(t.capacity())) - 1)
	return t
}

func (t *keyTable) capacity() int { return len(t.slots) / 5 * 4 }

// start gives the first slot to probe and the hash bits that slots keep.
func (t *keyTable) start(hash uint64) (at int, tag uint32) {
	hi, _ := bits.Mul64(hash, uint64(len(t.slots)))
	return int(hi), uint32(hash) &^ t.mask
}

func (t *keyTable) after(at int) int {
	if at++; at < len(t.slots) {
		return at
	}
	return 0
}

// put files entry e under hash and counts the entries it passed that look
// the same, which is how many of that key were interned before, give or take
// a stray collision.
func (t *keyTable) put(hash uint64, e uint32) (alike int) {
	at, tag := t.start(hash)
	for ; ; at = t.after(at) {
		slot := t.slots[at]
		if slot == 0 {
			atomic.StoreUint32(&t.slots[at], tag|(e+1))
			return alike
		}
		if (slot^tag)&^t.mask == 0 {
			alike++
		}
	}
}

// take removes entry e, which must be the newest in the table.
func (t *keyTable) take(hash uint64, e uint32) {
	at, tag := t.start(hash)
	for t.slots[at] != tag|(e+1) {
		at = t.after(at)
	}
	atomic.StoreUint32(&t.slots[at], 0)
}
