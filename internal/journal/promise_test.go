package journal

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestZeros(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		reg := rapid.Uint32().Draw(t, "register")
		n := rapid.IntRange(0, 5000).Draw(t, "bytes")
		require.Equal(t, feed(reg, make([]byte, n)), zeros(reg, int64(n)))
		p := rapid.SliceOf(rapid.Byte()).Draw(t, "p")
		require.Equal(t, feed(reg, p), zeros(reg, int64(len(p)))^feed(0, p))
	})
}

// promisedPlainly is promised, but takes the checksum of all that a head claims.
func promisedPlainly(s *segment, p []byte, from int64, seq uint64) int64 {
	for off := (from + 7) &^ 7; off+frameHead <= int64(len(p)); off += 8 {
		head := p[off : off+frameHead]
		if !mayPromise(head, off, from, int64(len(p)), seq) {
			continue
		}
		end := off + frameHead + int64(binary.LittleEndian.Uint32(head))
		if s.codec.checksum(p[off:end], off) == binary.LittleEndian.Uint32(head[4:]) {
			return off
		}
	}
	return -1
}

func TestPromisedIsTheFirst(t *testing.T) {
	head, codec := codecOf(t, 1, nil)
	s := &segment{head: head, codec: codec}
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		from := int64(headerLen + 8*rapid.IntRange(0, 100).Draw(t, "from"))
		p := make([]byte, from)
		for range rapid.IntRange(0, 20).Draw(t, "pieces") {
			off := int64(len(p))
			switch random.IntN(4) {
			case 0: // noise
				for range 8 * random.IntN(1000) {
					p = append(p, byte(random.Uint32()))
				}
			case 1: // heads that lie
				f := frame{seq: 9, synced: from + 8, kind: frameOp, payload: make([]byte, 8*random.IntN(8))}
				p = codec.append(p, off, f)
				binary.LittleEndian.PutUint32(p[off:], uint32(random.IntN(20000)))
			default: // frames that promise too little, or are of no later seq
				f := frame{seq: uint64(4 + random.IntN(3)), synced: from - 8 + int64(8*random.IntN(3)), kind: frameOp, payload: make([]byte, random.IntN(5000))}
				p = codec.append(p, off, f)
			}
		}
		got, err := promised(s, bytes.NewReader(p), from, int64(len(p)), 5)
		require.NoError(t, err)
		require.Equal(t, promisedPlainly(s, p, from, 5), got)
	})
}

// meter counts what is read.
type meter struct {
	io.ReaderAt
	bytes int64
}

func (m *meter) ReadAt(p []byte, off int64) (int, error) {
	m.bytes += int64(len(p))
	return m.ReaderAt.ReadAt(p, off)
}

// A tail full of heads, each claiming megabytes, is read as often as its own
// length has it: three strides a head at most.
func TestPromisedIsLinear(t *testing.T) {
	head, codec := codecOf(t, 1, nil)
	s := &segment{head: head, codec: codec}
	for _, size := range []int{256 << 10, 1 << 20} {
		p := make([]byte, headerLen, size)
		for len(p)+32 <= size {
			off := len(p)
			p = codec.append(p, int64(off), frame{seq: 1, synced: headerLen + 1, kind: frameOp, payload: nil})
			binary.LittleEndian.PutUint32(p[off:], uint32(size-off-frameHead-8))
		}
		m := &meter{ReaderAt: bytes.NewReader(p)}
		at, err := promised(s, m, headerLen, int64(len(p)), 0)
		require.NoError(t, err)
		require.EqualValues(t, -1, at)
		require.Less(t, m.bytes, int64(3*size+3*stride*(size/32)))
	}
}

func FuzzPromised(f *testing.F) {
	head, codec := codecOf(f, 1, nil)
	s := &segment{head: head, codec: codec}
	p := make([]byte, headerLen)
	for seq := range uint64(4) {
		p = codec.append(p, int64(len(p)), frame{seq: seq, synced: int64(len(p)), kind: frameOp, payload: []byte("something")})
	}
	f.Add(p, uint16(headerLen), uint8(0))
	f.Add(p, uint16(headerLen+40), uint8(2))
	f.Fuzz(func(t *testing.T, p []byte, from uint16, seq uint8) {
		at := int64(from) &^ 7
		got, err := promised(s, bytes.NewReader(p), at, int64(len(p)), uint64(seq))
		require.NoError(t, err)
		require.Equal(t, promisedPlainly(s, p, at, uint64(seq)), got)
	})
}
