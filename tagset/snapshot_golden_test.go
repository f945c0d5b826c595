package tagset_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

var newGolden = flag.Bool("new-golden", false, "write the golden snapshot of the current format, if there is none")

// golden is the snapshot of a format, and the store that it holds. The files
// are never written again: a new format gets a file of its own.
func golden(t *testing.T, file string) ([]byte, *tagset.Store) {
	p, err := os.ReadFile(file)
	require.NoError(t, err)
	return p, restore(t, p)
}

// TestGoldenSnapshot opens what this format's first release wrote, and writes
// the same bytes.
func TestGoldenSnapshot(t *testing.T) {
	const file = "testdata/snapshot-v4.bin"
	writeGolden(t, file, func() []byte { return snapshot(t, lineageSample(t).View()) })
	p, back := golden(t, file)
	v := back.View()
	require.True(t, bytes.Equal(p, snapshot(t, v)), "written again: other bytes")
	require.True(t, bytes.Equal(p, snapshot(t, lineageSample(t).View())), "the same content: other bytes")
	requireSameView(t, lineageSample(t).View(), v)
	chain, replica := v.Lineage()
	require.Equal(t, sampleChain, chain)
	require.True(t, replica)
}

// TestGoldenSealedSnapshot opens what was sealed with key 1.
func TestGoldenSealedSnapshot(t *testing.T) {
	const file = "testdata/snapshot-v4-sealed.bin"
	writeGolden(t, file, func() []byte { return sealedPart(t) })
	p, err := os.ReadFile(file)
	require.NoError(t, err)
	s, err := tagset.Restore(bytes.NewReader(p), sealing(ring(1, 2)))
	require.NoError(t, err)
	m, ok := s.View().Lookup("openid-1")
	require.True(t, ok)
	require.Zero(t, m)
	_, err = tagset.Restore(bytes.NewReader(p), sealing(ring(2)))
	require.ErrorIs(t, err, tagset.ErrKey)
}

// writeGolden writes a new golden file, if that is asked for.
func writeGolden(t *testing.T, file string, content func() []byte) {
	if _, err := os.Stat(file); *newGolden && os.IsNotExist(err) {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, content(), 0o644))
	}
}

// TestGoldenSnapshotV3 opens what the release before wrote.
func TestGoldenSnapshotV3(t *testing.T) {
	p, back := golden(t, "testdata/snapshot-v3.bin")
	v := back.View()
	requireSameView(t, taggedSample(t).View(), v)
	requireDigest(t, "dae835579b94cd9c436b9d0332f3d5ff57d1e7f89594346e81ea840d52c701f2", v)
	requireSameFrames(t, 3, p, snapshot(t, v))
	require.True(t, bytes.Equal(snapshot(t, taggedSample(t).View()), snapshot(t, v)))
}

// TestGoldenSnapshotV2 opens what the release before that wrote.
func TestGoldenSnapshotV2(t *testing.T) {
	p, back := golden(t, "testdata/snapshot-v2.bin")
	v := back.View()
	require.EqualValues(t, 6, v.Version())
	n, ok := v.Int("消费金额", 8)
	require.True(t, ok)
	require.EqualValues(t, 8*8*31-500, n)
	requireSameView(t, fullSample(t).View(), v)
	requireDigest(t, "f9b80b7d9a9eb5c8416593238bbf64a61458fa95ca29e39d600d262c4cebb2ef", v)
	requireSameFrames(t, 2, p, snapshot(t, v))
	require.True(t, bytes.Equal(snapshot(t, fullSample(t).View()), snapshot(t, v)))
}

// TestGoldenSnapshotV1 opens what the first release wrote.
func TestGoldenSnapshotV1(t *testing.T) {
	p, back := golden(t, "testdata/snapshot-v1.bin")
	v := back.View()
	require.EqualValues(t, 3, v.Version())
	tag, ok := v.Tag("地域/华东/上海")
	require.True(t, ok)
	require.Equal(t, "市场部", tag.Owner)
	m, ok := v.Lookup("openid-00004")
	require.True(t, ok)
	require.EqualValues(t, 2, m)
	requireSameView(t, sample(t).View(), v)
	requireDigest(t, "4ef7fa164eb9d4c80454c634f38f975b6151089395f883a67dbfdcff4d728662", v)
	requireSameFrames(t, 1, p, snapshot(t, v))
	require.True(t, bytes.Equal(snapshot(t, sample(t).View()), snapshot(t, v)))
}

// requireDigest compares the digest with the one that the content had when its
// format was the latest.
func requireDigest(t *testing.T, want string, v *tagset.View) {
	d := v.Digest()
	require.Equal(t, want, hex.EncodeToString(d[:]))
}

// requireSameFrames makes sure that again, of the current format, is p, of an
// earlier one, but for the versions and what follows from them.
func requireSameFrames(t *testing.T, format uint16, p, again []byte) {
	require.Equal(t, len(p), len(again))
	require.Equal(t, format, binary.LittleEndian.Uint16(p[8:]))
	require.EqualValues(t, 4, binary.LittleEndian.Uint16(again[8:]))
	require.Equal(t, p[12:100], again[12:100], "all of the header but versions and checksum")
	kinds, payloads := frames(t, p)
	kindsAgain, payloadsAgain := frames(t, again)
	require.Equal(t, kinds, kindsAgain)
	end := len(kinds) - 1 // of which the hash differs
	require.Equal(t, payloads[:end], payloadsAgain[:end], "written again: other content")
}
