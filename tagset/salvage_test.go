package tagset_test

import (
	"bytes"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/tagset"
)

// requireSalvaged salvages a directory that cannot be opened, and returns what is
// left of it: a prefix of its versions, in a directory that opens, goes on and can be
// salvaged again without a change.
func (u usedDir) requireSalvaged(t testing.TB, dir *crashfs.Dir) tagset.Salvaged {
	t.Helper()
	before := filesOf(dir)
	got, err := tagset.SalvageIn(dir, tagset.Config{}, 2000)
	require.NoError(t, err)
	files := filesOf(dir)
	for _, name := range got.Files {
		require.Contains(t, files, name)
		require.True(t, strings.HasSuffix(name, ".salvaged"))
	}
	requireKept(t, before, files)

	s, err := tagset.OpenIn(dir, tagset.Config{}, 2000)
	require.NoError(t, err)
	require.Equal(t, got.Version, s.View().Version())
	require.Equal(t, u.digests[got.Version], s.View().Digest())
	require.NoError(t, s.Check())
	found := s.Durability()
	require.Empty(t, found.Recovery.Damaged)
	for v := found.Snapshots[0]; v <= got.Version; v += 7 {
		view, err := s.At(v)
		require.NoError(t, err)
		require.Equal(t, u.digests[v], view.Digest())
	}
	w := newWorker(11, s)
	w.run(t, s, 5)
	require.NoError(t, s.Close())
	again, err := tagset.SalvageIn(dir, tagset.Config{}, 2000)
	require.NoError(t, err)
	require.Empty(t, again.Lost)
	require.Equal(t, got.Version+5, again.Version)
	require.Equal(t, got.Files, again.Files)
	return got
}

// requireKept: every byte that was there is there, under whatever name.
func requireKept(t testing.TB, before, after map[string][]byte) {
	t.Helper()
	for name, b := range before {
		if name == "MANIFEST" {
			continue
		}
		found := false
		for _, a := range after {
			found = found || bytes.HasPrefix(a, b)
		}
		require.True(t, found, "the bytes of %s are gone", name)
	}
}

// TestSalvageDamage damages each file in turn.
func TestSalvageDamage(t *testing.T) {
	if battery.Raced {
		t.Skip("no concurrency: run without the race detector")
	}
	u := useDir(t, 1, tagset.Config{})
	rng := rand.New(rand.NewPCG(1, 8))
	for name, b := range u.files {
		for _, damage := range []string{"flip", "flip", "cut", "remove"} {
			p := bytes.Clone(b)
			switch damage {
			case "flip":
				p[rng.IntN(len(p))] ^= 1 << rng.IntN(8)
			case "cut":
				p = p[:rng.IntN(len(p))]
			case "remove":
				p = nil
			}
			dir := u.change(t, name, p)
			s, err := tagset.OpenIn(dir, tagset.Config{}, 2000)
			if err == nil {
				require.NoError(t, s.Close())
			}
			got := u.requireSalvaged(t, dir)
			if err == nil {
				continue
			}
			require.NotEmpty(t, got.Lost)
			if strings.HasPrefix(name, "jnl-") {
				// What is newer than the newest snapshot is all that can be lost.
				require.GreaterOrEqual(t, got.Version, tagset.Version(40))
			} else {
				require.Equal(t, u.last, got.Version)
			}
		}
	}
}

// TestSalvageKeepsThePrefix: a damaged segment ends the versions; those before it
// stay.
func TestSalvageKeepsThePrefix(t *testing.T) {
	u := useDir(t, 2, tagset.Config{})
	segments := named(u.files, "jnl-")
	snaps := named(u.files, "snap-")
	name := segments[len(segments)-2]
	p := bytes.Clone(u.files[name])
	p[len(p)/2] ^= 1
	dir := u.change(t, name, p)
	requireNotOpened(t, dir, name, tagset.Config{})
	got := u.requireSalvaged(t, dir)
	require.Greater(t, got.Version, tagset.Version(40))
	require.Less(t, got.Version, u.last)
	require.Contains(t, got.Lost, name)
	require.Contains(t, got.Lost, segments[len(segments)-1])

	// With the snapshot before it damaged as well, the other one leads there too.
	both := usedDir{filesOf(u.change(t, name, p)), u.digests, u.last}
	dir = both.change(t, snaps[1], []byte("what?"))
	again := u.requireSalvaged(t, dir)
	require.Equal(t, got.Version, again.Version)
	require.Contains(t, again.Recovery.Damaged, snaps[1])

	// Without any there is nothing to begin with.
	all := usedDir{filesOf(both.change(t, snaps[1], nil)), nil, 0}
	_, err := tagset.SalvageIn(all.change(t, snaps[0], nil), tagset.Config{}, 0)
	require.ErrorIs(t, err, tagset.ErrCorrupt)
	_, err = tagset.Salvage(t.TempDir(), tagset.Config{})
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// TestSalvageWithoutManifest: a snapshot alone may be of a creation that was cut
// short, or all that is left of a store; whoever salvages does not have it removed.
func TestSalvageWithoutManifest(t *testing.T) {
	from := fullSample(t)
	dir := crashfs.New()
	s, err := tagset.RestoreIn(dir, bytes.NewReader(snapshot(t, from.View())), tagset.Config{}, 0)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	require.NoError(t, dir.Remove("MANIFEST"))
	got, err := tagset.SalvageIn(dir, tagset.Config{}, 0)
	require.NoError(t, err)
	require.Equal(t, from.View().Version(), got.Version)
	s, err = tagset.OpenIn(dir, tagset.Config{}, 0)
	require.NoError(t, err)
	requireSameView(t, from.View(), s.View())
	require.NoError(t, s.Close())
}

// TestSalvageMakesNothing: where no store is there is none afterwards.
func TestSalvageMakesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none")
	_, err := tagset.Salvage(path, tagset.Config{})
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = os.Stat(path)
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.NoError(t, os.Mkdir(path, 0o700))
	_, err = tagset.Salvage(path, tagset.Config{})
	require.ErrorIs(t, err, fs.ErrNotExist)
}
