//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// Lock is flock(2): the kernel gives it up with the process, however that ends,
// and two locks exclude each other within one process too.
func (d *osDir) Lock(name string) (io.Closer, error) {
	path, err := d.join("lock", name)
	if err != nil {
		return nil, err
	}
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, err
		}
		if err := flock(f, syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			f.Close()
			if errors.Is(err, syscall.EWOULDBLOCK) {
				err = ErrLocked
			}
			return nil, &fs.PathError{Op: "lock", Path: path, Err: err}
		}
		// Whoever removed the file meanwhile left us a lock that excludes nobody.
		if same, err := isAt(f, path); err != nil {
			f.Close()
			return nil, err
		} else if same {
			l := &osLock{f, d}
			d.locked.Store(l)
			return l, nil
		}
		f.Close()
	}
}

// isAt reports whether f is the file at path.
func isAt(f *os.File, path string) (bool, error) {
	mine, err := f.Stat()
	if err != nil {
		return false, err
	}
	there, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && os.SameFile(mine, there), err
}

// flock is called once; a signal only delays it.
func flock(f *os.File, how int) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var locked error
	if err := conn.Control(func(fd uintptr) {
		for {
			if locked = syscall.Flock(int(fd), how); locked != syscall.EINTR {
				return
			}
		}
	}); err != nil {
		return err
	}
	return locked
}

// An osLock is a file with a lock.
type osLock struct {
	f *os.File
	d *osDir
}

// Close unlocks before it closes: a child that is between fork and exec has the
// descriptor too, and would keep the lock for a moment.
func (l *osLock) Close() error {
	l.d.locked.CompareAndSwap(l, nil)
	if err := flock(l.f, syscall.LOCK_UN); err != nil {
		return errors.Join(fmt.Errorf("unlock %s: %w", l.f.Name(), err), l.f.Close())
	}
	return l.f.Close()
}
