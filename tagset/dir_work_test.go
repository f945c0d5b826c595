package tagset_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/tagset"
)

// openDir opens the store in a directory of the system; the end of the test closes
// it.
func openDir(t testing.TB, path string, c tagset.Config) *tagset.Store {
	t.Helper()
	s, err := tagset.Open(path, c)
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

// worker commits to a store, and knows the digest of each version.
type worker struct {
	rng     *rand.Rand
	keys    int
	digests map[tagset.Version][32]byte
}

func newWorker(seed uint64, s *tagset.Store) *worker {
	v := s.View()
	return &worker{rng: rand.New(rand.NewPCG(seed, 5)), digests: map[tagset.Version][32]byte{v.Version(): v.Digest()}}
}

// run makes a number of versions.
func (w *worker) run(t testing.TB, s *tagset.Store, versions int) {
	t.Helper()
	for want := s.View().Version() + tagset.Version(versions); s.View().Version() < want; {
		_, err := s.Update(w.commit)
		require.NoError(t, err)
		v := s.View()
		w.digests[v.Version()] = v.Digest()
	}
}

func (w *worker) name() string { return fmt.Sprintf("行业/t%d", w.rng.IntN(12)) }

// commit is a transaction of a few verbs of any kind. What does not apply, such as
// a tag that is not there, changes nothing.
func (w *worker) commit(tx *tagset.Tx) error {
	tx = tx.By(fmt.Sprintf("actor %d", w.rng.IntN(3)), "because")
	for range 1 + w.rng.IntN(3) {
		var ms []tagset.Member
		for range 1 + w.rng.IntN(20) {
			ms = append(ms, tagset.Member(w.rng.IntN(3000)))
		}
		tx := tx.From([]string{"", "", "import"}[w.rng.IntN(3)])
		switch w.rng.IntN(16) {
		case 0:
			_, _ = tx.CreateTag(tagset.Tag{Name: w.name(), KeepTimes: w.rng.IntN(2) == 0, Note: "n"})
		case 1:
			_ = tx.EditTag(w.name(), func(tag *tagset.Tag) { tag.Weight++ })
		case 2:
			_ = tx.RenameTag(w.name(), w.name())
		case 3:
			_ = tx.DeleteTag(w.name())
		case 4:
			_ = tx.CreateAttribute(fmt.Sprint("a", w.rng.IntN(3)), tagset.Int)
		case 5, 6:
			vs := make([]int64, len(ms))
			for i := range vs {
				vs[i] = w.rng.Int64N(1 << 40)
			}
			_ = tx.SetInts(fmt.Sprint("a", w.rng.IntN(3)), ms, vs)
		case 7:
			_ = tx.Unset("a1", ms[0])
		case 8:
			_ = tx.Forget(ms[:1]...)
		case 9:
			if _, err := tx.Intern(fmt.Sprintf("key-%06d", w.keys)); err != nil {
				return err
			}
			w.keys++
		case 10:
			_, _ = tx.Remove(w.name(), ms...)
		case 11:
			_, _ = tx.AddSet(w.name(), tagset.SetOf(ms...))
		case 12:
			_ = tx.Enroll(ms...)
		default:
			_, _ = tx.Add(w.name(), ms...)
		}
	}
	return nil
}

// requireVersions asks the store for every version that the worker made from first
// on.
func (w *worker) requireVersions(t testing.TB, s *tagset.Store, first tagset.Version) {
	t.Helper()
	for _, version := range slices.Sorted(maps.Keys(w.digests)) {
		if version < first {
			continue
		}
		v, err := s.At(version)
		require.NoError(t, err)
		require.Equal(t, w.digests[version], v.Digest(), "version %d", version)
	}
}

// filesIn reads a directory of the system, but for the lock.
func filesIn(t testing.TB, path string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(path)
	require.NoError(t, err)
	files := map[string][]byte{}
	for _, e := range entries {
		if e.Name() == "LOCK" {
			continue
		}
		b, err := os.ReadFile(filepath.Join(path, e.Name()))
		require.NoError(t, err)
		files[e.Name()] = b
	}
	return files
}

// filesOf reads a directory in memory, likewise.
func filesOf(dir *crashfs.Dir) map[string][]byte {
	files := dir.Contents()
	delete(files, "LOCK")
	return files
}

// dirOf makes a directory of files.
func dirOf(t testing.TB, files map[string][]byte) *crashfs.Dir {
	t.Helper()
	dir := crashfs.New()
	for name, b := range files {
		f, err := dir.Create(name)
		require.NoError(t, err)
		_, err = f.WriteAt(b, 0)
		require.NoError(t, err)
		require.NoError(t, f.Sync())
		require.NoError(t, f.Close())
	}
	require.NoError(t, dir.Sync())
	return dir
}

// named returns the names that begin with prefix, ascending, but for those that
// are kept aside.
func named(files map[string][]byte, prefix string) (names []string) {
	for name := range files {
		if len(name) > len(prefix) && name[:len(prefix)] == prefix && filepath.Ext(name) == "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
