//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// OpenDir returns the directory at path of the operating system, which it makes,
// for its owner only, if it is missing; what is above it must be there.
//
// Errors: those of the system; [ErrUnsupported] where there is no flock or no
// directory that can be synced.
func OpenDir(path string) (Dir, error) {
	path, err := absolute(path)
	if err != nil {
		return nil, err
	}
	err = os.Mkdir(path, 0o700)
	made := err == nil
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	d, err := FindDir(path)
	if err != nil {
		return nil, err
	}
	// Also if it was there: a process may have ended between making and syncing.
	// Above a directory that we did not make may be one that we cannot read.
	if err := syncDir(filepath.Dir(path)); err != nil && (made || !errors.Is(err, fs.ErrPermission)) {
		return nil, err
	}
	return d, nil
}

// FindDir is OpenDir of a directory that is there: if not, the error is
// fs.ErrNotExist.
func FindDir(path string) (Dir, error) {
	path, err := absolute(path)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: path, Err: syscall.ENOTDIR}
	}
	return osDir(path), nil
}

// absolute is path so that the process may go elsewhere. The empty path is none, as
// for the system: not the working directory, which filepath.Abs makes of it.
func absolute(path string) (string, error) {
	if path == "" {
		return "", &fs.PathError{Op: "open", Path: path, Err: syscall.ENOENT}
	}
	return filepath.Abs(path)
}

// An osDir is a directory of the operating system, by its absolute path.
type osDir string

func (d osDir) Open(name string) (File, error) { return d.open(name, os.O_RDONLY) }

func (d osDir) Create(name string) (File, error) {
	return d.open(name, os.O_RDWR|os.O_CREATE|os.O_EXCL)
}

func (d osDir) Edit(name string) (File, error) { return d.open(name, os.O_RDWR) }

func (d osDir) open(name string, flag int) (File, error) {
	path, err := d.path("open", name)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, flag, 0o600)
	if err != nil {
		return nil, err // not f: a nil *os.File is not a nil File
	}
	return osFile{f}, nil
}

func (d osDir) Rename(from, to string) error {
	old, err := d.path("rename", from)
	if err != nil {
		return err
	}
	path, err := d.path("rename", to)
	if err != nil {
		return err
	}
	return os.Rename(old, path)
}

func (d osDir) Remove(name string) error {
	path, err := d.path("remove", name)
	if err != nil {
		return err
	}
	return unlink(path)
}

func (d osDir) List() ([]string, error) {
	entries, err := os.ReadDir(string(d))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

func (d osDir) Sync() error { return syncDir(string(d)) }

// path is where the file called name is. Names come out of files too: none
// leads elsewhere.
func (d osDir) path(op, name string) (string, error) {
	if name != filepath.Base(name) || !filepath.IsLocal(name) || name == "." {
		return "", &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	return filepath.Join(string(d), name), nil
}

// unlink is os.Remove but for directories, which are not ours.
func unlink(path string) error {
	for {
		switch err := syscall.Unlink(path); err {
		case nil:
			return nil
		case syscall.EINTR:
		default:
			return &fs.PathError{Op: "remove", Path: path, Err: err}
		}
	}
}

// syncDir makes the names in a directory last.
func syncDir(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// An osFile is a file of the operating system. Its Sync is fsync, on macOS
// F_FULLFSYNC, which also empties the disk's cache; its descriptors are not
// inherited.
type osFile struct{ *os.File }

func (f osFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
