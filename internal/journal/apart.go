package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/tagroar/tagroar/internal/disk"
)

// keepApart copies f[from:to] to a new file, whose name it returns.
func (l *Log) keepApart(name, suffix string, f io.ReaderAt, from, to int64) (string, error) {
	kept, err := aside(l.o.Dir, name, suffix)
	if err != nil {
		return "", err
	}
	err = disk.Replace(l.o.Dir, kept, func(w io.Writer) error {
		n, err := io.CopyBuffer(w, io.NewSectionReader(f, from, to-from), make([]byte, min(readAhead, max(1, to-from))))
		if err == nil && n < to-from {
			err = io.ErrUnexpectedEOF
		}
		return err
	}, func(copied io.ReaderAt, size int64) error {
		if size != to-from {
			return fmt.Errorf("%d of %d bytes", size, to-from)
		}
		return same(copied, 0, f, from, size)
	})
	if errors.Is(err, disk.ErrSync) {
		err = l.poison(err)
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", kept, err)
	}
	return kept, nil
}

// same checks that n bytes of a at offA are those of b at offB.
func same(a io.ReaderAt, offA int64, b io.ReaderAt, offB, n int64) error {
	p, q := make([]byte, min(readAhead, n)), make([]byte, min(readAhead, n))
	for at := int64(0); at < n; at += int64(len(p)) {
		p, q = p[:min(int64(len(p)), n-at)], q[:min(int64(len(q)), n-at)]
		if err := readFull(a, p, offA+at); err != nil {
			return err
		}
		if err := readFull(b, q, offB+at); err != nil {
			return err
		}
		if !bytes.Equal(p, q) {
			return errors.New("other bytes than were written")
		}
	}
	return nil
}

// SetAside gives a file of the store a name that says that it was given up, which
// it returns; "" if there is no such file. The directory is not synced.
func (l *Log) SetAside(name string) (string, error) { return l.moveApart(name, salvagedSuffix) }

// Salvaged returns the names of files that were given up when a directory was
// salvaged.
func Salvaged(d disk.Dir) ([]string, error) {
	files, err := list(d)
	return files.salvaged, err
}

// moveApart gives a file a name that ends in suffix, which it returns; "" if there
// is no such file. The directory is not synced.
func (l *Log) moveApart(name, suffix string) (string, error) {
	kept, err := aside(l.o.Dir, name, suffix)
	if err != nil {
		return "", err
	}
	switch err := disk.Rename(l.o.Dir, name, kept); {
	case missing(err):
		return "", nil
	case errors.Is(err, disk.ErrSync):
		return "", l.poison(fmt.Errorf("%s: %w", name, err))
	case err != nil:
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return kept, nil
}

// isAside reports whether name is one that aside makes.
func isAside(name, suffix string) bool {
	of, ok := strings.CutSuffix(name, suffix)
	if !ok {
		return false
	}
	if at := strings.LastIndexByte(of, '.'); at >= 0 {
		i, err := strconv.Atoi(of[at+1:])
		if err != nil || i < 2 || strconv.Itoa(i) != of[at+1:] {
			return false
		}
		of = of[:at]
	}
	return ours(of)
}

// aside returns a name, ending in suffix, that no file has, for what was in the
// file called name.
func aside(d disk.Dir, name, suffix string) (string, error) {
	for i := 1; ; i++ {
		free := name + suffix
		if i > 1 {
			free = fmt.Sprintf("%s.%d%s", name, i, suffix)
		}
		f, err := d.Open(free)
		if missing(err) {
			return free, nil
		}
		if err != nil {
			return "", err
		}
		if err := f.Close(); err != nil {
			return "", err
		}
	}
}
