package tagset

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/internal/journal"
)

// A snapshot file is the stream that View.WriteTo writes, so that it is of use
// without the directory: Restore and RestoreTo read it.

// firstState is that of a new store.
func firstState(c Config) (*state, error) {
	s, err := New(c)
	if err != nil {
		return nil, err
	}
	return s.root.Load().state, nil
}

// writeSnapshotFile writes st to the file of snap, and reads it again: byte by
// byte what was written, before the file gets its name. It ends early, with the
// error of stopped, if that is not nil and gives one.
func writeSnapshotFile(d disk.Dir, snap journal.Snapshot, st *state, c Config, stopped func() error) error {
	written := sha256.New()
	var size int64
	err := disk.Replace(d, snap.Name(), func(w io.Writer) error {
		if stopped != nil {
			w = stoppable{w, stopped}
		}
		n, err := (&View{state: st, time: st.time}).WriteTo(io.MultiWriter(w, written))
		size = n
		return err
	}, func(r io.ReaderAt, have int64) error {
		if have != size {
			return fmt.Errorf("%d bytes instead of %d", have, size)
		}
		again := sha256.New()
		if _, err := io.CopyBuffer(again, io.NewSectionReader(r, 0, have), make([]byte, 1<<20)); err != nil {
			return err
		}
		if [32]byte(again.Sum(nil)) != [32]byte(written.Sum(nil)) {
			return errors.New("other bytes than were written")
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%s: %w", snap.Name(), bare(err))
	}
	return nil
}

// readSnapshotFile verifies the file of snap, and returns its state, that shares
// nothing with any other.
func readSnapshotFile(d disk.Dir, snap journal.Snapshot, c Config) (*state, error) {
	st, err := func() (*state, error) {
		f, err := d.Open(snap.Name())
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%w: missing: %w", journal.ErrCorrupt, err)
		}
		if err != nil {
			return nil, err
		}
		defer f.Close()
		size, err := f.Size()
		if err != nil {
			return nil, err
		}
		s, err := Restore(io.NewSectionReader(f, 0, size), c)
		if err != nil {
			return nil, bare(err)
		}
		st := s.root.Load().state
		if uint64(st.version) != snap.Seq {
			return nil, fmt.Errorf("%w: it is of version %d", journal.ErrCorrupt, st.version)
		}
		return st, nil
	}()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", snap.Name(), err)
	}
	return st, nil
}

// A stoppable fails as soon as it is stopped.
type stoppable struct {
	io.Writer
	stopped func() error
}

func (w stoppable) Write(p []byte) (int, error) {
	if err := w.stopped(); err != nil {
		return 0, err
	}
	return w.Writer.Write(p)
}
