package journal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/seal"
)

// ring is master keys of a test: key id is 32 bytes of id.
type ring uint32 // the current one

func (r ring) Current() (uint32, []byte, error) {
	key, err := r.Key(uint32(r))
	return uint32(r), key, err
}

func (r ring) Key(id uint32) ([]byte, error) {
	if id == 0 || id > uint32(r) {
		return nil, errors.New("no such key")
	}
	return bytes.Repeat([]byte{byte(id)}, 32), nil
}

// codecOf returns the header and codec of a segment of a test.
func codecOf(t require.TestingT, number uint64, keys seal.Keys) (header, codec) {
	h := header{dir: [16]byte{1, 2, 3}, number: number, first: 10, prev: Chain{9}}
	c, err := h.begin(keys, rand.NewChaCha8([32]byte{byte(number)}))
	require.NoError(t, err)
	return h, c
}

var kindsOfSegment = map[string]seal.Keys{"plain": nil, "encrypted": ring(3)}

func TestFrameRoundTrip(t *testing.T) {
	for name, keys := range kindsOfSegment {
		t.Run(name, func(t *testing.T) {
			h, w := codecOf(t, 1, keys)
			r, err := h.resume(keys, false)
			require.NoError(t, err)
			rapid.Check(t, func(t *rapid.T) {
				const start = 1 << 20
				var p []byte
				var fs []frame
				for range rapid.IntRange(1, 5).Draw(t, "frames") {
					f := frame{
						seq:     rapid.Uint64().Draw(t, "seq"),
						synced:  rapid.Int64Range(0, start).Draw(t, "synced"),
						kind:    rapid.Uint8Range(frameOp, frameSeal).Draw(t, "kind"),
						payload: rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "payload"),
					}
					if f.kind == frameCommit {
						f.flags = rapid.Uint8Range(0, knownFlags).Draw(t, "flags")
					}
					p = w.append(p, start+int64(len(p)), f)
					require.Zero(t, len(p)%frameAlign)
					fs = append(fs, f)
				}
				off := int64(start)
				for _, want := range fs {
					f, err := r.parse(p, off)
					require.NoError(t, err)
					size, err := frameSize(p)
					require.NoError(t, err)
					require.Equal(t, f.size, size)
					content, err := r.open(nil, off, f)
					require.NoError(t, err)
					require.True(t, bytes.Equal(want.payload, content))
					f.payload, f.size, want.payload = nil, 0, nil
					require.Equal(t, want, f)
					p, off = p[size:], off+int64(size)
				}
				require.Empty(t, p)
			})
		})
	}
}

func TestFrameRefusesEveryChange(t *testing.T) {
	for name, keys := range kindsOfSegment {
		t.Run(name, func(t *testing.T) {
			_, c := codecOf(t, 1, keys)
			_, other := codecOf(t, 2, keys)
			good := c.append(nil, 160, frame{seq: 12, synced: 80, kind: frameCommit, flags: FlagApplied, payload: []byte("a payload")})
			refused := func(c codec, p []byte, off int64) {
				t.Helper()
				_, err := c.parse(p, off)
				require.Error(t, err)
			}
			for i := range good {
				refused(c, good[:i], 160)
				for bit := range 8 {
					p := bytes.Clone(good)
					p[i] ^= 1 << bit
					refused(c, p, 160)
				}
			}
			refused(c, good, 168)
			refused(other, good, 160)
		})
	}
}

// mend puts the checksum right, as somebody would who wants to deceive.
func mend(c *codec, p []byte, off int64) {
	if size, err := frameSize(p); err == nil && size <= len(p) {
		binary.LittleEndian.PutUint32(p[4:], c.checksum(p[:frameHead+binary.LittleEndian.Uint32(p)], off))
	}
}

func TestFrameRefusesFields(t *testing.T) {
	_, c := codecOf(t, 1, nil)
	good := c.append(nil, 160, frame{seq: 12, synced: 160, kind: frameOp, payload: []byte("op")})
	for name, change := range map[string]func(p []byte){
		"type 0":                 func(p []byte) { p[24] = 0 },
		"type 4":                 func(p []byte) { p[24] = 4 },
		"flag of an op":          func(p []byte) { p[25] = FlagApplied },
		"unknown flag":           func(p []byte) { p[24], p[25] = frameCommit, 2 },
		"reserved":               func(p []byte) { p[27] = 1 },
		"promise of what is not": func(p []byte) { p[16] = 161 },
		"promise below zero":     func(p []byte) { p[23] = 0x80 },
		"not padded with zeros":  func(p []byte) { p[len(p)-1] = 1 },
	} {
		p := bytes.Clone(good)
		change(p)
		mend(&c, p, 160)
		_, err := c.parse(p, 160)
		require.ErrorIs(t, err, errFields, name)
	}
	p := bytes.Clone(good)
	binary.LittleEndian.PutUint32(p, maxFrame-frameHead+1)
	_, err := c.parse(p, 160)
	require.ErrorIs(t, err, errLength)
	binary.LittleEndian.PutUint32(p, maxFrame-frameHead)
	_, err = c.parse(p, 160)
	require.ErrorIs(t, err, errCut)
	size, err := frameSize(p)
	require.NoError(t, err)
	require.Equal(t, maxFrame, size)
}

// With the checksum put right, only the cipher stands in the way.
func TestFrameSealedRefusesForgery(t *testing.T) {
	h, c := codecOf(t, 1, ring(3))
	good := c.append(nil, 160, frame{seq: 12, synced: 80, kind: frameCommit, payload: []byte("a payload")})
	for i := range good[:frameHead+9+seal.Overhead] {
		if i < 8 || 16 <= i && i < 24 || i == 26 || i == 27 { // lengths and checksums are told by others; a promise is not sealed
			continue
		}
		for bit := range 8 {
			p := bytes.Clone(good)
			p[i] ^= 1 << bit
			mend(&c, p, 160)
			f, err := c.parse(p, 160)
			if err != nil {
				require.ErrorIs(t, err, errFields)
				continue
			}
			_, err = c.open(nil, 160, f)
			require.ErrorIs(t, err, seal.ErrTampered, "byte %d", i)
		}
	}
	forged := func(c codec, off int64, n uint32) {
		t.Helper()
		p := bytes.Clone(good)
		binary.LittleEndian.PutUint32(p, n)
		clear(p[frameHead+n:])
		mend(&c, p, off)
		f, err := c.parse(p, off)
		require.NoError(t, err)
		_, err = c.open(nil, off, f)
		require.ErrorIs(t, err, seal.ErrTampered)
	}
	whole := uint32(9 + seal.Overhead)
	forged(c, 168, whole) // elsewhere
	for n := range whole {
		forged(c, 160, n) // shorter
	}
	moved := h // a segment of another number, whose header says the same key
	moved.number = 2
	elsewhere := newCodec(&moved, c.frames)
	forged(elsewhere, 160, whole)
	moved = h
	moved.dir[0]++
	forged(newCodec(&moved, c.frames), 160, whole)
}

func TestFrameAllocatesNothing(t *testing.T) {
	for name, keys := range kindsOfSegment {
		_, c := codecOf(t, 1, keys)
		buf, out, payload := make([]byte, 0, 256), make([]byte, 0, 256), []byte("a payload")
		require.Zero(t, testing.AllocsPerRun(100, func() {
			buf = c.append(buf[:0], 160, frame{seq: 12, kind: frameOp, payload: payload})
			f, err := c.parse(buf, 160)
			if err != nil {
				t.Fatal(err)
			}
			if _, err = c.open(out, 160, f); err != nil {
				t.Fatal(err)
			}
			buf[30]++
			if _, err = c.parse(buf, 160); err == nil {
				t.Fatal("damage was read")
			}
		}), name)
	}
}

func TestFrameChecksumIsThatOfTheDescription(t *testing.T) {
	h, c := codecOf(t, 1, nil)
	p := c.append(nil, 160, frame{seq: 12, kind: frameOp, payload: []byte("a payload")})
	all := append(bytes.Clone(h.lock.Salt[:]), binary.LittleEndian.AppendUint64(nil, 160)...)
	all = append(append(all, p[:4]...), p[8:frameHead+9]...)
	require.Equal(t, crc32.Checksum(all, crc32.MakeTable(crc32.Castagnoli)), binary.LittleEndian.Uint32(p[4:]))
}

// Whatever is read is what its parts make, so a frame has one encoding. The
// checksum is put right first, or nothing would ever be read.
func FuzzFrame(f *testing.F) {
	_, c := codecOf(f, 1, nil)
	for kind := uint8(frameOp); kind <= frameSeal; kind++ {
		f.Add(c.append(nil, 160, frame{seq: 12, synced: 80, kind: kind, payload: []byte("a payload")}), int64(160))
	}
	f.Add([]byte{}, int64(0))
	f.Add(bytes.Repeat([]byte{0xff}, 40), int64(-1))
	f.Fuzz(func(t *testing.T, p []byte, off int64) {
		_, c := codecOf(t, 1, nil)
		if _, err := c.parse(p, off); err == nil {
			t.Log("a fuzzer that finds a CRC")
		}
		mend(&c, p, off)
		fr, err := c.parse(p, off)
		if err != nil {
			return
		}
		require.True(t, bytes.Equal(p[:fr.size], c.append(nil, off, fr)))
		if time, ops, chain, ok := parseCommit(fr.payload); ok {
			same := appendCommit(nil, &Commit{Time: time, Ops: make([][]byte, ops%1024), Chain: chain})
			require.Equal(t, fr.payload[:8], same[:8])
			require.Equal(t, fr.payload[12:], same[12:])
		}
	})
}
