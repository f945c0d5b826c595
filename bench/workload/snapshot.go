package workload

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/tagset"
)

// S1 writes the population to a file and reads it back. Neither side syncs. Ours is handed the file; it carries names, metadata,
// universe and checksums, and restoring verifies all of it. The rival writes its bitmaps one after another and reads them without
// looking at them, through a buffer of 1 MiB. The rows on two processors have the same rival, which knows only one.
func snapshots(t *table.Table) []Row {
	const buffer = 1 << 20
	var dir string
	open := func() error {
		if dir != "" {
			return nil
		}
		var err error
		dir, err = os.MkdirTemp("", "tagroar-bench-")
		return err
	}
	release := func() {
		if dir != "" {
			os.RemoveAll(dir)
			dir = ""
		}
	}
	save := func(name string, write func(io.Writer) error) error {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		if err := write(f); err != nil {
			f.Close()
			return err
		}
		return f.Close()
	}
	load := func(name string, read func(io.Reader) error) error {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		defer f.Close()
		return read(f)
	}

	saveOurs := func() error {
		return save("ours", func(w io.Writer) error { _, err := t.Store.View().WriteTo(w); return err })
	}
	saveRoaring := func() error {
		return save("roaring", func(f io.Writer) error {
			w := bufio.NewWriterSize(f, buffer)
			for _, b := range t.Bitmaps {
				if _, err := b.WriteTo(w); err != nil {
					return err
				}
			}
			return w.Flush()
		})
	}
	var store *tagset.Store
	loadOurs := func() error {
		return load("ours", func(r io.Reader) (err error) { store, err = tagset.Restore(r, tagset.Config{}); return err })
	}
	var bitmaps []*roaring.Bitmap
	loadRoaring := func() error {
		return load("roaring", func(f io.Reader) error {
			r := bufio.NewReaderSize(f, buffer)
			bitmaps = make([]*roaring.Bitmap, len(t.Tags))
			for i := range bitmaps {
				bitmaps[i] = roaring.New()
				if _, err := bitmaps[i].ReadFrom(r); err != nil {
					return err
				}
			}
			return nil
		})
	}
	check := func() error {
		if err := open(); err != nil {
			return err
		}
		for _, step := range []func() error{saveOurs, saveRoaring, loadOurs, loadRoaring} {
			if err := step(); err != nil {
				return fmt.Errorf("S1: %w", err)
			}
		}
		restored := *t
		restored.Store, restored.Bitmaps = store, bitmaps
		if err := restored.Check(); err != nil {
			return fmt.Errorf("S1: restored: %w", err)
		}
		if store.View().Digest() != t.Store.View().Digest() {
			return fmt.Errorf("S1: the restored store has another digest")
		}
		store, bitmaps = nil, nil
		return nil
	}
	row := func(id, title string, ours, rival func() error) Row {
		return Row{
			ID: id, Size: t.Name, Title: title, Check: check, Close: release,
			Ours:   measure.Side{Name: "tagroar", Run: func() { must(ours()) }},
			Rivals: []Rival{{Side: measure.Side{Name: "per tag, 1 MiB buffer", Run: func() { must(rival()) }}}},
		}
	}
	onCores := func(r Row) Row {
		r.ID, r.Title, r.Procs, r.Absent = r.ID+"/cores", r.Title+", two processors", cores, oneCore()
		r.Waits = true // the rival leaves a processor idle
		return r
	}
	saving := row("S1/save", "snapshot to a file", saveOurs, saveRoaring)
	restoring := row("S1/restore", "restore from a file", loadOurs, loadRoaring)
	return []Row{saving, restoring, onCores(saving), onCores(restoring)}
}

// must stops the program when a step that was checked just before fails while it is timed: a full disk, a vanished folder.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
