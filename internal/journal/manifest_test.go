package journal

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/crashfs"
)

func drawManifest(t *rapid.T) manifest {
	m := manifest{id: [16]byte{rapid.Byte().Draw(t, "id"), 1}}
	gen, number, first := uint64(0), rapid.Uint64Range(1, 9).Draw(t, "number"), uint64(0)
	for range rapid.IntRange(1, 4).Draw(t, "snapshots") {
		gen += rapid.Uint64Range(1, 3).Draw(t, "gen")
		m.snapshots = append(m.snapshots, Snapshot{gen, rapid.Uint64().Draw(t, "seq")})
	}
	for range rapid.IntRange(1, 4).Draw(t, "segments") {
		first += rapid.Uint64Range(1, 1<<40).Draw(t, "first")
		m.segments = append(m.segments, place{number, first})
		number++
	}
	return m
}

func TestManifestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawManifest(t)
		p := appendManifest(nil, m)
		got, err := parseManifest(p)
		require.NoError(t, err)
		require.Equal(t, m, got)

		d := crashfs.New()
		_, err = readManifest(d)
		require.True(t, missing(err))
		require.NoError(t, replaceManifest(d, m))
		got, err = readManifest(d)
		require.NoError(t, err)
		require.Equal(t, m, got)
	})
}

var sampleManifest = manifest{
	id:        [16]byte{1, 2, 3},
	snapshots: []Snapshot{{3, 40}, {4, 40}, {7, 90}},
	segments:  []place{{5, 30}, {6, 41}, {7, 91}},
}

func TestManifestRefuses(t *testing.T) {
	good := appendManifest(nil, sampleManifest)
	for h := range harms(good, 1) {
		_, err := parseManifest(h.bytes)
		require.ErrorIs(t, err, ErrCorrupt, h.name)
	}
	for name, change := range map[string]func(*manifest){
		"no ID":               func(m *manifest) { m.id = [16]byte{} },
		"no snapshot":         func(m *manifest) { m.snapshots = nil },
		"no segment":          func(m *manifest) { m.segments = nil },
		"a generation twice":  func(m *manifest) { m.snapshots[1].Gen = 3 },
		"generations swapped": func(m *manifest) { m.snapshots[1].Gen = 8 },
		"a gap in numbers":    func(m *manifest) { m.segments[2].Number = 8 },
		"a number twice":      func(m *manifest) { m.segments[1].Number = 5 },
		"number 0":            func(m *manifest) { m.segments = []place{{0, 1}} },
		"first seq 0":         func(m *manifest) { m.segments = []place{{1, 0}} },
		"a first seq twice":   func(m *manifest) { m.segments[1].First = 30 },
		"seqs swapped":        func(m *manifest) { m.segments[1].First = 99 },
	} {
		m, err := parseManifest(good)
		require.NoError(t, err)
		change(&m)
		_, err = parseManifest(appendManifest(nil, m))
		require.ErrorIs(t, err, ErrCorrupt, name)
		d := crashfs.New()
		require.Error(t, replaceManifest(d, m), name)
		require.Empty(t, d.Contents())
	}
}

func TestManifestOfLaterFormat(t *testing.T) {
	for _, c := range []struct {
		format, reader uint16
		want           error
	}{{2, 1, nil}, {2, 2, ErrLater}, {1, 2, ErrLater}, {0, 0, ErrCorrupt}, {1, 0, ErrCorrupt}} {
		p := appendManifest(nil, sampleManifest)
		binary.LittleEndian.PutUint16(p[8:], c.format)
		binary.LittleEndian.PutUint16(p[10:], c.reader)
		m, err := parseManifest(sumManifest(p))
		require.ErrorIs(t, err, c.want)
		if c.want == nil {
			require.Equal(t, sampleManifest, m)
		}
	}
}

// sumManifest mends the checksum.
func sumManifest(p []byte) []byte {
	binary.LittleEndian.PutUint32(p[len(p)-4:], crc32.Checksum(p[:len(p)-4], castagnoli))
	return p
}

// FuzzManifest: what is taken is what would be written; the checksum is mended, so
// that the rest is reached.
func FuzzManifest(f *testing.F) {
	f.Add(appendManifest(nil, sampleManifest))
	f.Fuzz(func(t *testing.T, p []byte) {
		parseManifest(p)
		if len(p) < manifestHead+4 {
			return
		}
		p = sumManifest(bytes.Clone(p))
		m, err := parseManifest(p)
		if err == nil && binary.LittleEndian.Uint32(p[8:]) == manifestFormat<<16|manifestFormat {
			require.Equal(t, p, appendManifest(nil, m))
		}
	})
}
