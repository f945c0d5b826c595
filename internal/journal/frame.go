package journal

import (
	"encoding/binary"
	"errors"
	"hash/crc32"

	"github.com/tagroar/tagroar/internal/seal"
)

// A frame is what a segment is made of after its header. It begins at a multiple
// of 8; integers are little-endian.
//
//	offset  size  field
//	0       4     length of the payload
//	4       4     CRC-32C of the segment's salt, the frame's offset in the file (u64), bytes
//	              0–3 and 8–27, and the payload
//	8       8     seq: the version that the commit makes; of a SEAL, that of the last commit
//	16      8     synced: the writer's promise that everything before this offset is on disk
//	24      1     type: 1 OP, 2 COMMIT, 3 SEAL
//	25      1     flags: of a COMMIT those of the commit, else 0
//	26      2     zero
//	28      …     payload; zeros up to a multiple of 8
//
// Payloads: of an OP an op (op.go). Of a COMMIT i64 time, u32 number of OPs that it
// makes count, and the chain. Of a SEAL, the last frame of a file that is followed
// by another, the chain. If the segment is encrypted, the payload is what
// seal.Frames makes of that, bound to the directory, the segment's number, and the
// frame's offset, seq, type and flags.
//
// Salt and offset in the checksum: a frame that another segment, or another
// place, has left on the disk does not pass for one of this. The promise is how
// a torn write is told from damage: nobody promises bytes that a power failure
// can take.
type frame struct {
	seq     uint64
	synced  int64
	kind    uint8
	flags   uint8
	payload []byte // as in the file: sealed, if the segment is encrypted
	size    int    // with head and zeros
}

const (
	frameOp     = 1
	frameCommit = 2
	frameSeal   = 3

	frameHead  = 28
	frameAlign = 8

	// maxFrame bounds a frame with all that belongs to it: an op as Append takes
	// it, with every item erased and so up to twice as long, and sealed, fits well.
	maxFrame = 16 << 20

	commitLen = 8 + 4 + 32
)

// What is wrong with a frame. Whoever reads says where.
var (
	errCut      = errors.New("frame cut short")
	errLength   = errors.New("frame of an impossible length")
	errChecksum = errors.New("checksum mismatch")
	errFields   = errors.New("frame that no writer writes")
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli) // never written

// A codec writes and reads the frames of one segment. It is for one goroutine at
// a time; a copy is for another.
type codec struct {
	salt   uint32       // the checksum after the salt
	frames *seal.Frames // nil: plain

	// What is hashed and is not in the file as such; here since a slice given to
	// a hash or cipher would else be allocated for each frame.
	head  [8 + frameHead - 4]byte
	place [16 + 8 + 8 + 8 + 1 + 1]byte // the directory and number are always there
}

// newCodec returns the codec of a segment; frames is nil if it is plain.
func newCodec(h *header, frames *seal.Frames) codec {
	c := codec{salt: crc32.Checksum(h.lock.Salt[:], castagnoli), frames: frames}
	copy(c.place[:], h.dir[:])
	binary.LittleEndian.PutUint64(c.place[16:], h.number)
	return c
}

// append appends a frame to dst, which will be written so that the frame begins
// at off. f.payload is the content; f.size is not used.
func (c *codec) append(dst []byte, off int64, f frame) []byte {
	start := len(dst)
	dst = append(dst, make([]byte, frameHead)...)
	if c.frames == nil {
		dst = append(dst, f.payload...)
	} else {
		dst = c.frames.Seal(dst, c.aad(off, &f), f.payload)
	}
	p := dst[start:]
	binary.LittleEndian.PutUint32(p, uint32(len(p)-frameHead))
	binary.LittleEndian.PutUint64(p[8:], f.seq)
	binary.LittleEndian.PutUint64(p[16:], uint64(f.synced))
	p[24], p[25] = f.kind, f.flags
	binary.LittleEndian.PutUint32(p[4:], c.checksum(p, off))
	return append(dst, make([]byte, -len(p)&(frameAlign-1))...)
}

// frameSize returns the length of the frame, with head and zeros, that p claims
// to begin.
func frameSize(p []byte) (int, error) {
	if len(p) < frameHead {
		return 0, errCut
	}
	n := binary.LittleEndian.Uint32(p)
	if n > maxFrame-frameHead {
		return 0, errLength
	}
	return (frameHead + int(n) + frameAlign - 1) &^ (frameAlign - 1), nil
}

// parse verifies the frame at the front of p, which lies at off, and takes it
// apart. p may be anything. Nothing is allocated, on an error neither.
func (c *codec) parse(p []byte, off int64) (frame, error) {
	size, err := frameSize(p)
	if err != nil {
		return frame{}, err
	}
	if len(p) < size {
		return frame{}, errCut
	}
	end := frameHead + int(binary.LittleEndian.Uint32(p))
	if binary.LittleEndian.Uint32(p[4:]) != c.checksum(p[:end], off) {
		return frame{}, errChecksum
	}
	f := frame{
		seq:     binary.LittleEndian.Uint64(p[8:]),
		synced:  int64(binary.LittleEndian.Uint64(p[16:])),
		kind:    p[24],
		flags:   p[25],
		payload: p[frameHead:end:end],
		size:    size,
	}
	switch {
	case f.kind < frameOp || f.kind > frameSeal, p[26]|p[27] != 0,
		f.synced < 0 || f.synced > off,
		f.flags&^knownFlags != 0 || f.flags != 0 && f.kind != frameCommit:
		return frame{}, errFields
	}
	for _, z := range p[end:size] {
		if z != 0 {
			return frame{}, errFields
		}
	}
	return f, nil
}

// open appends the content of a frame that parse has returned for off to dst:
// seal.ErrTampered if it is not what was sealed there. Of a plain segment the
// content is the payload; then open returns that, and leaves dst alone.
func (c *codec) open(dst []byte, off int64, f frame) ([]byte, error) {
	if c.frames == nil {
		return f.payload, nil
	}
	return c.frames.Open(dst, c.aad(off, &f), f.payload)
}

// checksum is over the salt, off, and the frame p but for its checksum and zeros.
func (c *codec) checksum(p []byte, off int64) uint32 {
	return crc32.Update(c.headSum(p, off), castagnoli, p[frameHead:])
}

// headSum is the checksum before that of the payload.
func (c *codec) headSum(p []byte, off int64) uint32 {
	binary.LittleEndian.PutUint64(c.head[:], uint64(off))
	copy(c.head[8:], p[:4])
	copy(c.head[12:], p[8:frameHead])
	return crc32.Update(c.salt, castagnoli, c.head[:])
}

func (c *codec) aad(off int64, f *frame) []byte {
	binary.LittleEndian.PutUint64(c.place[24:], uint64(off))
	binary.LittleEndian.PutUint64(c.place[32:], f.seq)
	c.place[40], c.place[41] = f.kind, f.flags
	return c.place[:]
}

// appendCommit appends the payload of a COMMIT.
func appendCommit(dst []byte, c *Commit) []byte {
	dst = binary.LittleEndian.AppendUint64(dst, uint64(c.Time))
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(c.Ops)))
	return append(dst, c.Chain[:]...)
}

// parseCommit takes the payload of a COMMIT apart.
func parseCommit(p []byte) (time int64, ops uint32, chain Chain, ok bool) {
	if len(p) != commitLen {
		return 0, 0, chain, false
	}
	copy(chain[:], p[12:])
	return int64(binary.LittleEndian.Uint64(p)), binary.LittleEndian.Uint32(p[8:]), chain, true
}
