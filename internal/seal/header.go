package seal

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// The sealed stream, version 1: a header, and the content in chunks of 65,536
// bytes, of which the last may be shorter; it is empty only if all is. Integers are
// little-endian.
//
// Header, 128 bytes:
//
//	offset  size  field
//	0       8     magic 89 54 53 45 41 4c 1a 0a
//	8       2     format version
//	10      2     lowest version of a reader that understands it
//	12      4     length of the header
//	16      16    kind, with zeros after it
//	32      16    ID
//	48      8     file number
//	56      4     id of the master key
//	60      32    salt
//	92      32    commitment to the key (derive)
//	124     4     CRC-32C of the bytes before
//
// Chunk:
//
//	0       8     tag of the file: the first bytes of the header's SHA-256
//	8       4     number of the chunk, from 0
//	12      4     length of the content; the highest bit is set in the last chunk
//	16      4     CRC-32C of the bytes before
//	20      12    nonce
//	32      …     content, encrypted
//	…       16    GCM's tag, with SHA-256 of the header ‖ u64 number of the chunk ‖ u8 1: the last ‖
//	              u32 length of the content as additional data
//
// Nothing stands after the last chunk. What a chunk's first 20 bytes say is bound
// by the additional data again: they are there to tell apart what went wrong.
// This is STREAM (V. T. Hoang, R. Reyhanitabar, P. Rogaway, D. Vizár, "Online
// Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", CRYPTO 2015), as
// age has it (FiloSottile/age), with numbers in the additional data rather than in
// nonces.
const (
	streamFormat = 1
	headerLen    = 128
	kindLen      = 16
	chunkLen     = 64 << 10
	chunkHeadLen = 20
	lastFlag     = 1 << 31
	magic        = "\x89TSEAL\x1a\n"

	// maxChunks is where a stream's nonces, drawn at random, could well repeat: after
	// 256 TiB.
	maxChunks = 1 << 32
)

// MagicLen is how many bytes IsSealed needs.
const MagicLen = len(magic)

// IsSealed reports whether p begins a sealed stream.
func IsSealed(p []byte) bool { return bytes.HasPrefix(p, []byte(magic)) }

// errKind is for a mistake in the call.
var errKind = errors.New("kind of a stream is 1 to 16 bytes other than zero")

// appendHeader appends the header of a stream.
func appendHeader(dst []byte, l *Lock, p Purpose) ([]byte, error) {
	if len(p.Kind) == 0 || len(p.Kind) > kindLen || bytes.IndexByte([]byte(p.Kind), 0) >= 0 {
		return dst, errKind
	}
	start := len(dst)
	le := binary.LittleEndian
	dst = append(dst, magic...)
	dst = le.AppendUint16(dst, streamFormat)
	dst = le.AppendUint16(dst, streamFormat)
	dst = le.AppendUint32(dst, headerLen)
	dst = append(append(dst, p.Kind...), make([]byte, kindLen-len(p.Kind))...)
	dst = append(dst, p.ID[:]...)
	dst = le.AppendUint64(dst, p.File)
	dst = le.AppendUint32(dst, l.KeyID)
	dst = append(append(dst, l.Salt[:]...), l.Commitment[:]...)
	return le.AppendUint32(dst, checksum(dst[start:])), nil
}

// fixedLen is how much of a header is the same in all formats: up to its length.
// The checksum is always at its end.
const fixedLen = 16

// headerSize reads the length of a header from its first fixedLen bytes.
func headerSize(p []byte) (int, error) {
	if !IsSealed(p) {
		return 0, fmt.Errorf("%w: it begins with % x", ErrTampered, p[:MagicLen])
	}
	format, size := binary.LittleEndian.Uint16(p[8:]), binary.LittleEndian.Uint32(p[12:])
	if size < headerLen || size > 8*headerLen || format == streamFormat && size != headerLen {
		return 0, fmt.Errorf("%w: %d bytes", ErrTampered, size)
	}
	return int(size), nil
}

// parseHeader reads a whole header.
func parseHeader(p []byte) (l Lock, to Purpose, err error) {
	le := binary.LittleEndian
	if sum := len(p) - 4; checksum(p[:sum]) != le.Uint32(p[sum:]) {
		return l, to, fmt.Errorf("%w: checksum mismatch", ErrTampered)
	}
	format, reader := le.Uint16(p[8:]), le.Uint16(p[10:])
	if reader > streamFormat {
		return l, to, fmt.Errorf("%w, %d", ErrLater, format)
	}
	kind, padding, _ := bytes.Cut(p[16:16+kindLen], []byte{0})
	if reader == 0 || reader > format || len(kind) == 0 || len(bytes.Trim(padding, "\x00")) > 0 {
		return l, to, fmt.Errorf("%w: it is never written so", ErrTampered)
	}
	to = Purpose{Kind: string(kind), ID: [16]byte(p[32:]), File: le.Uint64(p[48:])}
	return Lock{KeyID: le.Uint32(p[56:]), Salt: [32]byte(p[60:]), Commitment: [32]byte(p[92:])}, to, nil
}

// A chunkHead is what stands before a chunk, in the clear.
type chunkHead struct {
	tag    uint64
	number uint32
	size   int // of the content
	last   bool
}

func (c *chunkHead) append(dst []byte) []byte {
	start := len(dst)
	dst = binary.LittleEndian.AppendUint64(dst, c.tag)
	dst = binary.LittleEndian.AppendUint32(dst, c.number)
	size := uint32(c.size)
	if c.last {
		size |= lastFlag
	}
	dst = binary.LittleEndian.AppendUint32(dst, size)
	return binary.LittleEndian.AppendUint32(dst, checksum(dst[start:]))
}

// parseChunkHead reads chunkHeadLen bytes; ok: the checksum is right.
func parseChunkHead(p []byte) (c chunkHead, ok bool) {
	size := binary.LittleEndian.Uint32(p[12:])
	c = chunkHead{
		tag: binary.LittleEndian.Uint64(p), number: binary.LittleEndian.Uint32(p[8:]),
		size: int(size &^ lastFlag), last: size&lastFlag != 0,
	}
	return c, checksum(p[:16]) == binary.LittleEndian.Uint32(p[16:])
}

// A binding is the additional data of a stream's chunks: where each belongs.
type binding [sha256.Size + 8 + 1 + 4]byte

// bind makes the binding to a stream, and its tag.
func bind(header []byte) (b binding, tag uint64) {
	sum := sha256.Sum256(header)
	copy(b[:], sum[:])
	return b, binary.LittleEndian.Uint64(sum[:])
}

// to returns the binding to a chunk, valid until the next call.
func (b *binding) to(c *chunkHead) []byte {
	at := b[sha256.Size:]
	binary.LittleEndian.PutUint64(at, uint64(c.number))
	at[8] = 0
	if c.last {
		at[8] = 1
	}
	binary.LittleEndian.PutUint32(at[9:], uint32(c.size))
	return b[:]
}

// checksum is the CRC-32C of p.
func checksum(p []byte) uint32 { return crc32.Checksum(p, castagnoli) }

var castagnoli = crc32.MakeTable(crc32.Castagnoli) // never written
