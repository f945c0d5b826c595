package journal

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"
	"strings"

	"github.com/tagroar/tagroar/internal/seal"
)

// The directory of a durable store:
//
//	MANIFEST                 identity, the snapshots and the segments that count (manifest.go)
//	LOCK                     empty; who has it locked has the directory
//	snap-<gen>-<seq>         the state at version seq, as package tagset writes it
//	jnl-<first seq>          a segment of the log: commits from first seq on
//	*.torn                   what was cut off a segment when it was recovered
//	*.salvaged               what was given up when the directory was salvaged
//	CREATING                 a store is being made from a snapshot: without a MANIFEST, it is none
//	*.tmp                    a file that was being made: removed when the directory is opened
//
// Numbers in names have 20 digits, so names sort as the numbers do. The segments
// in order are the log: the first commit of each follows the last of the one
// before, in seq and chain. All but the last end with a SEAL.
//
// A segment is a header, then frames (frame.go): for each commit its OPs, then its
// COMMIT, without which they do not count. All integers are little-endian. The
// header, 160 bytes:
//
//	offset  size  field
//	0       8     magic 89 54 41 47 4a 0d 0a 1a
//	8       2     format version, 1
//	10      2     lowest version of a reader that understands all of it
//	12      4     length of the header, a multiple of 8
//	16      16    ID of the directory; two replicas are one store, but two directories
//	32      8     number of the segment, from 1
//	40      8     first seq
//	48      32    chain of the commit before the first
//	80      32    salt, random
//	112     4     id of the master key; plain: 0
//	116     4     flags: 1 encrypted
//	120     32    commitment to the segment's key; plain: zeros
//	152     4     zero
//	156     4     CRC-32C of the bytes before
//
// A later version may put more before the checksum, which stays last.
type header struct {
	dir           [16]byte
	number, first uint64
	prev          Chain
	encrypted     bool
	lock          seal.Lock // plain: only the salt
	size          int       // where the first frame is
}

const (
	segmentMagic  = "\x89TAGJ\r\n\x1a"
	segmentFormat = 1
	headerLen     = 160

	// maxHeader bounds the header of a later version that this one still reads.
	maxHeader = 4096

	segmentPrefix = "jnl-"
	nameDigits    = 20 // of the highest uint64

	headerEncrypted = 1
)

// segmentName returns the name of the file whose first commit is first.
func segmentName(first uint64) string { return fmt.Sprintf("%s%0*d", segmentPrefix, nameDigits, first) }

// parseSegmentName is the inverse of segmentName.
func parseSegmentName(name string) (first uint64, ok bool) {
	digits, ok := strings.CutPrefix(name, segmentPrefix)
	if !ok || len(digits) != nameDigits {
		return 0, false
	}
	first, err := strconv.ParseUint(digits, 10, 64)
	return first, err == nil && segmentName(first) == name
}

// append appends the header, as this version writes it, to dst.
func (h *header) append(dst []byte) []byte {
	start := len(dst)
	var flags uint32
	if h.encrypted {
		flags = headerEncrypted
	}
	le := binary.LittleEndian
	dst = append(dst, segmentMagic...)
	dst = le.AppendUint16(dst, segmentFormat)
	dst = le.AppendUint16(dst, segmentFormat)
	dst = le.AppendUint32(dst, headerLen)
	dst = append(dst, h.dir[:]...)
	dst = le.AppendUint64(dst, h.number)
	dst = le.AppendUint64(dst, h.first)
	dst = append(dst, h.prev[:]...)
	dst = append(dst, h.lock.Salt[:]...)
	dst = le.AppendUint32(dst, h.lock.KeyID)
	dst = le.AppendUint32(dst, flags)
	dst = append(dst, h.lock.Commitment[:]...)
	dst = le.AppendUint32(dst, 0)
	return le.AppendUint32(dst, crc32.Checksum(dst[start:], castagnoli))
}

// parseHeader verifies the header at the front of p, the first maxHeader bytes of
// the file or all: ErrCorrupt, with io.ErrUnexpectedEOF if there are too few, or
// ErrLater.
func parseHeader(p []byte) (header, error) {
	bad := func(format string, args ...any) (header, error) {
		return header{}, fmt.Errorf("%w: header: %w", ErrCorrupt, fmt.Errorf(format, args...))
	}
	le := binary.LittleEndian
	if len(p) < headerLen {
		return bad("%w: %d bytes", io.ErrUnexpectedEOF, len(p))
	}
	if string(p[:8]) != segmentMagic {
		return bad("not a segment")
	}
	size := le.Uint32(p[12:])
	if size < headerLen || size > maxHeader || size%frameAlign != 0 {
		return bad("length %d", size)
	}
	if int(size) > len(p) {
		return bad("%w: %d of %d bytes", io.ErrUnexpectedEOF, len(p), size)
	}
	p = p[:size]
	if le.Uint32(p[size-4:]) != crc32.Checksum(p[:size-4], castagnoli) {
		return bad("%w", errChecksum)
	}
	format, reader := le.Uint16(p[8:]), le.Uint16(p[10:])
	if reader > segmentFormat {
		return header{}, fmt.Errorf("%w: segment of format %d, for readers of %d", ErrLater, format, reader)
	}
	h := header{
		number:    le.Uint64(p[32:]),
		first:     le.Uint64(p[40:]),
		encrypted: le.Uint32(p[116:]) == headerEncrypted,
		size:      int(size),
	}
	copy(h.dir[:], p[16:])
	copy(h.prev[:], p[48:])
	copy(h.lock.Salt[:], p[80:])
	h.lock.KeyID = le.Uint32(p[112:])
	copy(h.lock.Commitment[:], p[120:])
	switch {
	case format < reader, format < 1, format == segmentFormat && size != headerLen:
		return bad("format %d, for readers of %d, length %d", format, reader, size)
	case le.Uint32(p[116:])&^headerEncrypted != 0, le.Uint32(p[152:]) != 0:
		return bad("unknown flags")
	case h.number == 0 || h.first == 0:
		return bad("segment %d from seq %d", h.number, h.first)
	case !h.encrypted && (h.lock.KeyID != 0 || h.lock.Commitment != [32]byte{}):
		return bad("a key, but not encrypted")
	}
	return h, nil
}

// purpose is what the segment's key is for.
func (h *header) purpose() seal.Purpose {
	return seal.Purpose{Kind: "journal", ID: h.dir, File: h.number}
}

// begin draws the salt, and if there are keys takes the current one, for a segment
// whose other fields are set.
func (h *header) begin(keys seal.Keys, random io.Reader) (codec, error) {
	h.size = headerLen
	if keys == nil {
		if _, err := io.ReadFull(random, h.lock.Salt[:]); err != nil {
			return codec{}, fmt.Errorf("salt: %w", err)
		}
		return newCodec(h, nil), nil
	}
	frames, lock, err := seal.NewFrames(keys, random, h.purpose())
	if err != nil {
		return codec{}, err
	}
	h.encrypted, h.lock = true, lock
	return newCodec(h, frames), nil
}

// resume returns the codec of a segment that is there: seal.ErrKey if the key is
// missing or another one, and if it is plain where that is not accepted.
func (h *header) resume(keys seal.Keys, acceptPlain bool) (codec, error) {
	if !h.encrypted {
		if keys != nil && !acceptPlain {
			return codec{}, fmt.Errorf("%w: it is not encrypted, and that is not accepted", seal.ErrKey)
		}
		return newCodec(h, nil), nil
	}
	frames, err := seal.OpenFrames(keys, h.lock, h.purpose())
	if err != nil {
		return codec{}, err
	}
	return newCodec(h, frames), nil
}
