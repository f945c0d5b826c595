package crashfs_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/internal/disk"
)

// TestDirIsADirectory does the same to a Dir and to a directory of the system.
func TestDirIsADirectory(t *testing.T) {
	root, n := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		system, err := disk.OpenDir(filepath.Join(root, fmt.Sprint(n)))
		if errors.Is(err, disk.ErrUnsupported) {
			t.Skip(err)
		}
		require.NoError(t, err)
		dirs := [2]disk.Dir{crashfs.New(), system}
		var open [][2]disk.File
		name := rapid.SampledFrom([]string{"a", "b", "c"})
		both := func(what string, do func(i int) (any, error)) {
			got, err := do(0)
			want, wantErr := do(1)
			require.Equal(t, want, got, what)
			require.Equal(t, wantErr == nil, err == nil, "%s: %v, want %v", what, err, wantErr)
			for _, is := range []error{fs.ErrExist, fs.ErrNotExist, fs.ErrInvalid, fs.ErrClosed, io.EOF} {
				require.Equal(t, errors.Is(wantErr, is), errors.Is(err, is), "%s: %v, want %v", what, err, wantErr)
			}
		}
		opens := func(what string, do func(d disk.Dir) (disk.File, error)) {
			var files [2]disk.File
			both(what, func(i int) (any, error) {
				var err error
				files[i], err = do(dirs[i])
				return files[i] == nil, err
			})
			if files[0] != nil {
				open = append(open, files)
			}
		}
		file := func(t *rapid.T) [2]disk.File {
			if len(open) == 0 {
				t.Skip("no file")
			}
			return rapid.SampledFrom(open).Draw(t, "file")
		}
		t.Repeat(map[string]func(*rapid.T){
			"create": func(t *rapid.T) {
				n := name.Draw(t, "name")
				opens("create", func(d disk.Dir) (disk.File, error) { return d.Create(n) })
			},
			"open": func(t *rapid.T) {
				n := name.Draw(t, "name")
				opens("open", func(d disk.Dir) (disk.File, error) { return d.Open(n) })
			},
			"edit": func(t *rapid.T) {
				n := name.Draw(t, "name")
				opens("edit", func(d disk.Dir) (disk.File, error) { return d.Edit(n) })
			},
			"rename": func(t *rapid.T) {
				from, to := name.Draw(t, "from"), name.Draw(t, "to")
				both("rename", func(i int) (any, error) { return nil, dirs[i].Rename(from, to) })
			},
			"remove": func(t *rapid.T) {
				n := name.Draw(t, "name")
				both("remove", func(i int) (any, error) { return nil, dirs[i].Remove(n) })
			},
			"sync": func(t *rapid.T) {
				both("sync", func(i int) (any, error) { return nil, dirs[i].Sync() })
			},
			"write": func(t *rapid.T) {
				f := file(t)
				p := rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(t, "bytes")
				off := rapid.Int64Range(0, 60).Draw(t, "offset")
				both("write", func(i int) (any, error) { return f[i].WriteAt(p, off) })
			},
			"truncate": func(t *rapid.T) {
				f, size := file(t), rapid.Int64Range(-1, 90).Draw(t, "size")
				both("truncate", func(i int) (any, error) { return nil, f[i].Truncate(size) })
			},
			"read": func(t *rapid.T) {
				f := file(t)
				n, off := rapid.IntRange(1, 80).Draw(t, "bytes"), rapid.Int64Range(0, 80).Draw(t, "offset")
				both("read", func(i int) (any, error) {
					p := make([]byte, n)
					n, err := f[i].ReadAt(p, off)
					return p[:n], err
				})
			},
			"sync file": func(t *rapid.T) {
				f := file(t)
				both("sync", func(i int) (any, error) { return nil, f[i].Sync() })
			},
			"close": func(t *rapid.T) {
				f := file(t)
				both("close", func(i int) (any, error) { return nil, f[i].Close() })
			},
			"": func(t *rapid.T) {
				both("list", func(i int) (any, error) { l, err := dirs[i].List(); return fmt.Sprint(l), err })
				for _, f := range open {
					both("size", func(i int) (any, error) { return f[i].Size() })
				}
			},
		})
		for _, f := range open {
			f[1].Close()
		}
	})
}

func TestLock(t *testing.T) {
	d := crashfs.New()
	l, err := d.Lock("LOCK")
	require.NoError(t, err)
	_, err = d.Lock("LOCK")
	require.ErrorIs(t, err, disk.ErrLocked)
	require.NoError(t, l.Close())
	require.Error(t, l.Close())
	_, err = d.Lock("LOCK")
	require.NoError(t, err)
	f, err := d.Create("a")
	require.NoError(t, err)

	next := d.Kill()
	_, err = next.Lock("LOCK")
	require.NoError(t, err, "the dead hold no locks")
	_, err = d.Create("b")
	require.ErrorIs(t, err, crashfs.ErrKilled)
	_, err = f.WriteAt([]byte("x"), 0)
	require.ErrorIs(t, err, crashfs.ErrKilled)
	names, err := next.List()
	require.NoError(t, err)
	require.Equal(t, []string{"LOCK", "a"}, names)
}

// TestReplaceInCrash is the protocol of disk.Replace: at each point the old file
// or the new one; the new one once it has returned.
func TestReplaceInCrash(t *testing.T) {
	d := crashfs.New()
	var done []int
	texts := [][]byte{nil, bytes.Repeat([]byte("old"), 700), bytes.Repeat([]byte("newer"), 500), []byte("x")}
	for _, text := range texts[1:] {
		require.NoError(t, disk.Replace(d, "f", func(w io.Writer) error {
			for p := text; len(p) > 0; {
				n := min(len(p), 100)
				if _, err := w.Write(p[:n]); err != nil {
					return err
				}
				p = p[n:]
			}
			return nil
		}, func(io.ReaderAt, int64) error { return nil }))
		done = append(done, d.Calls())
	}
	r := d.Replay()
	for k, call := range r.All() {
		at := 0
		for at < len(done) && done[at] <= k {
			at++
		}
		for seed := range uint64(50) {
			for _, kept := range []int{0, 10, 50, 90, 100} {
				got := r.Crash(crashfs.Loss{Kept: kept, Seed: seed}).Contents()["f"]
				if !bytes.Equal(got, texts[at]) {
					require.Less(t, at+1, len(texts), "after %v", call)
					require.True(t, bytes.Equal(got, texts[at+1]), "after %v, seed %d: %.40q", call, seed, got)
				}
			}
		}
	}
}

// TestReplaceWithFaults makes each call of a disk.Replace fail in each way.
func TestReplaceWithFaults(t *testing.T) {
	put := func(d disk.Dir, text string) error {
		return disk.Replace(d, "f", func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		}, func(r io.ReaderAt, size int64) error {
			got, err := io.ReadAll(io.NewSectionReader(r, 0, size))
			if err == nil && string(got) != text {
				err = errors.New("differs")
			}
			return err
		})
	}
	for as := crashfs.IO; as <= crashfs.Reverted; as++ {
		for first := range 20 { // there are fewer
			d := crashfs.New()
			require.NoError(t, put(d, "old"))
			synced := d.Calls()
			d.Inject(crashfs.Fault{Calls: ^crashfs.Kind(0), First: first + 1, As: as})
			err := put(d, "new, and longer")
			d.Inject()
			var failed *crashfs.Call
			r := d.Replay()
			for k, c := range r.All() {
				if k > synced && c.Failed {
					failed = c
				}
			}
			lost := failed != nil && failed.Kind&(crashfs.Sync|crashfs.SyncDir) != 0
			require.Equal(t, lost, errors.Is(err, disk.ErrSync), "%v", err)
			holds := string(d.Contents()["f"])
			if err == nil {
				require.Equal(t, "new, and longer", holds)
				continue
			}
			if !lost && as != crashfs.Late {
				require.Equal(t, "old", holds)
			}
			for seed := range uint64(20) {
				got := string(r.Crash(crashfs.Loss{Kept: 50, Seed: seed}).Contents()["f"])
				require.Contains(t, []string{"old", "new, and longer"}, got)
			}
			require.NoError(t, put(d, "third"))
			require.Equal(t, map[string][]byte{"f": []byte("third")}, d.Contents())
		}
	}
}
