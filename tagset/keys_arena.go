package tagset

import (
	"encoding/binary"
	"sync/atomic"
	"unsafe"
)

// A record is u32 ordinal, u16 length of the key, key, and zeros up to a
// multiple of 4; integers are little-endian. Records lie in chunks of 64 KiB
// and do not straddle them: where the next one did not fit, a length of 0 or
// the chunk's end says so.

// A keyPlace is where a record begins, in units of 4 bytes from the beginning
// of the first chunk; 32 bits reach 16 GiB. Place 0 is no record's.
type keyPlace uint32

const (
	keyUnit    = 4
	keyHead    = 6
	chunkBytes = 64 << 10
	chunkUnits = chunkBytes / keyUnit

	// keyStart is the place of the first record.
	keyStart keyPlace = 1

	// wholeChunks is the number of chunks from which a new one is allocated
	// whole: it is then under a sixteenth of all. Before, it grows as needed.
	wholeChunks = 16
)

// keyChunkBytes is what a chunk takes besides its bytes.
const keyChunkBytes = int(unsafe.Sizeof(keyChunk{}))

// A keyChunk is a piece of the arena. While it fills, the bytes move to larger
// arrays; a reader may meet any of these and finds what it is allowed to see
// in each. Published bytes are never written again.
type keyChunk struct {
	bytes atomic.Pointer[byte]
	room  atomic.Uint32 // length of the array at bytes
}

// array is the bytes of the chunk, for the writer.
func (c *keyChunk) array() []byte { return unsafe.Slice(c.bytes.Load(), c.room.Load()) }

// resize moves the first used bytes to an array of room bytes.
func (c *keyChunk) resize(used, room int) {
	to := make([]byte, room)
	copy(to, c.array()[:min(used, int(c.room.Load()))])
	c.bytes.Store(unsafe.SliceData(to))
	c.room.Store(uint32(room))
}

// record reads the record at a place below end. The key is not a copy.
func (k keyView) record(at keyPlace) (ord uint32, key string) {
	base := unsafe.Pointer(k.chunks[at/chunkUnits].bytes.Load())
	p := unsafe.Add(base, at%chunkUnits*keyUnit)
	// The array holds all of the record: it was copied there or written before
	// end was published.
	head := (*[keyHead]byte)(p)
	size := binary.LittleEndian.Uint16(head[4:])
	return binary.LittleEndian.Uint32(head[:]), unsafe.String((*byte)(unsafe.Add(p, keyHead)), size)
}

// after is the place of the record that follows the one at a place with a key
// of size bytes; end or more if there is none.
func (k keyView) after(at keyPlace, size int) keyPlace { return k.seek(at + recordUnits(size)) }

// seek is the place of the record that begins where the one before ended.
func (k keyView) seek(at keyPlace) keyPlace {
	if at >= k.end || at%chunkUnits == 0 {
		return at
	}
	c, off := k.chunks[at/chunkUnits], uint32(at%chunkUnits*keyUnit)
	if off+keyHead <= c.room.Load() {
		p := (*[keyHead]byte)(unsafe.Add(unsafe.Pointer(c.bytes.Load()), off))
		if p[4]|p[5] != 0 {
			return at
		}
	}
	return at/chunkUnits*chunkUnits + chunkUnits
}

// recordUnits is the length of a record.
func recordUnits(key int) keyPlace { return keyPlace((keyHead + key + keyUnit - 1) / keyUnit) }

// place is where the next record will lie if its key has size bytes; ok is
// false if it is out of reach.
func (k keyView) place(size int) (at keyPlace, ok bool) {
	at = max(k.end, keyStart)
	last := uint64(at) + uint64(recordUnits(size)) // at most a unit past the chunk
	if uint64(at)/chunkUnits != (last-1)/chunkUnits {
		last = uint64(at)/chunkUnits*chunkUnits + chunkUnits
		at = keyPlace(last)
		last += uint64(recordUnits(size))
	}
	return at, last < 1<<32
}

// append writes a record at the end of k, which is all of its index, and
// returns its place.
func (k *keyView) append(ord uint32, key string) keyPlace {
	at, _ := k.place(len(key))
	from := k.end
	// Tell readers that go through the records where the chunk ends.
	if from%chunkUnits != 0 && at/chunkUnits != from/chunkUnits {
		if rest := k.chunks[from/chunkUnits].array()[from%chunkUnits*keyUnit:]; len(rest) >= keyHead {
			clear(rest[:keyHead])
		}
	}
	if int(at/chunkUnits) == len(k.chunks) {
		c := new(keyChunk)
		if len(k.chunks) >= wholeChunks {
			c.resize(0, chunkBytes)
		}
		k.chunks = append(k.chunks, c)
	}
	c := k.chunks[at/chunkUnits]
	start := int(at % chunkUnits * keyUnit)
	stop := start + int(recordUnits(len(key))*keyUnit)
	if room := int(c.room.Load()); stop > room {
		c.resize(start, min(chunkBytes, max(stop, room+room/4, 256)))
	}
	p := c.array()[start:stop]
	binary.LittleEndian.PutUint32(p, ord)
	binary.LittleEndian.PutUint16(p[4:], uint16(len(key)))
	copy(p[keyHead:], key)
	if k.n%markEvery == 0 {
		k.marks = append(k.marks, keyMarker{ord, at})
	}
	k.end = at + recordUnits(len(key))
	k.n++
	return at
}

// owned is k with lists of its own, and its last chunk copied, so that
// appending to it writes nothing that k shares.
func (k keyView) owned() keyView {
	k.chunks = append(make([]*keyChunk, 0, len(k.chunks)+1), k.chunks...)
	k.marks = append(make([]keyMarker, 0, len(k.marks)+1), k.marks...)
	if used := int(k.end % chunkUnits * keyUnit); used > 0 {
		last := &k.chunks[k.end/chunkUnits]
		c := new(keyChunk)
		to := make([]byte, (*last).room.Load())
		copy(to, (*last).array()[:used])
		c.bytes.Store(unsafe.SliceData(to))
		c.room.Store(uint32(len(to)))
		*last = c
	}
	return k
}
