package tagset_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// A durable store under keys: whatever its directory holds tells nothing of what is
// in it, and opens with the keys alone.

// personal is what must be in no file.
const personal = "openid-of-somebody"

// fillDirectory makes a store in dir, and returns its digest.
func fillDirectory(t *testing.T, dir string, c tagset.Config) [32]byte {
	s, err := tagset.Open(dir, c)
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	for i := range 3 {
		_, err = s.Update(func(tx *tagset.Tx) error {
			_, err := tx.Intern(personal+string(rune('a'+i)), personal+"again"+string(rune('a'+i)))
			require.NoError(t, err)
			_, err = tx.CreateTag(tagset.Tag{Name: "somebody's tag " + string(rune('a'+i)), Note: personal})
			return err
		})
		require.NoError(t, err)
		if i == 1 {
			require.NoError(t, s.Compact())
		}
	}
	return s.View().Digest()
}

// files are the contents of a directory by name, the lock apart.
func files(t *testing.T, dir string) map[string][]byte {
	all := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		if e.Name() == "LOCK" {
			continue
		}
		p, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		all[e.Name()] = p
	}
	require.NotEmpty(t, all)
	return all
}

func TestDurableSealedDirectory(t *testing.T) {
	dir := t.TempDir()
	want := fillDirectory(t, dir, tagset.Config{Keys: ring(1)})
	for name, p := range files(t, dir) {
		require.False(t, bytes.Contains(p, []byte("somebody")), name)
	}
	other := ring(1)
	other[1][0]++
	for name, k := range map[string]tagset.KeySource{"none": nil, "unknown": ring(2), "other": other} {
		_, err := tagset.Open(dir, tagset.Config{Keys: k})
		require.ErrorIs(t, err, tagset.ErrKey, name)
		require.NotErrorIs(t, err, tagset.ErrCorrupt, name)
	}
	s, err := tagset.Open(dir, tagset.Config{Keys: ring(1)})
	require.NoError(t, err)
	require.Equal(t, want, s.View().Digest())
	require.NoError(t, s.Close())
}

// TestDurableKeyRotation: after Compact nothing new is under the old key, and after
// two nothing at all.
func TestDurableKeyRotation(t *testing.T) {
	dir := t.TempDir()
	want := fillDirectory(t, dir, tagset.Config{Keys: ring(1)})
	for id := uint32(2); id < 5; id++ {
		s, err := tagset.Open(dir, tagset.Config{Keys: ring(id-1, id)})
		require.NoError(t, err)
		require.Equal(t, want, s.View().Digest())
		for range 2 {
			_, err = s.Update(func(tx *tagset.Tx) error { return tx.Enroll(tagset.Member(1000 + s.View().Version())) })
			require.NoError(t, err)
			require.NoError(t, s.Compact())
		}
		want = s.View().Digest()
		require.NoError(t, s.Close())
		s, err = tagset.Open(dir, tagset.Config{Keys: ring(id)})
		require.NoError(t, err, "key %d is needed no more", id-1)
		require.Equal(t, want, s.View().Digest())
		require.NoError(t, s.Close())
	}
}

// TestDurableTurnsEncryptionOn: a plain directory opens under keys only where that
// is said, and is sealed bit by bit.
func TestDurableTurnsEncryptionOn(t *testing.T) {
	dir := t.TempDir()
	want := fillDirectory(t, dir, tagset.Config{})
	c := tagset.Config{Keys: ring(1)}
	_, err := tagset.Open(dir, c)
	require.ErrorIs(t, err, tagset.ErrKey)
	require.NotErrorIs(t, err, tagset.ErrCorrupt)
	c.AcceptPlain = true
	s, err := tagset.Open(dir, c)
	require.NoError(t, err)
	require.Equal(t, want, s.View().Digest())
	for range 2 {
		_, err = s.Update(func(tx *tagset.Tx) error { return tx.Enroll(tagset.Member(1000 + s.View().Version())) })
		require.NoError(t, err)
		require.NoError(t, s.Compact())
	}
	want = s.View().Digest()
	require.NoError(t, s.Close())
	for name, p := range files(t, dir) {
		require.False(t, bytes.Contains(p, []byte("somebody")), name)
	}
	c.AcceptPlain = false
	s, err = tagset.Open(dir, c)
	require.NoError(t, err)
	require.Equal(t, want, s.View().Digest())
	require.NoError(t, s.Close())
}

// TestDurableFilesOfAnotherPlace: a segment of another directory under the same
// keys, or another one of this directory, is told in its place; a snapshot likewise, or
// the one before is taken.
func TestDurableFilesOfAnotherPlace(t *testing.T) {
	c := tagset.Config{Keys: ring(1), Retain: -1}
	dir, twin := t.TempDir(), t.TempDir()
	want := fillDirectory(t, dir, c)
	fillDirectory(t, twin, c)
	sound, others := files(t, dir), files(t, twin)
	tried := 0
	try := func(name, what string, p []byte) {
		tried++
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), p, 0o600))
		s, err := tagset.Open(dir, c)
		if err == nil && strings.HasPrefix(name, "snap-") {
			require.Equal(t, want, s.View().Digest(), what)
			require.NoError(t, s.Close())
		} else {
			require.ErrorIs(t, err, tagset.ErrCorrupt, what)
			if strings.HasPrefix(name, "jnl-") {
				require.ErrorIs(t, err, tagset.ErrSpliced, what)
			}
		}
		for name, p := range sound {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), p, 0o600))
		}
	}
	for name := range sound {
		kind, _, _ := strings.Cut(name, "-")
		for from, p := range others {
			if strings.HasPrefix(from, kind) {
				try(name, from+" of another directory as "+name, p)
			}
		}
		for from, p := range sound {
			if from != name && strings.HasPrefix(from, kind) {
				try(name, from+" as "+name, p)
			}
		}
	}
	require.Greater(t, tried, 10)
	s, err := tagset.Open(dir, c)
	require.NoError(t, err)
	require.Equal(t, want, s.View().Digest())
	require.NoError(t, s.Close())
}
