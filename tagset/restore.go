package tagset

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"slices"

	"github.com/tagroar/tagroar/internal/seal"
	"github.com/tagroar/tagroar/internal/wire"
)

// Restore reads a snapshot, which must be all that r holds, and returns a
// store that stands where the snapshot was taken: the same version, UUID and
// digest, and the policy recorded in it, whatever Config.Policy says. The next
// commit is one version later; time goes on from the snapshot's at least.
//
// Everything is verified before the store is returned, and nothing is left
// behind when it is not: lengths before memory is taken (at most 8 times the
// bytes that have arrived, plus 16 MiB, 256 bytes a tag or attribute, 1 KiB a
// composite and node of its expression, 80 bytes a source's hold on a tag, and 32
// a key), all checksums, and the store's own rules: names, parents, ids, sets, keys
// and values of live members only, values that fit their type, a time for each
// member of a tag that keeps times, one value a member in exclusive groups, no
// cycle of sub-tags, includes and composites, expressions of what there is, and
// members that their sources hold. Time is in proportion to the bytes. Bytes that
// break one give [ErrCorrupt], with [ErrTorn] and io.ErrUnexpectedEOF beside it if they
// end early; a snapshot of a later format gives [ErrUnsupported]; an error of r itself
// is passed on. The text tells the frame and where it begins. Snapshots of earlier
// formats are read as what they are.
//
// It uses up to 4 processors. On more than one it reads up to some MiB ahead of what
// it has verified, so a call of r's that hangs is waited for even when what came
// before is corrupt; what is wrong first is what is told all the same.
//
// An encrypted snapshot is opened with Config.Keys. Without them, without the key
// that it names, or with another one under that id, the error is [ErrKey]; changed
// bytes are [ErrCorrupt], parts of another stream or in another order are [ErrSpliced]
// beside it. With Config.Keys a plain snapshot is [ErrKey] too, unless
// Config.AcceptPlain.
func Restore(r io.Reader, c Config) (*Store, error) {
	st, err := readState(r, c, allProcessors())
	if e, ok := err.(*Error); ok {
		return nil, e
	} else if err != nil {
		return nil, &Error{Op: "restore", Err: err}
	}
	return newStore(c, st), nil
}

// readState reads a snapshot, sealed or not.
func readState(r io.Reader, c Config, w width) (*state, error) {
	plain, sealed, err := unsealed(r, c)
	if err != nil {
		return nil, err
	}
	in := &snapshotReader{r: wire.NewReader(plain, maxPayload), heads: sha256.New(), sealed: sealed, width: w}
	defer in.close()
	if err := in.read(); err != nil {
		return nil, err
	}
	return in.st, nil
}

// maxPayload is the longest payload that WriteTo makes: a part of a set of
// bits throughout, and its headers.
const maxPayload = partBlocks*8192 + 4096

// A damage says where the bytes are wrong and how. It is ErrCorrupt and its
// cause, and ErrTorn or ErrSpliced if that says so.
type damage struct {
	place string
	cause error
}

func (d *damage) Error() string { return "corrupt: " + d.place + ": " + d.cause.Error() }

func (d *damage) Unwrap() []error {
	is := []error{ErrCorrupt, d.cause}
	if errors.Is(d.cause, io.ErrUnexpectedEOF) {
		is = append(is, ErrTorn)
	}
	if errors.Is(d.cause, seal.ErrSpliced) {
		is = append(is, ErrSpliced)
	}
	return is
}

// A snapshotReader builds a state from a snapshot, frame by frame, and
// believes nothing.
type snapshotReader struct {
	r      *wire.Reader
	sealed *seal.Reader // that r reads; nil: a plain stream
	heads  hash.Hash    // of the header and of the frames' heads

	frame         // at hand; its head is not in heads yet
	place  string // instead of the frame: where an error is
	frames uint64 // before it

	width width
	ahead *ahead // nil: frames are read when their turn has come

	header snapshotHeader
	format uint16  // of the snapshot
	index  []byte  // what the index must say
	values []int64 // scratch: of one block
	st     *state

	// What is to be verified at the end.
	exclusive bool // there are exclusive groups
	including bool // tags include others
	composing bool // there are composites
}

// A snapshotHeader is what the header promises beyond the state.
type snapshotHeader struct{ live, retired, keys, tags, ids, attributes uint64 }

func (s *snapshotReader) read() error {
	for _, section := range []func() error{
		s.readHeader, s.next, s.readMembers, s.readKeys, s.readTags, s.readDirect,
		s.readAttributes, s.readTimes, s.readGrowth, s.readPolicy, s.readReferences, s.readFormulas, s.readHolds,
		s.readLineage,
		s.verifyGraph, s.verifyGroups, s.readIndex, s.readEnd,
	} {
		if err := section(); err != nil {
			return err
		}
	}
	return nil
}

// readHeader reads the header, and makes the state to fill.
func (s *snapshotReader) readHeader() error {
	s.place = "header at byte 0"
	fixed, err := s.r.Next(16)
	if err != nil {
		return s.failed(err)
	}
	header := slices.Clone(fixed)
	if string(header[:8]) != magic {
		return s.bad("not a snapshot: it begins with % x", header[:8])
	}
	format, reader := binary.LittleEndian.Uint16(header[8:]), binary.LittleEndian.Uint16(header[10:])
	// A later format may have a longer header; magic, versions, length and
	// the checksum at its end stay.
	size := binary.LittleEndian.Uint32(header[12:])
	if size < headerLen || size > 16*headerLen || format == snapshotFormat && size != headerLen {
		return s.bad("header of %d bytes", size)
	}
	rest, err := s.r.Next(int(size) - len(header))
	if err != nil {
		return s.failed(err)
	}
	header = append(header, rest...)
	s.heads.Write(header)
	sum := len(header) - 4
	if wire.Checksum(header[:sum]) != binary.LittleEndian.Uint32(header[sum:]) {
		return s.bad("checksum mismatch")
	}
	if reader > snapshotFormat {
		return &Error{Op: "restore", Err: ErrUnsupported, detail: fmt.Sprintf(
			"snapshot of format %d, which needs a reader of format %d; this one is of format %d", format, reader, snapshotFormat)}
	}
	if format == 0 || reader == 0 || reader > format {
		return s.bad("format %d for readers of format %d", format, reader)
	}

	s.format = format
	d := wire.NewDecoder(header[16:])
	var uuid [16]byte
	copy(uuid[:], d.Bytes(16))
	version, time := d.Uint64(), int64(d.Uint64())
	s.st = newState(uuid, time)
	s.st.version, s.st.next = Version(version), d.Uint64()
	s.header = snapshotHeader{live: d.Uint64(), retired: d.Uint64(), keys: d.Uint64(), tags: d.Uint64(), ids: d.Uint64()}
	s.header.attributes = uint64(d.Uint32())
	switch {
	case format == 1 && s.header.attributes != 0:
		return s.bad("reserved bytes are not zero")
	case version >= math.MaxInt64:
		return s.bad("version %d", version) // no commit could follow
	case s.st.next > maxMember+1:
		return s.bad("next ordinal %d", s.st.next)
	case version == 0 && (s.st.next != 0 || s.header != snapshotHeader{}):
		return s.bad("version 0, but not empty")
	case s.sealed != nil && s.sealed.Purpose() != s.st.purpose():
		return s.bad("%w: sealed for another store", seal.ErrSpliced)
	}
	s.place = ""
	return nil
}

// next goes on to the next frame.
func (s *snapshotReader) next() error {
	if s.head != (wire.Head{}) {
		s.heads.Write(s.head[:])
		s.frames++
	}
	if s.ahead == nil && s.width.workers > 1 && s.r.Offset() >= s.width.from {
		s.ahead = readAhead(s.r, s.width.workers)
	}
	if s.ahead != nil {
		s.frame = *s.ahead.next()
	} else {
		s.frame = frame{start: s.r.Offset()}
		s.head, s.payload, s.err = s.r.Frame()
	}
	if s.err != nil {
		return s.failed(s.err)
	}
	return nil
}

// close ends what reads ahead.
func (s *snapshotReader) close() {
	if s.ahead != nil {
		s.ahead.close()
	}
}

// take is next for a frame of content: the index must have it.
func (s *snapshotReader) take(id TagID) error {
	s.index = appendIndex(s.index, s.head.Type(), id, s.head.Len())
	return s.next()
}

// readIndex compares the index with the frames that were read.
func (s *snapshotReader) readIndex() error {
	for want := s.index; len(want) > 0; {
		n := indexCut(want)
		if s.head.Type() != frameIndex {
			return s.bad("where the index should be")
		}
		if !bytes.Equal(s.payload, want[:n]) {
			return s.bad("other than the frames before")
		}
		want = want[n:]
		if err := s.next(); err != nil {
			return err
		}
	}
	return nil
}

// readEnd reads the last frame, and makes sure that nothing follows.
func (s *snapshotReader) readEnd() error {
	if s.head.Type() != frameEnd {
		return s.bad("where the end should be")
	}
	if len(s.payload) != footerLen {
		return s.bad("%d bytes", len(s.payload))
	}
	d := wire.NewDecoder(s.payload)
	frames, memberships, length := d.Uint64(), d.Uint64(), d.Uint64()
	switch {
	case frames != s.frames:
		return s.bad("%d frames, but the end says %d", s.frames, frames)
	case memberships != s.st.memberships():
		return s.bad("%d memberships, but the end says %d", s.st.memberships(), memberships)
	case length != uint64(s.end()):
		return s.bad("%d bytes, but the end says %d", s.end(), length)
	case !bytes.Equal(s.heads.Sum(nil), d.Bytes(sha256.Size)):
		return s.bad("SHA-256 of the frames' heads differs")
	case string(d.Rest()) != endMagic:
		return s.bad("end magic missing")
	}
	if err := s.r.End(); err != nil {
		s.place = fmt.Sprintf("after the end at byte %d", s.end())
		return s.failed(err)
	}
	return nil
}

// bad is the error about the frame at hand, or about s.place.
func (s *snapshotReader) bad(format string, args ...any) error {
	return &damage{place: s.where(), cause: fmt.Errorf(format, args...)}
}

// failed is the error of reading: about the bytes, or of the reader itself.
func (s *snapshotReader) failed(err error) error {
	if errors.Is(err, wire.ErrDamaged) {
		return &damage{place: s.where(), cause: err}
	}
	if s.sealed != nil {
		return sealError(err)
	}
	return fmt.Errorf("%s: %w", s.where(), err)
}

func (s *snapshotReader) where() string {
	if s.place != "" {
		return s.place
	}
	what := "unreadable"
	switch kind := s.head.Type(); kind {
	case frameLive:
		what = "live members"
	case frameRetired:
		what = "retired ordinals"
	case frameKeys:
		what = "keys"
	case frameTags:
		what = "tags"
	case frameDirect:
		what = "direct members"
		if len(s.payload) >= 4 {
			what = fmt.Sprintf("direct members of tag %d", binary.LittleEndian.Uint32(s.payload))
		}
	case frameAttributes:
		what = "attributes"
	case frameHolders, frameValues:
		what = "values"
		if len(s.payload) >= 4 {
			what = fmt.Sprintf("values of attribute %d", binary.LittleEndian.Uint32(s.payload))
		}
	case frameTimes:
		what = "times"
		if len(s.payload) >= 4 {
			what = fmt.Sprintf("times of tag %d", binary.LittleEndian.Uint32(s.payload))
		}
	case frameGrowth:
		what = "growth"
	case framePolicy:
		what = "policy"
	case frameIncludes:
		what = "includes"
	case framePrecedence:
		what = "precedence"
	case frameFormulas:
		what = "formulas"
	case frameSources:
		what = "sources"
	case frameHolds, frameHeld:
		what = "holds"
	case frameLineage:
		what = "lineage"
	case frameIndex:
		what = "index"
	case frameEnd:
		what = "end"
	case 0:
	default:
		what = fmt.Sprintf("unknown type %d", kind)
	}
	return fmt.Sprintf("frame %d (%s) at byte %d", s.frames+1, what, s.start)
}
