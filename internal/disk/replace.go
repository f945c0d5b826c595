package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// ErrSync is in the error of [Replace] if a sync went wrong: nobody knows what
// lasts, so nothing more may be promised. Trying again does not help: the second
// sync has nothing left to write, and succeeds (Rebello et al., "Can Applications
// Recover from fsync Failures?", USENIX ATC 2020).
var ErrSync = errors.New("sync failed")

// TempSuffix ends the name of a file that is being written, or was when the
// process ended.
const TempSuffix = ".tmp"

// Replace puts a new file in the place of name, or where none is: after a crash
// there is the old one or the new one, whole. It writes a file under another
// name, syncs, closes and reads it again, and only then gives it the name and
// syncs the directory. write writes the bytes, in pieces of its own size; verify
// is given what can be read.
//
// After an error name is what it was, unless the error is [ErrSync]: then
// nobody knows. The file under the other name is removed, also one that a crash
// left. Only one Replace of a name may run at a time.
func Replace(d Dir, name string, write func(io.Writer) error, verify func(r io.ReaderAt, size int64) error) error {
	temp := name + TempSuffix
	if err := d.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	renamed := false
	defer func() {
		if !renamed {
			d.Remove(temp) // if that goes wrong, the next Replace will
		}
	}()
	if err := writeSynced(d, temp, write); err != nil {
		return err
	}
	if err := readBack(d, temp, verify); err != nil {
		return err
	}
	if err := Rename(d, temp, name); err != nil {
		return err
	}
	renamed = true
	if err := d.Sync(); err != nil {
		return syncError(err)
	}
	return nil
}

// Rename is d.Rename, but after an error it looks: a file system over a network
// can fail to tell of what it has done, and what was done is where the file is.
// So after an error the file has its old name, unless the error is [ErrSync]:
// then nobody knows. It does not sync the directory.
func Rename(d Dir, from, to string) error {
	err := d.Rename(from, to)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, gone := d.Open(from)
	switch {
	case gone == nil:
		f.Close()
		return err
	case errors.Is(gone, fs.ErrNotExist):
		return nil
	}
	return syncError(errors.Join(err, gone))
}

// writeSynced makes the file and what is in it last; not yet its name.
func writeSynced(d Dir, name string, write func(io.Writer) error) (err error) {
	f, err := d.Create(name)
	if err != nil {
		return err
	}
	defer func() {
		// Network file systems tell only here that there was no space.
		if e := f.Close(); err == nil && e != nil {
			err = e
		}
	}()
	if err := write(io.NewOffsetWriter(f, 0)); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return syncError(err)
	}
	return nil
}

func readBack(d Dir, name string, verify func(io.ReaderAt, int64) error) error {
	f, err := d.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	size, err := f.Size()
	if err != nil {
		return err
	}
	if err := verify(f, size); err != nil {
		return fmt.Errorf("reading %s again: %w", name, err)
	}
	return nil
}

func syncError(err error) error { return fmt.Errorf("%w: %w", ErrSync, err) }
