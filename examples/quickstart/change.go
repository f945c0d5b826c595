package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tagroar/tagroar/examples/internal/show"
	"github.com/tagroar/tagroar/export"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

const regulars = `国家/France ∩ 订单数/3次以上`

// change edits the store while an older view is held: the view does not move.
func (t *tour) change(ctx context.Context) error {
	t.Heading("Change", "a view is one version for ever; a transaction is all or nothing")
	before := t.store.View()
	began := time.Now()
	version, err := t.store.Update(func(tx *tagset.Tx) error {
		ms, err := tx.By("王芳", "new customer").Intern("20001")
		if err != nil {
			return err
		}
		if _, err := tx.Add("国家/France", ms...); err != nil {
			return err
		}
		_, err = tx.Add("订单数/3次以上", ms...)
		return err
	})
	if err != nil {
		return err
	}
	elapsed := time.Since(began)
	after := t.store.View()

	_, failed := t.store.Update(func(tx *tagset.Tx) error {
		if err := tx.DeleteTree("国家"); err != nil {
			return err
		}
		_, err := tx.Add("没有这个标签", 1)
		return err // and the countries are still there
	})
	if !errors.Is(failed, tagset.ErrNoTag) {
		return fmt.Errorf("adding to a missing tag gave %v", failed)
	}
	rows := [][]string{{"version", "French regulars", ""}}
	for _, r := range []struct {
		v      *tagset.View
		remark string
	}{
		{before, "the view taken before, asked now"},
		{after, fmt.Sprintf("one customer more; committed in %s", show.Took(elapsed))},
		{t.store.View(), "after a transaction that failed: " + failed.Error()},
	} {
		n, err := query.Count(ctx, r.v, regulars)
		if err != nil {
			return err
		}
		rows = append(rows, []string{fmt.Sprint(r.v.Version()), show.Grouped(n), t.Paint(show.Dim, r.remark)})
	}
	t.Table("rrl", rows)
	for d := range tagset.Diff(before, after) {
		t.Line("%s", t.Paint(show.Dim, fmt.Sprintf("version %d: %s +%d -%d", version, d.Tag.Name, d.Entered.Len(), d.Left.Len())))
	}
	return nil
}

// snapshot writes a view to a file, restores a second store from it, and compares.
func (t *tour) snapshot(ctx context.Context) error {
	t.Heading("Snapshot", "written from a view while writers go on; verified whole before it is used")
	dir, err := os.MkdirTemp("", "tagroar-quickstart")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "customers.tagroar")
	v := t.store.View()

	began := time.Now()
	size, err := save(name, v)
	if err != nil {
		return err
	}
	saved := time.Since(began)

	began = time.Now()
	restored, err := load(name)
	if err != nil {
		return err
	}
	loaded := time.Since(began)

	if restored.View().Digest() != v.Digest() {
		return errors.New("the restored store has another digest")
	}
	want, err := query.Count(ctx, v, regulars)
	if err != nil {
		return err
	}
	n, err := query.Count(ctx, restored.View(), regulars)
	if err != nil {
		return err
	}
	if n != want {
		return fmt.Errorf("the restored store counts %d, not %d", n, want)
	}
	digest := v.Digest()
	t.Table("lrl", [][]string{
		{"saved", fmt.Sprintf("%d KB", (size+500)/1000), t.Paint(show.Dim, show.Took(saved))},
		{"restored", fmt.Sprintf("version %d", restored.View().Version()), t.Paint(show.Dim, show.Took(loaded))},
		{"digest", fmt.Sprintf("%x…", digest[:6]), t.Paint(show.Green, "✓") + t.Paint(show.Dim, " equal")},
		{"French regulars", show.Grouped(n), t.Paint(show.Green, "✓") + t.Paint(show.Dim, " equal")},
	})
	return nil
}

func save(name string, v *tagset.View) (size int64, err error) {
	f, err := os.Create(name)
	if err != nil {
		return 0, err
	}
	size, err = v.WriteTo(f)
	return size, errors.Join(err, f.Close())
}

func load(name string) (*tagset.Store, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return tagset.Restore(bufio.NewReader(f), tagset.Config{Clock: func() time.Time { return today }})
}

// export writes CSV that spreadsheets open: what looks like a formula is not one.
func (t *tour) export(ctx context.Context) error {
	t.Heading("Export", "CSV of tags and of members, with options for Excel")
	v := t.store.View()
	var tags, members bytes.Buffer
	if err := export.Tags(&tags, v, export.CSVOptions{}); err != nil {
		return err
	}
	plan, err := query.MustParse(regulars+` LIMIT 3`).Compile(v, nil)
	if err != nil {
		return err
	}
	if err := export.Members(&members, v, plan.Members(ctx), export.CSVOptions{LF: true}); err != nil {
		return err
	}
	for l := range strings.Lines(tags.String()) {
		if strings.HasPrefix(l, "name,") || strings.HasPrefix(l, "消费") || strings.HasPrefix(l, "已流失") {
			t.Block(l)
		}
	}
	t.Line("")
	t.Block(members.String())
	return nil
}
