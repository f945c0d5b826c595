package workload

import (
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/tagset"
)

// D3/snapshot opens a directory in which the population lies as a snapshot; the rival is that of S1/restore, the bitmaps read one after
// another and not looked at. D3/journal opens a directory with a long journal of single adds and nothing else; what it is told in
// is the time to read the files and their CRC-32C, below which nothing can go that looks at every byte.
func recoverRow(t *table.Table) Row {
	var dir string
	rivals := snapshots(t)[1] // S1/restore
	row := Row{ID: "D3/snapshot", Size: t.Name, Title: "open a directory with the population", Rivals: rivals.Rivals}
	row.Ours = measure.Side{Name: "tagroar", Run: func() {
		s, err := tagset.Open(dir, tagset.Config{})
		must(err)
		must(s.Close())
	}}
	row.Check = func() error {
		if err := rivals.Check(); err != nil {
			return err
		}
		if dir != "" {
			return nil
		}
		var err error
		if dir, err = os.MkdirTemp("", "tagroar-bench-"); err != nil {
			return err
		}
		if err := fill(dir, t); err != nil {
			return fmt.Errorf("D3/snapshot: %w", err)
		}
		return nil
	}
	row.Close = func() {
		rivals.Close()
		if dir != "" {
			os.RemoveAll(dir)
			dir = ""
		}
	}
	return row
}

// fill makes the table's store one in dir, and makes sure that it is when it is opened again.
func fill(dir string, t *table.Table) error {
	r, w := io.Pipe()
	go func() {
		_, err := t.Store.View().WriteTo(w)
		w.CloseWithError(err)
	}()
	s, err := tagset.RestoreTo(dir, r, tagset.Config{})
	r.CloseWithError(io.ErrClosedPipe)
	if err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	if s, err = tagset.Open(dir, tagset.Config{}); err != nil {
		return err
	}
	if s.View().Digest() != t.Store.View().Digest() {
		return fmt.Errorf("the directory has another digest")
	}
	return s.Close()
}

func journalRow(bytes int64) Row {
	const tags = 200
	var dir string
	var commits tagset.Version
	row := Row{ID: "D3/journal", Size: sizeOf(bytes), Title: "open a directory with that much journal of single adds", Unit: true}
	row.Ours = measure.Side{Name: "tagroar", Run: func() {
		s, err := tagset.Open(dir, tagset.Config{CompactAfter: -1})
		must(err)
		must(s.Close())
	}}
	row.Rivals = []Rival{{Side: measure.Side{Name: "reading it, CRC-32C", Run: func() { must(readJournal(dir)) }}}}
	row.Check = func() (err error) {
		if dir != "" {
			return nil
		}
		if dir, err = os.MkdirTemp("", "tagroar-bench-"); err != nil {
			return err
		}
		s, err := tagset.Open(dir, tagset.Config{Sync: tagset.SyncOS, CompactAfter: -1})
		if err != nil {
			return fmt.Errorf("D3/journal: %w", err)
		}
		names := make([]string, tags)
		for i := range names {
			names[i] = fmt.Sprintf("标签%03d", i)
		}
		if _, err = s.Update(func(tx *tagset.Tx) error {
			for _, name := range names {
				if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return fmt.Errorf("D3/journal: %w", err)
		}
		for n := uint32(0); ; n++ {
			if n%10_000 == 0 {
				if size, err := journalBytes(dir); err != nil || size >= bytes {
					break
				}
			}
			m := tagset.Member(spread(n) % 10_000_000)
			if _, err = s.Update(func(tx *tagset.Tx) error { _, err := tx.Add(names[n%tags], m); return err }); err != nil {
				return fmt.Errorf("D3/journal: %w", err)
			}
		}
		commits = s.View().Version()
		want := s.View().Digest()
		if err := s.Close(); err != nil {
			return err
		}
		if s, err = tagset.Open(dir, tagset.Config{}); err != nil {
			return fmt.Errorf("D3/journal: %w", err)
		}
		defer s.Close()
		if s.View().Digest() != want || s.View().Version() != commits {
			return fmt.Errorf("D3/journal: what is recovered is not what was written")
		}
		return nil
	}
	row.Close = func() {
		if dir != "" {
			os.RemoveAll(dir)
			dir = ""
		}
	}
	return row
}

// segments lists the files of the journal in dir.
func segments(dir string) ([]string, error) {
	all, err := os.ReadDir(dir)
	var names []string
	for _, e := range all {
		if strings.HasPrefix(e.Name(), "jnl-") {
			names = append(names, filepath.Join(dir, e.Name()))
		}
	}
	return names, err
}

func journalBytes(dir string) (n int64, err error) {
	names, err := segments(dir)
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			return n, err
		}
		n += info.Size()
	}
	return n, err
}

func readJournal(dir string) error {
	names, err := segments(dir)
	if err != nil {
		return err
	}
	buffer := make([]byte, 1<<20)
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		_, err = io.CopyBuffer(sum, struct{ io.Reader }{f}, buffer)
		f.Close()
		if err != nil {
			return err
		}
	}
	sink.n = int(sum.Sum32())
	return nil
}

func sizeOf(bytes int64) string {
	if bytes%(1<<30) == 0 {
		return fmt.Sprintf("%d GiB", bytes>>30)
	}
	return fmt.Sprintf("%d MiB", bytes>>20)
}
