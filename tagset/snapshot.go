package tagset

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"io"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/wire"
)

// The snapshot format, version 4. All integers are little-endian; a varint is
// encoding/binary's in its shortest form, signed ones zigzag; text is a varint
// length and as many bytes.
//
//	header | frames of types 1 to 5, in ascending order of type; 8; for each attribute 9 and 10;
//	11 to 17, in that order; for each frame of type 18 those of type 19; 20 | frames of type 6 |
//	frame 7 | end of stream
//
// Header, 104 bytes:
//
//	offset  size  field
//	0       8     magic 89 54 41 47 52 0d 0a 1a
//	8       2     format version
//	10      2     lowest version of a reader that understands all of it
//	12      4     length of the header
//	16      16    UUID of the store
//	32      8     version
//	40      8     time of the version's commit, Unix nanoseconds, signed
//	48      8     next: 1 + the highest ordinal ever live
//	56      8     live members
//	64      8     retired ordinals
//	72      8     keys
//	80      8     tags
//	88      8     tag ids ever given
//	96      4     attributes
//	100     4     CRC-32C of the bytes before
//
// A frame is that of package wire: length, type, CRC-32C, payload.
//
//	type  what             payload
//	1     live members     set part
//	2     retired          set part
//	3     keys             u32 count; count × (varint gap to the ordinal before − 1, text key): the
//	                       first counts from −1; ordinals ascend over all frames
//	4     tags             u32 first id; u32 count; count × text record, by id; the empty record is
//	                       that of a deleted tag. Together: every id from 1 to the highest given
//	5     direct members   set part; tags by id, those without direct members left out
//	6     index            for each frame before: u8 type; varint tag id, or number of the attribute or
//	                       hold, where the payload begins with one, else 0; varint length of the payload
//	7     end              u64 frames before; u64 direct memberships; u64 length of the whole stream;
//	                       SHA-256 of the header and of the 12-byte heads of all frames before;
//	                       magic 1a 0a 0d 52 47 41 54 89
//	8     attributes       u32 count; count × (u8 type; text name), by name over all frames; they are numbered
//	                       from 1. Types: 0 int, 1 time, 2 + places: decimal
//	9     holders          set part, with the attribute's number for the tag id: who has a value; by number,
//	                       attributes without values left out
//	10    values           of the holders before: u32 number of the attribute; chunks
//	11    times            of the direct members: u32 tag id; chunks. Tags that keep times and have members, by id
//	12    growth           u32 count; count × (varint tag id − that of the entry before; day), by tag id and day
//	                       over all frames; days on which nobody came or went are left out
//	13    policy           u32 count; count × (varint number of the field; varint value, not 0), by number: 1 MaxTags, 2
//	                       MaxTopLevel, 3 MaxLevels, 4 MaxNameRunes, 5 MaxTagsPerMember, 6 MaxBatch, 7
//	                       WarnMembers, 8 StrictNames (1)
//	14    includes         u32 count; count × (varint tag id − that of the entry before; varint id of a tag
//	                       that it includes), by tag id over all frames, a tag's in its order
//	15    precedence       the same, of sub-tags: the strongest value of the group first
//	16    formulas         u32 count; count × (varint tag id − that of the entry before; text formula, as package
//	                       expr writes it), by tag id over all frames: all composites
//	17    sources          u32 count; count × text name, in the order of their bytes over all frames; they are
//	                       numbered from 1. All that hold members, if they hold any of a tag that is in 18
//	18    holds            u32 count, at most 8,192; count × (u32 tag id; u32 number of a source that holds
//	                       members of it), by tag id and number over all frames. Tags without direct
//	                       members, or whose members are all held by the source "" alone, are left out
//	19    held             set part, with the number of the hold in the frame before, from 1, for the tag
//	                       id: whom of the tag's direct members. By number, those of all members left out
//	20    lineage          u8 flags (1: a replica; 2: promoted); hash of the version's commit and all before, 32
//	                       bytes, zero if it is not known; if promoted u32 count, count × (u64 last version, UUID
//	                       that the store had up to it), ascending. Left out if all is zero; not part of the
//	                       content, nor of its digest
//
//	set part:    u32 tag id; u16 number of the part, from 0; u16 number of the last; portable roaring
//	             bitmap (RoaringFormatSpec) of 256 blocks of 65,536 members; the last part: of 1 to 256
//	tag record:  u8 kind; u8 flags (1: archived; 2: keeps times; 4: has a time step; 8: exclusive); varint weight
//	             (signed); text name; text owner; text note; text modified-by; varint created; varint modified
//	             (signed, Unix nanoseconds); if it has one, varint time step in seconds
//	chunk:       u16 block number; u8 part; u8 width; u32 count; u64 smallest value, signed; count × (value −
//	             smallest, in width bytes), by member. A block of more than 8,192 members has a chunk for
//	             each of its 8 parts of 8,192 that has any, others are one chunk, part 0. The width is the
//	             least of 0, 1, 2, 4, 8 that holds the largest difference. Times are in steps since 1970.
//	day:         varint (4 × the days between it and the tag's day before, the first from 1677-09-20 on, + code);
//	             code 0: one came; 1: varint came, 2 or more; 2: varint went; 3: varint came, varint went
//
// Version 3 had only the types 1 to 19; version 2 the types 1 to 12, the flags 1, 2
// and 4, and no composites; version 1 had only the types 1 to 7, the flag 1, and 0 for the number of
// attributes. They are read as what they are. What a version brought is left
// out where there is nothing of it, so content that an earlier one can hold has
// the frames, and the digest, that it had then.
//
// Frames of types 3, 4, 6, 8, 10 to 12 and 14 to 17 end before the entry, or chunk, that
// would take the payload past 1 MiB. There is exactly one snapshot of a state: restoring one and
// writing it again gives the same bytes. Checksums are against damage, not
// against forgery.
const (
	snapshotFormat = 4
	headerLen      = 104
	footerLen      = 64
	magic          = "\x89TAGR\r\n\x1a"
	endMagic       = "\x1a\n\rRGAT\x89"

	// partBlocks bounds a part of a set, and with it the memory that writing
	// and reading take, to 2 MiB. A set of 16 million dense members is one part.
	partBlocks = 256

	// cutAt is where a frame of many entries ends, to bound memory likewise.
	cutAt = 1 << 20
)

// Types of frames.
const (
	frameLive = 1 + iota
	frameRetired
	frameKeys
	frameTags
	frameDirect
	frameIndex
	frameEnd
	frameAttributes
	frameHolders
	frameValues
	frameTimes
	frameGrowth
	framePolicy
	frameIncludes
	framePrecedence
	frameFormulas
	frameSources
	frameHolds
	frameHeld
	frameLineage
)

// WriteTo writes a snapshot of the view's version to w and returns the number
// of bytes that w has taken. Writers go on meanwhile. It uses up to 4 processors,
// one of them to call w, and holds 1–3 MiB for each however large the store is,
// beside some 5 bytes a tag and 60 a source. It costs little more than copying the
// sets. Of a bufio.Writer of 1 MiB it uses the buffer instead of one of its own, and
// does not flush it at the end. No goroutine outlives the call. [Restore] reads the
// snapshot.
//
// If the store has Config.Keys the snapshot is encrypted, with AES-256-GCM in chunks
// of 64 KiB, under the current key. Its length and when it was made can still be
// seen, and so about how much is in the store.
//
// Errors are w's; with Config.Keys also [ErrKey], if there is no current key, and that
// of Config.Rand.
func (v *View) WriteTo(w io.Writer) (n int64, err error) {
	if v.shared.keys != nil {
		n, err = v.writeSealed(w)
	} else {
		n, err = v.writePlain(w)
	}
	if err != nil {
		err = &Error{Op: "write snapshot", Err: err}
	}
	return n, err
}

// writePlain writes a plain snapshot, and returns the number of bytes that w has
// taken.
func (st *state) writePlain(w io.Writer) (int64, error) {
	return st.writeBy(w, width{packers(), packersFrom})
}

// writeBy writes a plain snapshot by a width.
func (st *state) writeBy(w io.Writer, by width) (int64, error) {
	out := &snapshotWriter{w: wire.NewWriter(w), heads: sha256.New(), width: by}
	defer out.close()
	err := out.write(st)
	n := out.w.Written()
	out.w.Release()
	return n, err
}

// A snapshotWriter frames the content of a state and keeps account of it.
type snapshotWriter struct {
	w      *wire.Writer
	heads  hash.Hash // of the header and the frames' heads
	index  []byte
	frames uint64

	width   width
	packery *packery // nil: frames are made when their turn has come
}

// close ends what makes frames.
func (s *snapshotWriter) close() {
	if s.packery != nil {
		s.packery.close()
	}
}

func (s *snapshotWriter) write(st *state) error {
	header := appendHeader(make([]byte, 0, headerLen), st)
	s.heads.Write(header)
	if err := s.w.Raw(header); err != nil {
		return err
	}
	if err := st.content(s.frame); err != nil {
		return err
	}
	if err := st.lineageFrame(s.frame); err != nil {
		return err
	}
	if err := s.settle(); err != nil {
		return err
	}
	for index := s.index; len(index) > 0; {
		n := indexCut(index)
		if err := s.count(frameIndex, n, func(dst []byte) []byte { return append(dst, index[:n]...) }); err != nil {
			return err
		}
		index = index[n:]
	}
	if _, err := s.w.Frame(frameEnd, footerLen, func(dst []byte) []byte {
		dst = binary.LittleEndian.AppendUint64(dst, s.frames)
		dst = binary.LittleEndian.AppendUint64(dst, st.memberships())
		dst = binary.LittleEndian.AppendUint64(dst, uint64(s.w.Offset()+wire.HeadLen+footerLen))
		dst = s.heads.Sum(dst)
		return append(dst, endMagic...)
	}); err != nil {
		return err
	}
	return s.w.Flush()
}

// frame writes a frame of content and notes it in the index.
func (s *snapshotWriter) frame(kind uint8, id TagID, size int, fill func([]byte) []byte) error {
	if s.packery == nil && s.width.workers > 0 && s.w.Offset() >= s.width.from {
		s.packery = newPackery(s.width.workers)
	}
	if s.packery != nil && holdsSet(kind) {
		return s.gather(kind, id, size, fill)
	}
	if err := s.settle(); err != nil {
		return err
	}
	start := s.w.Offset()
	err := s.count(kind, size, fill)
	s.index = appendIndex(s.index, kind, id, int(s.w.Offset()-start)-wire.HeadLen)
	return err
}

func (s *snapshotWriter) count(kind uint8, size int, fill func([]byte) []byte) error {
	head, err := s.w.Frame(kind, size, fill)
	s.heads.Write(head[:])
	s.frames++
	return err
}

func appendHeader(dst []byte, st *state) []byte {
	start := len(dst)
	le := binary.LittleEndian
	dst = append(dst, magic...)
	dst = le.AppendUint16(dst, snapshotFormat)
	dst = le.AppendUint16(dst, snapshotFormat)
	dst = le.AppendUint32(dst, headerLen)
	dst = append(dst, st.uuid[:]...)
	for _, n := range []uint64{
		uint64(st.version), uint64(st.time), st.next,
		st.live.Card(), st.retired.Card(), uint64(st.keys.len()),
		uint64(st.names.Len()), uint64(st.tags.Len() - 1), // id 0 is no tag's
	} {
		dst = le.AppendUint64(dst, n)
	}
	dst = le.AppendUint32(dst, uint32(st.attrs.Len()))
	return le.AppendUint32(dst, wire.Checksum(dst[start:]))
}

func appendIndex(dst []byte, kind uint8, id TagID, size int) []byte {
	dst = binary.AppendUvarint(append(dst, kind), uint64(id))
	return binary.AppendUvarint(dst, uint64(size))
}

// indexCut is the length of the entries of index that make one frame.
func indexCut(index []byte) int {
	end := 0
	for end < len(index) {
		n := 1
		for range 2 {
			_, size := binary.Uvarint(index[end+n:])
			n += size
		}
		if end+n > cutAt {
			break
		}
		end += n
	}
	return end
}

// memberships is the number of direct memberships.
func (st *state) memberships() (n uint64) {
	for _, rec := range st.tags.All() {
		if rec != nil {
			n += rec.direct.Card()
		}
	}
	return n
}

// A frameFunc takes one frame of content: fill appends the payload, of about
// size bytes. id is what the payload begins with, the tag's id or the attribute's
// number, or 0.
type frameFunc func(kind uint8, id TagID, size int, fill func([]byte) []byte) error

// content gives all frames but lineage, index and end: all of the state but version,
// time, UUID, and how it came about. They depend on nothing else.
func (st *state) content(frame frameFunc) error {
	if err := setParts(frame, frameLive, 0, st.live); err != nil {
		return err
	}
	if err := setParts(frame, frameRetired, 0, st.retired); err != nil {
		return err
	}
	if err := st.keyFrames(frame); err != nil {
		return err
	}
	if err := st.tagFrames(frame); err != nil {
		return err
	}
	for id, rec := range st.tags.All() {
		if rec == nil {
			continue
		}
		if err := setParts(frame, frameDirect, TagID(id), rec.direct.Bitmap()); err != nil {
			return err
		}
	}
	for _, section := range []func(frameFunc) error{
		st.attributeFrames, st.timeFrames, st.policyFrame, st.referenceFrames, st.formulaFrames, st.holdFrames,
	} {
		if err := section(frame); err != nil {
			return err
		}
	}
	return nil
}

// setParts gives the frames of set b, none if it is empty.
func setParts(frame frameFunc, kind uint8, id TagID, b bitmap.Bitmap) error {
	blocks := b.NumBlocks()
	for first := 0; first < blocks; first += partBlocks {
		part := b
		if blocks > partBlocks {
			part = blockRange(b, first, min(first+partBlocks, blocks))
		}
		err := frame(kind, id, 8+part.PortableLen(), func(dst []byte) []byte {
			dst = binary.LittleEndian.AppendUint32(dst, uint32(id))
			dst = binary.LittleEndian.AppendUint16(dst, uint16(first/partBlocks))
			dst = binary.LittleEndian.AppendUint16(dst, uint16((blocks-1)/partBlocks))
			return part.AppendPortable(dst)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// blockRange is the blocks lo to hi-1 of b, shared.
func blockRange(b bitmap.Bitmap, lo, hi int) bitmap.Bitmap {
	var part bitmap.Builder
	for i := lo; i < hi; i++ {
		part.Append(b.Block(i))
	}
	return part.Bitmap()
}
