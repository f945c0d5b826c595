package tagset

import (
	"hash/maphash"
	"iter"
	"sort"
	"sync/atomic"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// A keyView is the application keys as one version sees them: the records up
// to a bound of an append-only index that later versions share.
//
// The index is an arena of records, each an ordinal and its key, in order of
// interning; a hash table from key to record; and a mark at every 8th record
// for the way back from ordinal to key. A commit appends records and marks and
// fills table slots in place; it copies nothing. What makes one index serve
// every version at once:
//
//   - A record belongs to a view if it lies below the view's end and its
//     ordinal is live in the view's universe. So forgetting a member writes
//     nothing here, and a key interned again is simply a later record; a
//     search goes on past records that the view may not see.
//   - Records below end, and the lists of chunks and marks up to their
//     lengths, are written before the view is published and never after. Table
//     slots are atomic, and a reader that meets a place from the future drops
//     it without looking there.
//   - Ordinals ascend in the arena (interning hands out 1 + the highest
//     ordinal ever live), so the record of an ordinal is found by searching.
//
// A look-up touches a slot and a record, two cache lines far from each other.
// A key of n bytes costs 6 + n bytes rounded up to a multiple of 4, 5 to 7
// bytes of table and a byte of mark, and there may be an eighth of records
// whose member is forgotten: within 1.5 times the bytes of the keys plus 16
// bytes a key, from 10,000 keys on and for keys of 4 bytes or more. lookup allocates nothing and takes
// no lock. The zero keyView holds no key.
type keyView struct {
	ix     *keyIndex // nil: no key yet
	chunks []*keyChunk
	marks  []keyMarker
	end    keyPlace // of the first record that this view may not see
	n      uint32   // records before it
	dead   uint32   // those among them whose member is forgotten
}

// A keyMarker is where a record begins; there is one for every markEvery.
type keyMarker struct {
	ord uint32
	at  keyPlace
}

const markEvery = 8

// len is the number of keys whose member is live.
func (k keyView) len() int { return int(k.n - k.dead) }

// lookup finds the member that carries key. live is the universe of the
// version that k belongs to.
func (k keyView) lookup(key string, live bitmap.Bitmap) (Member, bool) {
	if k.n == 0 {
		return 0, false
	}
	t := k.ix.table.Load()
	for i, tag := t.start(maphash.String(k.ix.seed, key)); ; i = t.after(i) {
		slot := atomic.LoadUint32(&t.slots[i])
		if slot == 0 {
			return 0, false
		}
		if (slot^tag)&^t.mask != 0 {
			continue
		}
		at := keyPlace(slot & t.mask)
		if at >= k.end {
			continue // appended after this view
		}
		ord, found := k.record(at)
		if found == key && live.Contains(ord) {
			return Member(ord), true
		}
	}
}

// key finds the key of m. The string shares the index's memory. The caller
// has made sure that m is live in k's version.
func (k keyView) key(m Member) (string, bool) {
	if k.n == 0 || uint32(m) < k.marks[0].ord {
		return "", false
	}
	for at := k.marks[k.markBefore(uint32(m))].at; at < k.end; {
		ord, key := k.record(at)
		if ord == uint32(m) {
			return key, true
		}
		if ord > uint32(m) {
			break // m has none
		}
		at = k.after(at, len(key))
	}
	return "", false
}

// markBefore finds the last mark whose ordinal is not above ord; the first
// one's is not. Ordinals are distinct and ascend, so ord is at most
// ord − first records away; where they are dense, that is the place.
func (k keyView) markBefore(ord uint32) int {
	hi := min(len(k.marks)-1, int((ord-k.marks[0].ord)/markEvery))
	if k.marks[hi].ord <= ord {
		return hi
	}
	return sort.Search(hi, func(i int) bool { return k.marks[i].ord > ord }) - 1
}

// all yields the live members that have a key, ascending, with their keys.
func (k keyView) all(live bitmap.Bitmap) iter.Seq2[Member, string] {
	return func(yield func(Member, string) bool) {
		for at := keyStart; at < k.end; {
			ord, key := k.record(at)
			if live.Contains(ord) && !yield(Member(ord), key) {
				return
			}
			at = k.after(at, len(key))
		}
	}
}

// memory is the number of bytes that the index of k holds.
func (k keyView) memory() int {
	if k.ix == nil {
		return 0
	}
	size := 4*len(k.ix.table.Load().slots) + 8*cap(k.marks) + 8*cap(k.chunks)
	for _, c := range k.chunks {
		size += keyChunkBytes + int(c.room.Load())
	}
	return size
}

// A keyIndex is what the views of many versions share.
type keyIndex struct {
	seed  maphash.Seed // random for each index: nobody can choose keys that collide
	table atomic.Pointer[keyTable]

	// For the writer alone, under the store's lock.
	tail    keyView // all that the index holds: more than a view, after an abandoned transaction
	crowded bool    // too many forgotten records of one key
}
