package journal

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/seal"
)

func TestHeaderRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := header{
			number: rapid.Uint64Min(1).Draw(t, "number"),
			first:  rapid.Uint64Min(1).Draw(t, "first"),
		}
		for _, p := range [][]byte{h.dir[:], h.prev[:]} {
			copy(p, rapid.SliceOfN(rapid.Byte(), len(p), len(p)).Draw(t, "bytes"))
		}
		var keys seal.Keys
		if rapid.Bool().Draw(t, "encrypted") {
			keys = ring(rapid.Uint32Range(1, 9).Draw(t, "key"))
		}
		_, err := h.begin(keys, rand.NewChaCha8([32]byte{1}))
		require.NoError(t, err)
		p := h.append([]byte("before"))
		require.Len(t, p[6:], headerLen)
		got, err := parseHeader(append(p[6:], "frames"...))
		require.NoError(t, err)
		require.Equal(t, h, got)
		_, err = got.resume(keys, false)
		require.NoError(t, err)
	})
}

func TestHeaderRefuses(t *testing.T) {
	h, _ := codecOf(t, 1, nil)
	good := h.append(nil)
	for i := range good {
		_, err := parseHeader(good[:i])
		require.ErrorIs(t, err, ErrCorrupt)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		for bit := range 8 {
			p := bytes.Clone(good)
			p[i] ^= 1 << bit
			_, err := parseHeader(p)
			require.ErrorIs(t, err, ErrCorrupt)
		}
	}
	for name, change := range map[string]func(p []byte){
		"number 0":              func(p []byte) { clear(p[32:40]) },
		"first 0":               func(p []byte) { clear(p[40:48]) },
		"format 0":              func(p []byte) { clear(p[8:12]) },
		"reader before format":  func(p []byte) { clear(p[8:10]) },
		"unknown flag":          func(p []byte) { p[116] = 2 },
		"reserved":              func(p []byte) { p[152] = 1 },
		"key of a plain one":    func(p []byte) { p[112] = 1 },
		"commitment of a plain": func(p []byte) { p[151] = 1 },
	} {
		p := bytes.Clone(good)
		change(p)
		_, err := parseHeader(sumHeader(p))
		require.ErrorIs(t, err, ErrCorrupt, name)
		require.NotErrorIs(t, err, errChecksum, name)
	}
}

// sumHeader puts the checksum of a header right.
func sumHeader(p []byte) []byte {
	binary.LittleEndian.PutUint32(p[len(p)-4:], crc32.Checksum(p[:len(p)-4], castagnoli))
	return p
}

// What a later version writes is read if it says that it can be, and else told
// from damage.
func TestHeaderOfLaterFormat(t *testing.T) {
	h, _ := codecOf(t, 1, nil)
	p := append(h.append(nil)[:headerLen-4], make([]byte, 8+4)...)
	p[12] = headerLen + 8
	p[8] = 2
	got, err := parseHeader(sumHeader(p))
	require.NoError(t, err)
	require.Equal(t, headerLen+8, got.size)
	p[10] = 2
	_, err = parseHeader(sumHeader(p))
	require.ErrorIs(t, err, ErrLater)
	require.NotErrorIs(t, err, ErrCorrupt)
	p[8], p[10] = 1, 1
	_, err = parseHeader(sumHeader(p))
	require.ErrorIs(t, err, ErrCorrupt, "this version knows how long its header is")
}

func TestHeaderKeys(t *testing.T) {
	plain, _ := codecOf(t, 1, nil)
	sealed, _ := codecOf(t, 1, ring(3))
	_, err := plain.resume(ring(3), false)
	require.ErrorIs(t, err, seal.ErrKey, "plain where keys are set")
	_, err = plain.resume(ring(3), true)
	require.NoError(t, err)
	_, err = sealed.resume(nil, true)
	require.ErrorIs(t, err, seal.ErrKey)
	_, err = sealed.resume(ring(2), false)
	require.ErrorIs(t, err, seal.ErrKey, "key 3 is not there")
	_, err = sealed.resume(ring(4), false)
	require.NoError(t, err, "a later key is the current one")
	moved := sealed
	moved.number++
	_, err = moved.resume(ring(3), false)
	require.ErrorIs(t, err, seal.ErrKey, "another segment has another key")

	_, err = new(header).begin(nil, iotest.ErrReader(io.ErrClosedPipe))
	require.ErrorIs(t, err, io.ErrClosedPipe)
	_, err = new(header).begin(ring(1), iotest.ErrReader(io.ErrClosedPipe))
	require.ErrorIs(t, err, io.ErrClosedPipe)
}

func TestSegmentNames(t *testing.T) {
	require.Equal(t, "jnl-00000000000000000042", segmentName(42))
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Uint64().Draw(t, "a"), rapid.Uint64().Draw(t, "b")
		got, ok := parseSegmentName(segmentName(a))
		require.True(t, ok)
		require.Equal(t, a, got)
		require.Equal(t, a < b, segmentName(a) < segmentName(b))
	})
	for _, name := range []string{
		"", "jnl-", "jnl-1", "jnl-0000000000000000004x", "jnl-99999999999999999999", "jnl-+0000000000000000042",
		"jnl-00000000000000000042.torn", "jnl-00000000000000000042.tmp", "snap-0000000000000000042", "MANIFEST",
	} {
		_, ok := parseSegmentName(name)
		require.False(t, ok, name)
	}
}

func FuzzHeader(f *testing.F) {
	for _, keys := range kindsOfSegment {
		h, _ := codecOf(f, 1, keys)
		f.Add(h.append(nil))
	}
	f.Fuzz(func(t *testing.T, p []byte) {
		if len(p) < headerLen || len(p) > maxHeader {
			_, err := parseHeader(p)
			require.Error(t, err)
			return
		}
		binary.LittleEndian.PutUint32(p[12:], uint32(len(p)))
		h, err := parseHeader(sumHeader(p))
		if err == nil && len(p) == headerLen {
			h.size = headerLen
			p[8], p[9], p[10], p[11] = 1, 0, 1, 0
			require.True(t, bytes.Equal(sumHeader(p), h.append(nil)))
		}
	})
}
