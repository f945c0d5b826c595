package tagset_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/tagset"
)

// A used directory is what a closed store left: several segments, two snapshots.
type usedDir struct {
	files   map[string][]byte
	digests map[tagset.Version][32]byte
	last    tagset.Version
}

// useDir makes one, with segments of some 2 KiB.
func useDir(t testing.TB, seed uint64, c tagset.Config) usedDir {
	dir := crashfs.New()
	s, err := tagset.OpenIn(dir, c, 2000)
	require.NoError(t, err)
	w := newWorker(seed, s)
	w.run(t, s, 40)
	require.NoError(t, s.Compact())
	w.run(t, s, 40)
	require.NoError(t, s.Close())
	return usedDir{filesOf(dir), w.digests, 80}
}

// change is a copy of the directory with one file otherwise; nil removes it.
func (u usedDir) change(t testing.TB, name string, b []byte) *crashfs.Dir {
	files := map[string][]byte{}
	for n, was := range u.files {
		files[n] = was
	}
	files[name] = b
	if b == nil {
		delete(files, name)
	}
	return dirOf(t, files)
}

// requireNotOpened opens the directory, which must fail as corrupt, name the file and
// change nothing.
func requireNotOpened(t testing.TB, dir *crashfs.Dir, name string, c tagset.Config) {
	t.Helper()
	before := filesOf(dir)
	_, err := tagset.OpenIn(dir, c, 2000)
	require.ErrorIs(t, err, tagset.ErrCorrupt)
	require.ErrorContains(t, err, name)
	require.Equal(t, before, filesOf(dir))
}

// requireWhole opens the directory, which must have all versions.
func (u usedDir) requireWhole(t testing.TB, dir *crashfs.Dir, c tagset.Config) tagset.Recovery {
	t.Helper()
	s, err := tagset.OpenIn(dir, c, 2000)
	require.NoError(t, err)
	require.Equal(t, u.last, s.View().Version())
	require.Equal(t, u.digests[u.last], s.View().Digest())
	found := s.Durability().Recovery
	require.NoError(t, s.Compact())
	require.NoError(t, s.Close())
	s, err = tagset.OpenIn(dir, c, 2000)
	require.NoError(t, err)
	require.Equal(t, u.digests[u.last], s.View().Digest())
	require.Empty(t, s.Durability().Recovery.Damaged)
	require.NoError(t, s.Close())
	return found
}

func TestOpenWithoutManifest(t *testing.T) {
	u := useDir(t, 1, tagset.Config{})
	requireNotOpened(t, u.change(t, "MANIFEST", nil), "MANIFEST", tagset.Config{})
	requireNotOpened(t, u.change(t, "MANIFEST", u.files["MANIFEST"][:20]), "MANIFEST", tagset.Config{})
}

// TestOpenFallsBack: a damaged or missing newest snapshot costs nothing but time;
// both cost the store.
func TestOpenFallsBack(t *testing.T) {
	u := useDir(t, 2, tagset.Config{})
	snaps := named(u.files, "snap-")
	require.Len(t, snaps, 2)
	flipped := bytes.Clone(u.files[snaps[1]])
	flipped[len(flipped)/2] ^= 4
	for _, b := range [][]byte{nil, {}, flipped, flipped[:100], u.files[snaps[0]]} {
		found := u.requireWhole(t, u.change(t, snaps[1], b), tagset.Config{})
		require.EqualValues(t, 0, found.Snapshot)
		require.Equal(t, 80, found.Replayed)
		require.Contains(t, found.Damaged, snaps[1])
		require.Contains(t, found.String(), snaps[1])

		both := usedDir{filesOf(u.change(t, snaps[1], b)), nil, 0}
		requireNotOpened(t, both.change(t, snaps[0], nil), snaps[1], tagset.Config{})
	}
	// The older one is not even read.
	found := u.requireWhole(t, u.change(t, snaps[0], nil), tagset.Config{})
	require.Empty(t, found.Damaged)
	require.Equal(t, 40, found.Replayed)
}

// TestOpenWithoutASegment: any one is missed.
func TestOpenWithoutASegment(t *testing.T) {
	u := useDir(t, 3, tagset.Config{})
	segments := named(u.files, "jnl-")
	require.Greater(t, len(segments), 4)
	for _, name := range segments {
		requireNotOpened(t, u.change(t, name, nil), name, tagset.Config{})
	}
}

// TestOpenFlipped flips bits all over: what is opened is what was, or a prefix of it;
// what is not opened stays as it is.
func TestOpenFlipped(t *testing.T) { useDir(t, 4, tagset.Config{}).flip(t, tagset.Config{}) }

func (u usedDir) flip(t testing.TB, c tagset.Config) {
	segments := named(u.files, "jnl-")
	rng := rand.New(rand.NewPCG(4, 4))
	for name, b := range u.files {
		for range 10 / battery.SerialOf(3) {
			p := bytes.Clone(b)
			p[rng.IntN(len(p))] ^= 1 << rng.IntN(8)
			dir := u.change(t, name, p)
			before := filesOf(dir)
			s, err := tagset.OpenIn(dir, c, 2000)
			if err != nil {
				// Which key a file is under is the one thing that is read without it.
				require.True(t, errors.Is(err, tagset.ErrCorrupt) || c.Keys != nil && errors.Is(err, tagset.ErrKey), "%v", err)
				require.Equal(t, before, filesOf(dir))
				continue
			}
			v := s.View()
			require.Equal(t, u.digests[v.Version()], v.Digest())
			if name != segments[len(segments)-1] {
				require.Equal(t, u.last, v.Version())
			}
			require.NoError(t, s.Check())
			require.NoError(t, s.Close())
		}
	}
}

// TestOpenTorn: what was cut off is kept beside, and told; the store goes on.
func TestOpenTorn(t *testing.T) {
	if battery.Raced {
		t.Skip("no concurrency: run without the race detector")
	}
	u := useDir(t, 5, tagset.Config{Sync: tagset.SyncOS})
	segments := named(u.files, "jnl-")
	name := segments[len(segments)-1]
	b := u.files[name]
	torn := 0
	for cut := len(b) - 1; cut > len(b)-600 && cut > 200; cut -= 23 {
		dir := u.change(t, name, b[:cut])
		s, err := tagset.OpenIn(dir, tagset.Config{}, 2000)
		if err != nil { // an empty segment, or one of which it is known that more was there
			require.ErrorIs(t, err, tagset.ErrCorrupt)
			continue
		}
		found := s.Durability().Recovery
		version := s.View().Version()
		require.Less(t, version, u.last)
		require.Equal(t, u.digests[version], s.View().Digest())
		if found.Torn != "" {
			torn++
			kept := dir.Contents()[found.Torn]
			require.EqualValues(t, found.TornBytes, len(kept))
			require.True(t, bytes.HasSuffix(b[:cut], kept))
		}
		w := newWorker(9, s)
		w.run(t, s, 3)
		require.NoError(t, s.Close())
		s, err = tagset.OpenIn(dir, tagset.Config{}, 2000)
		require.NoError(t, err)
		require.Equal(t, w.digests[version+3], s.View().Digest())
		require.Empty(t, s.Durability().Recovery.Torn)
		require.NoError(t, s.Close())
	}
	require.Greater(t, torn, 10)
}

// TestOpenMixedUp puts a file of another directory, of the same versions, in the
// place of one.
func TestOpenMixedUp(t *testing.T) {
	u, other := useDir(t, 6, tagset.Config{}), useDir(t, 7, tagset.Config{})
	names := map[string][]string{}
	for _, prefix := range []string{"jnl-", "snap-"} {
		names[prefix] = named(u.files, prefix)
	}
	theirs := named(other.files, "jnl-")
	// The MANIFEST, and with it the directory's identity.
	requireNotOpened(t, u.change(t, "MANIFEST", other.files["MANIFEST"]), "", tagset.Config{})
	// A segment.
	for i, name := range names["jnl-"] {
		requireNotOpened(t, u.change(t, name, other.files[theirs[min(i, len(theirs)-1)]]), name, tagset.Config{})
	}
	// The snapshot of another store, at the same version.
	snap := names["snap-"][1]
	requireNotOpened(t, u.change(t, snap, other.files[named(other.files, "snap-")[1]]), snap, tagset.Config{})

	// The same before any commit, of empty stores.
	var empty [2]usedDir
	for i := range empty {
		dir := crashfs.New()
		s, err := tagset.OpenIn(dir, tagset.Config{}, 0)
		require.NoError(t, err)
		require.NoError(t, s.Close())
		empty[i].files = filesOf(dir)
	}
	snap = named(u.files, "snap-")[0]
	requireNotOpened(t, empty[0].change(t, snap, empty[1].files[snap]), snap, tagset.Config{})
}

// TestOpenFails makes each call of an Open fail in turn. Nothing is held after it:
// the next one finds all.
func TestOpenFails(t *testing.T) {
	u := useDir(t, 8, tagset.Config{})
	failed := 0
	for n := 1; ; n++ {
		dir := dirOf(t, u.files)
		dir.Inject(crashfs.Fault{Calls: crashfs.Changes | crashfs.Open | crashfs.Read | crashfs.List, First: n})
		s, err := tagset.OpenIn(dir, tagset.Config{}, 2000)
		dir.Inject()
		if err == nil {
			version := s.View().Version()
			require.Equal(t, u.last, version)
			if s.Durability().Recovery.Damaged == "" && n > 20 {
				require.NoError(t, s.Close())
				break // it makes fewer calls
			}
		} else {
			failed++
			var e *tagset.Error
			require.ErrorAs(t, err, &e)
			s, err = tagset.OpenIn(dir, tagset.Config{}, 2000)
			require.NoError(t, err, "call %d", n)
			require.Equal(t, u.digests[u.last], s.View().Digest())
		}
		require.NoError(t, s.Close())
	}
	require.Greater(t, failed, 15)
}
