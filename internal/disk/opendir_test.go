//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package disk_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/disk"
)

func openDir(t *testing.T) (disk.Dir, string) {
	path := filepath.Join(t.TempDir(), "store")
	d, err := disk.OpenDir(path)
	require.NoError(t, err)
	return d, path
}

func TestOpenDir(t *testing.T) {
	_, path := openDir(t)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, fs.ModeDir|0o700, info.Mode())
	_, err = disk.OpenDir(path)
	require.NoError(t, err, "there already")

	_, err = disk.OpenDir(filepath.Join(path, "a", "b"))
	require.ErrorIs(t, err, fs.ErrNotExist, "only the last directory is made")
	file := filepath.Join(path, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err = disk.OpenDir(file)
	require.ErrorContains(t, err, "not a directory")
	link := filepath.Join(path, "link")
	require.NoError(t, os.Symlink("nowhere", link))
	_, err = disk.OpenDir(link)
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestFiles(t *testing.T) {
	d, path := openDir(t)
	f, err := d.Create("b")
	require.NoError(t, err)
	_, err = d.Create("b")
	require.ErrorIs(t, err, fs.ErrExist)
	info, err := os.Stat(filepath.Join(path, "b"))
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode())

	_, err = f.WriteAt([]byte("hello"), 3)
	require.NoError(t, err)
	require.NoError(t, f.Truncate(6))
	require.NoError(t, f.Sync())
	size, err := f.Size()
	require.NoError(t, err)
	require.EqualValues(t, 6, size)
	require.NoError(t, f.Close())

	f, err = d.Edit("b")
	require.NoError(t, err)
	_, err = f.WriteAt([]byte{1}, 0)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	f, err = d.Open("b")
	require.NoError(t, err)
	_, err = f.WriteAt([]byte{1}, 0)
	require.Error(t, err)
	got, err := io.ReadAll(io.NewSectionReader(f, 0, 100))
	require.NoError(t, err)
	require.Equal(t, []byte{1, 0, 0, 'h', 'e', 'l'}, got)
	require.NoError(t, f.Close())

	g, err := d.Edit("c")
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.True(t, g == nil)
	_, err = d.Create("a")
	require.NoError(t, err)
	require.NoError(t, d.Rename("b", "a"))
	require.NoError(t, os.Mkdir(filepath.Join(path, "d"), 0o700))
	require.Error(t, d.Remove("d"), "a directory")
	names, err := d.List()
	require.NoError(t, err)
	require.Equal(t, []string{"a"}, names, "no directories")
	require.NoError(t, d.Sync())
	require.NoError(t, d.Remove("a"))
	require.ErrorIs(t, d.Remove("a"), fs.ErrNotExist)
}

func TestNamesStayInside(t *testing.T) {
	d, path := openDir(t)
	require.NoError(t, os.WriteFile(filepath.Join(path, "a"), nil, 0o600))
	for _, name := range []string{"", ".", "..", "/", "../a", "x/a", "/a", "a/", "./a"} {
		_, err := d.Create(name)
		require.ErrorIs(t, err, fs.ErrInvalid, name)
		require.ErrorIs(t, d.Rename("a", name), fs.ErrInvalid, name)
		require.ErrorIs(t, d.Rename(name, "a"), fs.ErrInvalid, name)
		require.ErrorIs(t, d.Remove(name), fs.ErrInvalid, name)
		_, err = d.Lock(name)
		require.ErrorIs(t, err, fs.ErrInvalid, name)
	}
}

func TestLock(t *testing.T) {
	d, path := openDir(t)
	a, err := d.Lock("LOCK")
	require.NoError(t, err)
	_, err = d.Lock("LOCK")
	require.ErrorIs(t, err, disk.ErrLocked)

	// Somebody removes the file: the lock of the new one is another.
	require.NoError(t, d.Remove("LOCK"))
	b, err := d.Lock("LOCK")
	require.NoError(t, err)
	require.NoError(t, a.Close())
	_, err = d.Lock("LOCK")
	require.ErrorIs(t, err, disk.ErrLocked)
	require.NoError(t, b.Close())
	require.Error(t, b.Close())
	c, err := d.Lock("LOCK")
	require.NoError(t, err)
	defer c.Close()

	info, err := os.Stat(filepath.Join(path, "LOCK"))
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode())
}

const lockedDir = "TAGROAR_TEST_LOCKED_DIR"

// TestLockOfProcess runs itself as a child that takes the lock and is killed.
func TestLockOfProcess(t *testing.T) {
	if path := os.Getenv(lockedDir); path != "" {
		d, err := disk.OpenDir(path)
		require.NoError(t, err)
		_, err = d.Lock("LOCK")
		require.NoError(t, err)
		os.Stdout.Write([]byte("locked"))
		io.Copy(io.Discard, os.Stdin)
		return
	}
	d, path := openDir(t)
	child := exec.Command(os.Args[0], "-test.run=^TestLockOfProcess$")
	child.Env = append(os.Environ(), lockedDir+"="+path)
	in, err := child.StdinPipe()
	require.NoError(t, err)
	defer in.Close()
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	_, err = io.ReadFull(out, make([]byte, len("locked")))
	require.NoError(t, err)
	_, err = d.Lock("LOCK")
	require.ErrorIs(t, err, disk.ErrLocked)
	require.NoError(t, child.Process.Kill())
	child.Wait()
	l, err := d.Lock("LOCK")
	require.NoError(t, err)
	require.NoError(t, l.Close())
}

func TestReplace(t *testing.T) {
	d, path := openDir(t)
	put := func(text string) error {
		return disk.Replace(d, "x", func(w io.Writer) error {
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
	holds := func(text string) {
		t.Helper()
		got, err := os.ReadFile(filepath.Join(path, "x"))
		require.NoError(t, err)
		require.Equal(t, text, string(got))
		names, err := d.List()
		require.NoError(t, err)
		require.Equal(t, []string{"x"}, names)
	}
	require.NoError(t, put("first"))
	holds("first")
	require.NoError(t, os.WriteFile(filepath.Join(path, "x.tmp"), bytes.Repeat([]byte("left"), 9), 0o600))
	require.NoError(t, put("second"))
	holds("second")

	bad := errors.New("bad")
	good := func(w io.Writer) error { _, err := w.Write([]byte("third")); return err }
	require.ErrorIs(t, disk.Replace(d, "x", func(w io.Writer) error { return errors.Join(good(w), bad) }, nil), bad)
	holds("second")
	err := disk.Replace(d, "x", good, func(io.ReaderAt, int64) error { return bad })
	require.ErrorIs(t, err, bad)
	require.NotErrorIs(t, err, disk.ErrSync)
	holds("second")
	require.Panics(t, func() { disk.Replace(d, "x", func(io.Writer) error { panic("x") }, nil) })
	holds("second")
}

// TestAnotherDirectory: who has a directory locked does nothing to the one that has
// taken its place, a backup put back for example, nor in one that others can lock.
func TestAnotherDirectory(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"moved":          func(path string) error { return os.Rename(path, path+".old") },
		"removed":        os.RemoveAll,
		"lock file gone": func(path string) error { return os.Remove(filepath.Join(path, "LOCK")) },
	} {
		t.Run(name, func(t *testing.T) {
			d, path := openDir(t)
			lock, err := d.Lock("LOCK")
			require.NoError(t, err)
			write(t, d, "mine", "1")
			require.NoError(t, change(path))
			other, err := disk.OpenDir(path)
			require.NoError(t, err)
			theirs, err := other.Lock("LOCK")
			require.NoError(t, err)
			write(t, other, "theirs", "2")

			_, err = d.Create("new")
			require.ErrorIs(t, err, disk.ErrAnother)
			_, err = d.Edit("theirs")
			require.ErrorIs(t, err, disk.ErrAnother)
			_, err = d.Open("theirs")
			require.ErrorIs(t, err, disk.ErrAnother)
			require.ErrorIs(t, d.Remove("theirs"), disk.ErrAnother)
			require.ErrorIs(t, d.Rename("theirs", "mine"), disk.ErrAnother)
			require.ErrorIs(t, d.Sync(), disk.ErrAnother)
			require.ErrorIs(t, disk.Replace(d, "theirs", func(io.Writer) error { return nil }, nil), disk.ErrAnother)
			require.NoError(t, lock.Close())
			b, err := os.ReadFile(filepath.Join(path, "theirs"))
			require.NoError(t, err)
			require.Equal(t, "2", string(b))
			require.NoError(t, theirs.Close())
		})
	}
}

func write(t *testing.T, d disk.Dir, name, text string) {
	f, err := d.Create(name)
	require.NoError(t, err)
	_, err = f.WriteAt([]byte(text), 0)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}
