package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/tagroar/tagroar/examples/internal/show"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// snapshot writes all of it, and reads it into another store: the policy, who holds
// what, includes, groups and crowds are there again.
func (t *tour) snapshot(ctx context.Context) error {
	t.Heading("Snapshot", "policy, sources, includes, groups and crowds are part of the store's content")
	if err := t.census(); err != nil {
		return err
	}
	v := t.store.View()
	began := time.Now()
	var file bytes.Buffer
	size, err := v.WriteTo(&file)
	if err != nil {
		return err
	}
	saved := time.Since(began)

	began = time.Now()
	restored, err := tagset.Restore(&file, tagset.Config{Clock: func() time.Time { return now }})
	if err != nil {
		return err
	}
	loaded := time.Since(began)
	again := restored.View()
	digest := v.Digest()
	if again.Digest() != digest || again.Policy() != v.Policy() ||
		!maps.Equal(maps.Collect(again.SourceCounts()), maps.Collect(v.SourceCounts())) {
		return errors.New("the restored store is another")
	}
	if err := errors.Join(t.store.Check(), restored.Check()); err != nil {
		return err
	}
	n, err := query.Count(ctx, again, waiting)
	if err != nil {
		return err
	}
	if err := t.Compare(waiting, int64(n), t.count(t.isWaiting("购买意向")), 0); err != nil {
		return err
	}
	t.Table("lrl", [][]string{
		{"saved", fmt.Sprintf("%d KB", (size+500)/1000), t.Paint(show.Dim, show.Took(saved))},
		{"restored", fmt.Sprintf("version %d", again.Version()), t.Paint(show.Dim, show.Took(loaded))},
		{"digest", fmt.Sprintf("%x…", digest[:6]), t.tick() + t.Paint(show.Dim, " equal")},
		{"invariants", "checked", t.tick() + t.Paint(show.Dim, " of both")},
		{waiting, show.Grouped(n), t.tick()},
	})
	return nil
}
