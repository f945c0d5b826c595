package tagset

import (
	"math"
	"math/bits"
	"sync/atomic"
)

// A keyTable maps hashes to records: open addressing with linear probing, at
// most four fifths full. A slot is 0 or holds a record's place in its low
// bits, as many as the table's arena needs, and bits of the hash above, so
// that few probes touch a record that is not the one sought. A slot is written
// once; only the records of an aborted transaction are taken out, newest
// first, which is the one order that leaves every remaining probe path whole.
type keyTable struct {
	slots []uint32 // atomic
	mask  uint32   // of the place
}

// keyTableMin is the size of the first table.
const keyTableMin = 64

// newKeyTable makes a table for places up to and a good way past at.
func newKeyTable(slots int, at keyPlace) *keyTable {
	reach := max(4*uint64(slots), 2*uint64(at)) // four units a slot: keys of 6 to 14 bytes
	return &keyTable{slots: make([]uint32, slots), mask: uint32(1<<min(32, bits.Len64(reach)) - 1)}
}

func (t *keyTable) capacity() int { return len(t.slots) / 5 * 4 }

// grown is the size of the next table: not twice as large, so that slots take
// 7 bytes a key at most.
func grown(slots int) int { return slots + slots/5*2 }

// slotsFor is the size of a table for n keys and a few more.
func slotsFor(n int) int { return max(keyTableMin, n/4*5+n/16) }

// start gives the first slot to probe and the hash bits that slots keep.
func (t *keyTable) start(hash uint64) (i int, tag uint32) {
	hi, _ := bits.Mul64(hash, uint64(len(t.slots)))
	return int(hi), uint32(hash) &^ t.mask
}

func (t *keyTable) after(i int) int {
	if i++; i < len(t.slots) {
		return i
	}
	return 0
}

// put files the record at under hash and counts the records it passed that
// look the same, which is how many of that key were interned before, give or
// take a stray collision.
func (t *keyTable) put(hash uint64, at keyPlace) (alike int) {
	i, tag := t.start(hash)
	for ; ; i = t.after(i) {
		slot := t.slots[i]
		if slot == 0 {
			atomic.StoreUint32(&t.slots[i], tag|uint32(at))
			return alike
		}
		if (slot^tag)&^t.mask == 0 {
			alike++
		}
	}
}

// take removes the record at, which must be the newest in the table.
func (t *keyTable) take(hash uint64, at keyPlace) {
	i, tag := t.start(hash)
	for t.slots[i] != tag|uint32(at) {
		i = t.after(i)
	}
	atomic.StoreUint32(&t.slots[i], 0)
}

// maxAlike is how many records of one key may lie in a table of n before a
// rebuild is due. Passing them costs every search for that key, a rebuild
// costs n: at the square root the two are in balance, so that a key forgotten
// and interned for ever costs microseconds a time, not a scan.
func maxAlike(n uint32) int { return 64 + int(4*math.Sqrt(float64(n))) }
