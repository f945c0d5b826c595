package tagset_test

import (
	"encoding/hex"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/tagset"
)

// goldenStores are the directories that format 1 of the journal and format 4 of the snapshot came with. Each holds two
// snapshots and several segments, and beside them a file with the digests of all its versions. They are never written
// again: a new format gets a directory of its own.
var goldenStores = map[string]tagset.KeySource{
	"plain":  nil,
	"sealed": tagset.Keyring{1: []byte("0123456789abcdef0123456789abcdef")},
}

const goldenStoreRoot = "testdata/store-v1"

// writeGoldenStore makes a directory with versions of all verbs.
func writeGoldenStore(t *testing.T, name string) {
	now := time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)
	dir := crashfs.New()
	s, err := tagset.OpenIn(dir, tagset.Config{
		Clock: func() time.Time { now = now.Add(time.Minute); return now },
		Rand:  rand.NewChaCha8([32]byte{1}), Keys: goldenStores[name], CompactAfter: -1, Retain: -1,
	}, 3000)
	require.NoError(t, err)
	x := newMixer(11, 1)
	var digests strings.Builder
	for s.View().Version() < 60 {
		before := s.View().Version()
		_, err := s.Update(x.update)
		require.NoError(t, err)
		v := s.View()
		if v.Version() > before {
			d := v.Digest()
			digests.WriteString(hex.EncodeToString(d[:]) + "\n")
		}
		if v.Version() == 40 && before < 40 {
			require.NoError(t, s.Compact())
		}
	}
	require.NoError(t, s.Close())
	folder := filepath.Join(goldenStoreRoot, name)
	require.NoError(t, os.MkdirAll(folder, 0o755))
	for file, p := range dir.Contents() {
		if file != "LOCK" {
			require.NoError(t, os.WriteFile(filepath.Join(folder, file), p, 0o644))
		}
	}
	require.NoError(t, os.WriteFile(folder+".digests", []byte(digests.String()), 0o644))
}

// TestGoldenStores opens the directories of the first release, and makes each of their versions again.
func TestGoldenStores(t *testing.T) {
	for name, keys := range goldenStores {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(goldenStoreRoot, name)
			if _, err := os.Stat(folder); *newGolden && os.IsNotExist(err) {
				writeGoldenStore(t, name)
			}
			dir := crashfs.New()
			files, err := os.ReadDir(folder)
			require.NoError(t, err)
			for _, file := range files {
				p, err := os.ReadFile(filepath.Join(folder, file.Name()))
				require.NoError(t, err)
				f, err := dir.Create(file.Name())
				require.NoError(t, err)
				_, err = f.WriteAt(p, 0)
				require.NoError(t, err)
				require.NoError(t, f.Close())
			}
			text, err := os.ReadFile(folder + ".digests")
			require.NoError(t, err)
			digests := strings.Fields(string(text))

			s, err := tagset.OpenIn(dir, tagset.Config{Keys: keys, Retain: -1}, 0)
			require.NoError(t, err)
			require.EqualValues(t, len(digests), s.View().Version())
			require.NoError(t, s.Check())
			for i, want := range digests {
				v, err := s.At(tagset.Version(i + 1))
				require.NoError(t, err)
				requireDigest(t, want, v)
			}
			changes := 0
			for c, err := range s.Changes(0) {
				require.NoError(t, err)
				changes++
				require.EqualValues(t, changes, c.Version)
			}
			require.Equal(t, len(digests), changes)
			_, err = s.Update(func(tx *tagset.Tx) error { return tx.Enroll(4_000_000) })
			require.NoError(t, err, "it goes on")
			require.NoError(t, s.Close())
		})
	}
}
