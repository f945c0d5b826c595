package tagset_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/tagset"
)

// uuidOf is where a snapshot tells the store's.
func uuidOf(t testing.TB, s *tagset.Store) []byte { return snapshot(t, s.View())[16:32] }

func TestOpenMakesAStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	c := tagset.Config{Policy: tagset.Policy{MaxTags: 7}}
	s := openDir(t, path, c)
	require.EqualValues(t, 0, s.View().Version())
	require.Equal(t, 7, s.View().Policy().MaxTags)
	uuid := uuidOf(t, s)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o700), info.Mode().Perm())
	for name := range filesIn(t, path) {
		info, err := os.Stat(filepath.Join(path, name))
		require.NoError(t, err)
		require.Equal(t, fs.FileMode(0o600), info.Mode().Perm(), name)
	}
	require.NoError(t, s.Close())

	// The policy is the one recorded, and so is the identity.
	s = openDir(t, path, tagset.Config{Policy: tagset.Policy{MaxTags: 9}})
	require.Equal(t, 7, s.View().Policy().MaxTags)
	require.Equal(t, uuid, uuidOf(t, s))
	_, err = s.Update(func(tx *tagset.Tx) error { return tx.SetPolicy(tagset.Policy{MaxTags: 8}) })
	require.NoError(t, err)
	require.NoError(t, s.Close())
	s = openDir(t, path, c)
	require.Equal(t, 8, s.View().Policy().MaxTags)
	require.EqualValues(t, 1, s.View().Version())
}

// TestOpenGoesOn opens a store again and again, at each level; every version that
// ever was is found as it was.
func TestOpenGoesOn(t *testing.T) {
	for _, level := range []tagset.Sync{tagset.SyncAlways, tagset.SyncInterval(1e6), tagset.SyncOS} {
		t.Run(level.String(), func(t *testing.T) {
			path := t.TempDir()
			c := tagset.Config{Sync: level, Retain: -1}
			s := openDir(t, path, c)
			w := newWorker(1, s)
			for round := range 3 {
				w.run(t, s, 30)
				before := s.View()
				if round == 1 {
					require.NoError(t, s.Compact())
				}
				require.NoError(t, s.Close())
				s = openDir(t, path, c)
				require.Equal(t, before.Version(), s.View().Version())
				require.Equal(t, before.Digest(), s.View().Digest())
				require.False(t, s.View().Time().Before(before.Time()))
				require.NoError(t, s.Check())
				w.requireVersions(t, s, 0)
			}
			found := s.Durability()
			require.Equal(t, level, found.Sync)
			require.Empty(t, found.Recovery.Damaged+found.Recovery.Torn)
			require.Equal(t, 30, found.Recovery.Replayed)
			require.EqualValues(t, 60, found.Recovery.Snapshot)
		})
	}
}

// TestOpenLeavesOthersAlone: what else is in the directory stays there.
func TestOpenLeavesOthersAlone(t *testing.T) {
	path := t.TempDir()
	// Also what looks a little like files of a store's.
	others := []string{"notes.txt", "a.tmp", "MANIFEST.old.tmp", "snap-shot.jpg.tmp", "jnl-mine.torn", "b.salvaged", "snap-shot.salvaged"}
	for _, name := range others {
		require.NoError(t, os.WriteFile(filepath.Join(path, name), []byte("mine"), 0o600))
	}
	require.NoError(t, os.Mkdir(filepath.Join(path, "sub"), 0o700))
	s := openDir(t, path, tagset.Config{})
	with(t, s, map[string][]tagset.Member{"a": {1}})
	require.NoError(t, s.Compact())
	require.NoError(t, s.Compact())
	require.NoError(t, s.Erase())
	require.NoError(t, s.Close())
	got, err := tagset.Salvage(path, tagset.Config{})
	require.NoError(t, err)
	require.Empty(t, got.Files)
	openDir(t, path, tagset.Config{})
	for _, name := range others {
		b, err := os.ReadFile(filepath.Join(path, name))
		require.NoError(t, err)
		require.Equal(t, "mine", string(b))
	}
}

// TestOpenLocked: one store at a time, here and in another process.
func TestOpenLocked(t *testing.T) {
	path := t.TempDir()
	s := openDir(t, path, tagset.Config{})
	_, err := tagset.Open(path, tagset.Config{})
	require.ErrorIs(t, err, tagset.ErrLocked)
	require.ErrorContains(t, err, path)
	_, err = tagset.RestoreTo(path, bytes.NewReader(snapshot(t, s.View())), tagset.Config{})
	require.ErrorIs(t, err, tagset.ErrLocked)
	_, err = tagset.Salvage(path, tagset.Config{})
	require.ErrorIs(t, err, tagset.ErrLocked)

	open := func() string {
		child := exec.Command(os.Args[0], "-test.run=^TestOpenLockedChild$", "-test.count=1")
		child.Env = append(os.Environ(), "TAGROAR_LOCKED="+path)
		out, _ := child.CombinedOutput()
		return string(out)
	}
	require.Contains(t, open(), "child: locked")
	with(t, s, map[string][]tagset.Member{"a": {1}})
	require.NoError(t, s.Close())
	require.Contains(t, open(), "child: opened")
	openDir(t, path, tagset.Config{})
}

// TestOpenLockedChild is the other process.
func TestOpenLockedChild(t *testing.T) {
	path := os.Getenv("TAGROAR_LOCKED")
	if path == "" {
		t.Skip("the other process of TestOpenLocked")
	}
	s, err := tagset.Open(path, tagset.Config{})
	if err != nil {
		require.ErrorIs(t, err, tagset.ErrLocked)
		os.Stdout.WriteString("child: locked\n")
		return
	}
	os.Stdout.WriteString("child: opened\n")
	require.NoError(t, s.Close())
}

type badKeys int

func (k badKeys) Current() (uint32, []byte, error) { return 1, make([]byte, k), nil }
func (k badKeys) Key(uint32) ([]byte, error)       { return make([]byte, k), nil }

// TestOpenRefuses what cannot be, before it makes anything.
func TestOpenRefuses(t *testing.T) {
	root := t.TempDir()
	for _, c := range []struct {
		config tagset.Config
		want   error
	}{
		{tagset.Config{Sync: tagset.SyncInterval(0)}, tagset.ErrType},
		{tagset.Config{Sync: -7}, tagset.ErrType},
		{tagset.Config{Policy: tagset.Policy{MaxTags: -1}}, tagset.ErrType},
		{tagset.Config{Keys: badKeys(31)}, tagset.ErrKey},
	} {
		path := filepath.Join(root, "store")
		_, err := tagset.Open(path, c.config)
		require.ErrorIs(t, err, c.want)
		_, err = os.Stat(path)
		require.ErrorIs(t, err, fs.ErrNotExist)
	}
	// Not the directory that the process happens to be in.
	t.Chdir(root)
	_, err := tagset.Open("", tagset.Config{})
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.Empty(t, filesIn(t, root))
	_, err = tagset.Open(filepath.Join(root, "none", "store"), tagset.Config{})
	require.ErrorIs(t, err, fs.ErrNotExist)
	file := filepath.Join(root, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err = tagset.Open(file, tagset.Config{})
	require.Error(t, err)
	require.ErrorContains(t, err, file)
}

// TestRestoreTo: a snapshot's stream becomes a directory.
func TestRestoreTo(t *testing.T) {
	from := fullSample(t)
	p := snapshot(t, from.View())
	path := filepath.Join(t.TempDir(), "copy")

	_, err := tagset.RestoreTo(path, bytes.NewReader(p[:len(p)-1]), tagset.Config{})
	require.ErrorIs(t, err, tagset.ErrCorrupt)
	s, err := tagset.RestoreTo(path, bytes.NewReader(p), tagset.Config{})
	require.NoError(t, err)
	requireSameView(t, from.View(), s.View())
	w := newWorker(3, s)
	w.run(t, s, 10)
	require.NoError(t, s.Close())

	_, err = tagset.RestoreTo(path, bytes.NewReader(p), tagset.Config{})
	require.ErrorIs(t, err, fs.ErrExist)
	s = openDir(t, path, tagset.Config{})
	require.Equal(t, uuidOf(t, from), uuidOf(t, s))
	w.requireVersions(t, s, 0)
	_, err = s.At(from.View().Version() - 1)
	require.ErrorIs(t, err, tagset.ErrVersionGone)

	// A snapshot file is such a stream.
	require.NoError(t, s.Compact())
	files := filesIn(t, path)
	names := named(files, "snap-")
	back, err := tagset.Restore(bytes.NewReader(files[names[len(names)-1]]), tagset.Config{})
	require.NoError(t, err)
	requireSameView(t, s.View(), back.View())
}

// TestAtClosed: what is not in memory is not read from a directory that may be
// somebody else's by now.
func TestAtClosed(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	s := openDir(t, t.TempDir(), tagset.Config{History: 1, Clock: func() time.Time { return now }})
	for m := range tagset.Member(4) {
		now = now.Add(time.Hour)
		do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.Enroll(m)) })
	}
	require.NoError(t, s.Close())
	for v, want := range map[tagset.Version]error{1: tagset.ErrClosed, 2: tagset.ErrClosed, 3: nil, 4: nil, 5: tagset.ErrVersionGone} {
		_, err := s.At(v)
		require.ErrorIs(t, err, want, "version %d", v)
	}
	for ago, want := range map[time.Duration]error{time.Hour: nil, 2 * time.Hour: tagset.ErrClosed, 9 * time.Hour: tagset.ErrClosed} {
		_, err := s.AtTime(now.Add(-ago))
		require.ErrorIs(t, err, want, "%v ago", ago)
	}
}
