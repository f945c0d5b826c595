package tagset

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// lineageBase is bombBase with a lineage.
func lineageBase(t testing.TB) *Store { return WithLineage(bombBase(t), [32]byte{1, 2, 3}, true) }

// former is a lineage of n former UUIDs, whose last versions are these.
func former(n uint32, last ...uint64) []byte {
	p := append([]byte{promotedFlag}, make([]byte, 32)...)
	p = binary.LittleEndian.AppendUint32(p, n)
	for _, v := range last {
		p = append(binary.LittleEndian.AppendUint64(p, v), make([]byte, 16)...)
	}
	return p
}

// lineageBombs are changes of lineageBase that Restore must refuse.
var lineageBombs = []bomb{
	{"empty lineage", func(f *forgery) { f.replace(frameLineage, nil) }, "needs 1 bytes"},
	{"lineage of flags alone", func(f *forgery) { f.replace(frameLineage, []byte{replicaFlag}) }, "needs 32 bytes"},
	{"half a hash", func(f *forgery) { f.replace(frameLineage, make([]byte, 17)) }, "needs 32 bytes"},
	{"bytes after the lineage", func(f *forgery) { f.replace(frameLineage, slices.Repeat([]byte{1}, lineageLen+1)) }, "1 bytes after the lineage"},
	{"lineage of 1 MiB", func(f *forgery) { f.replace(frameLineage, slices.Repeat([]byte{1}, 1<<20)) }, "bytes after the lineage"},
	{"unknown flags of a lineage", func(f *forgery) { f.replace(frameLineage, append([]byte{4}, make([]byte, 32)...)) }, "flags 0x4"},
	{"all flags of a lineage", func(f *forgery) { f.replace(frameLineage, slices.Repeat([]byte{253}, lineageLen)) }, "flags 0xfd"},
	{"no former UUIDs", func(f *forgery) { f.replace(frameLineage, former(0)) }, "0 former UUIDs"},
	{"fewer former UUIDs than it says", func(f *forgery) { f.replace(frameLineage, former(2, 0)) }, "2 former UUIDs in 24 bytes"},
	{"more former UUIDs than a store has", func(f *forgery) { f.replace(frameLineage, former(maxFormer+1, make([]uint64, maxFormer+1)...)) }, "former UUIDs"},
	{"billions of former UUIDs", func(f *forgery) { f.replace(frameLineage, former(1<<32-1, 0)) }, "former UUIDs"},
	{"a former UUID of a later version", func(f *forgery) { f.replace(frameLineage, former(1, 1<<40)) }, "former UUID 0 up to version"},
	{"former UUIDs out of order", func(f *forgery) { f.replace(frameLineage, former(2, 0, 0)) }, "former UUID 1 up to version 0"},
	{"bytes after former UUIDs", func(f *forgery) { f.replace(frameLineage, append(former(1, 0), 0)) }, "1 bytes after the lineage"},
	{"lineage that says nothing", func(f *forgery) { f.replace(frameLineage, make([]byte, lineageLen)) }, "nothing in it"},
	{"two lineages", func(f *forgery) { f.frames = append(f.frames, f.frames[f.first(frameLineage)]) }, "where the index should be"},
	{"lineage before the content", func(f *forgery) {
		at := f.first(frameLineage)
		f.frames = slices.Insert(slices.Delete(f.frames, at, at+1), 0, f.frames[at])
	}, "live members, but"},
	{"lineage before what is direct", func(f *forgery) {
		at, direct := f.first(frameLineage), f.first(frameDirect)
		f.frames[at], f.frames[direct] = f.frames[direct], f.frames[at]
	}, "where the index should be"},
	{"lineage of format 3", func(f *forgery) { f.header[8], f.header[10] = 3, 3 }, "where the index should be"},
	{"lineage of format 1", func(f *forgery) { f.header[8], f.header[10] = 1, 1 }, "where the index should be"},
	{"lineage of a tag", func(f *forgery) {
		f.index = func(p []byte) []byte { p[len(p)-2] = 1; return p }
	}, "other than the frames before"},
}

func TestRestoreRefusesLineageBombs(t *testing.T) { requireRefused(t, lineageBase(t), lineageBombs) }

// TestRestoreOfFormat3: what has no lineage is the same in both formats.
func TestRestoreOfFormat3(t *testing.T) {
	var out bytes.Buffer
	_, err := taxonomyBase(t).View().WriteTo(&out)
	require.NoError(t, err)
	f := dissect(t, out.Bytes())
	f.header[8], f.header[10] = 3, 3
	s, err := Restore(bytes.NewReader(f.seal()), Config{})
	require.NoError(t, err)
	var again bytes.Buffer
	_, err = s.View().WriteTo(&again)
	require.NoError(t, err)
	require.Equal(t, out.Bytes(), again.Bytes())
}
