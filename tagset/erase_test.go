package tagset_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/tagset"
)

const people = 40

// keyOf and valueOf are what is personal of person i.
func keyOf(i int) string  { return fmt.Sprintf("openid-oZ%dq7-%d", i, i*i+7) }
func valueOf(i int) int64 { return -0x123456789abcdef + int64(i)*0x1020304050607 }

// traces are the bytes in which what is personal of person i may be in a file.
func traces(i int) map[string][]byte {
	v := valueOf(i)
	return map[string][]byte{
		"key":           []byte(keyOf(i)),
		"value":         binary.LittleEndian.AppendUint64(nil, uint64(v)),
		"value, BE":     binary.BigEndian.AppendUint64(nil, uint64(v)),
		"value, zigzag": binary.AppendVarint(nil, v),
		"value, varint": binary.AppendUvarint(nil, uint64(v)),
	}
}

// traced tells which of them are in the files.
func traced(files map[string][]byte, i int) (found []string) {
	for name, b := range files {
		for what, p := range traces(i) {
			if bytes.Contains(b, p) {
				found = append(found, what+" in "+name)
			}
		}
	}
	return found
}

// peopled makes a store of people who each have a key and values, over several
// segments and snapshots.
func peopled(t testing.TB, dir disk.Dir, c tagset.Config) *tagset.Store {
	s, err := tagset.OpenIn(dir, c, 1500)
	require.NoError(t, err)
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.CreateAttribute("n", tagset.Int))
		require.NoError(t, tx.CreateAttribute("several", tagset.Int))
		for _, name := range []string{"VIP", "timed"} {
			_, err := tx.CreateTag(tagset.Tag{Name: name, KeepTimes: name == "timed"})
			require.NoError(t, err)
		}
	})
	for i := range people {
		do(t, s, func(tx *tagset.Tx) {
			ms, err := tx.Intern(keyOf(i))
			require.NoError(t, err)
			require.NoError(t, tx.SetInt("n", ms[0], valueOf(i)))
			_, err = tx.Add("VIP", ms...)
			require.NoError(t, err)
		})
		if i == people/2 {
			require.NoError(t, s.Compact())
		}
	}
	do(t, s, func(tx *tagset.Tx) {
		var ms []tagset.Member
		var vs []int64
		for i := range people {
			ms, vs = append(ms, tagset.Member(i)), append(vs, valueOf(i))
		}
		require.NoError(t, tx.SetInts("several", ms, vs))
		_, err := tx.Add("timed", ms...)
		require.NoError(t, err)
	})
	require.NoError(t, s.Compact())
	return s
}

// TestErase: nothing that is personal of those forgotten is in any file; everybody
// else is as before, in every version.
func TestErase(t *testing.T) {
	path := t.TempDir()
	dir, err := disk.OpenDir(path)
	require.NoError(t, err)
	c := tagset.Config{Retain: -1, Sync: tagset.SyncOS, History: 3}
	s := peopled(t, dir, c)
	forgotten := []int{3, 17, 39}
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.SetInt("n", 17, valueOf(17)+1)) })
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.Forget(3, 17, 39)) })
	do(t, s, func(tx *tagset.Tx) {
		_, err := tx.Add("VIP", 1000)
		require.NoError(t, err)
	})
	// What recovery and Salvage keep may hold anything.
	for _, name := range []string{"jnl-00000000000000000001.torn", "snap-00000000000000000009-00000000000000000001.2.salvaged"} {
		require.NoError(t, os.WriteFile(filepath.Join(path, name), []byte(keyOf(3)), 0o600))
	}
	before := s.View()
	for _, i := range forgotten {
		require.NotEmpty(t, traced(filesIn(t, path), i), "or the search finds nothing")
	}
	var versions []*tagset.View
	for v := range before.Version() + 1 {
		view, err := s.At(v)
		require.NoError(t, err)
		versions = append(versions, view)
	}

	check := func() {
		t.Helper()
		files := filesIn(t, path)
		for _, i := range forgotten {
			require.Empty(t, traced(files, i))
		}
		for i := range people {
			if i != 3 && i != 17 && i != 39 {
				require.NotEmpty(t, traced(files, i), "person %d", i)
			}
		}
		require.Equal(t, before.Version(), s.View().Version())
		require.Equal(t, before.Digest(), s.View().Digest())
		for _, was := range versions {
			v, err := s.At(was.Version())
			require.NoError(t, err)
			require.True(t, was.Members().Equal(v.Members()))
			for _, tag := range []string{"VIP", "timed"} {
				a, _ := was.Direct(tag)
				b, _ := v.Direct(tag)
				require.True(t, a.Equal(b))
			}
			for m := range was.Members().All() {
				gone := m == 3 || m == 17 || m == 39
				key, ok := v.Key(m)
				wantKey, wantOK := was.Key(m)
				if gone {
					wantKey, wantOK = "", false
				}
				require.Equal(t, wantOK, ok)
				require.Equal(t, wantKey, key)
				for _, attr := range []string{"n", "several"} {
					got, ok := v.Int(attr, m)
					want, wantOK := was.Int(attr, m)
					if gone {
						want, wantOK = 0, false
					}
					require.Equal(t, wantOK, ok)
					require.Equal(t, want, got)
				}
			}
			for _, i := range forgotten {
				_, ok := v.Lookup(keyOf(i))
				require.False(t, ok)
			}
		}
	}
	require.NoError(t, s.Erase())
	check()
	names := named(filesIn(t, path), "")
	require.NoError(t, s.Erase(), "again")
	check()
	require.Len(t, named(filesIn(t, path), ""), len(names))
	require.NoError(t, s.Close())

	s, err = tagset.OpenIn(dir, c, 1500)
	require.NoError(t, err)
	check()
	require.NoError(t, s.Check())
	require.Empty(t, s.Durability().Recovery.Damaged)
	// The key is free for somebody else, whose it is then.
	do(t, s, func(tx *tagset.Tx) {
		ms, err := tx.Intern(keyOf(3))
		require.NoError(t, err)
		require.EqualValues(t, 1001, ms[0])
	})
	before = s.View()
	require.NoError(t, s.Erase())
	require.NoError(t, s.Close())

	// Without the newest snapshot the erased journal makes the same.
	snaps := named(filesIn(t, path), "snap-")
	require.NoError(t, os.Remove(filepath.Join(path, snaps[len(snaps)-1])))
	s, err = tagset.OpenIn(dir, c, 1500)
	require.NoError(t, err)
	require.Equal(t, before.Digest(), s.View().Digest())
	require.NoError(t, s.Close())
}

// A lostRemoval is a directory whose sync fails once a file that was given up is
// removed from it.
type lostRemoval struct {
	*crashfs.Dir
	removed bool
}

func (d *lostRemoval) Remove(name string) error {
	d.removed = d.removed || strings.HasSuffix(name, ".salvaged")
	return d.Dir.Remove(name)
}

func (d *lostRemoval) Sync() error {
	if d.removed {
		return syscall.EIO
	}
	return d.Dir.Sync()
}

// TestEraseForGood: a removal that may not last is not taken for one that does, by
// the next call neither.
func TestEraseForGood(t *testing.T) {
	d := &lostRemoval{Dir: crashfs.New()}
	s := peopled(t, d, tagset.Config{Sync: tagset.SyncOS})
	f, err := d.Create("jnl-00000000000000000001.salvaged")
	require.NoError(t, err)
	require.NoError(t, f.Close())
	require.ErrorIs(t, s.Erase(), tagset.ErrPoisoned)
	require.ErrorIs(t, s.Erase(), tagset.ErrPoisoned)
	require.ErrorIs(t, s.Close(), tagset.ErrPoisoned)
}
