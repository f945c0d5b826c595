package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/tagroar/tagroar/examples/internal/show"
	"github.com/tagroar/tagroar/tagset"
)

// journal reads the last order from the journal: who did what, and why.
func (t *tour) journal(context.Context) error {
	t.Heading("Who did that?", "the journal is the audit trail too: each verb with its actor and reason")
	last := t.store.View().Version()
	var rows [][]string
	for c, err := range t.store.Changes(last - 1) {
		if err != nil {
			return err
		}
		v, err := t.store.At(c.Version)
		if err != nil {
			return err
		}
		for op := range c.Ops() {
			what := op.Attr
			if tag, ok := v.TagByID(op.Tag); ok {
				what = tag.Name
			}
			rows = append(rows, []string{c.Time().Format("2006-01-02 15:04"), op.Actor, op.Reason, op.Verb, what})
		}
	}
	if len(rows) == 0 {
		return errors.New("the last change has no verbs")
	}
	t.Table("lllll", rows)
	return nil
}

// replica makes a second store from a snapshot and the changes after it, through
// a stream of bytes, as two processes would.
func (t *tour) replica(context.Context) error {
	t.Heading("Replica", "a snapshot, then the changes after it: a second store that is the first")
	const start = 2000
	old, err := t.store.At(start)
	if err != nil {
		return err
	}
	var snapshot bytes.Buffer
	if _, err := old.WriteTo(&snapshot); err != nil {
		return err
	}
	second, err := tagset.Restore(&snapshot, tagset.Config{})
	if err != nil {
		return err
	}
	r, w := io.Pipe()
	go func() {
		for c, err := range t.store.Changes(start) {
			if err != nil {
				w.CloseWithError(err)
				return
			}
			if _, err := c.WriteTo(w); err != nil {
				return // the reader has had enough
			}
		}
		w.Close()
	}()
	defer r.Close()
	for {
		c, err := tagset.ReadChange(r)
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if err := second.Apply(c); err != nil {
			return err
		}
	}
	v := second.View()
	if v.Digest() != t.store.View().Digest() {
		return errors.New("the replica is not what its origin is")
	}
	t.Agreed++
	t.Line("from version %s by %s changes to version %s: equal digests %s", show.Grouped(start), show.Grouped(int(v.Version())-start), show.Grouped(int(v.Version())), t.tick())
	_, err = second.Update(func(tx *tagset.Tx) error { _, err := tx.Intern("顾客-99999"); return err })
	if !errors.Is(err, tagset.ErrReplica) {
		return fmt.Errorf("an Update of the replica gave %v", err)
	}
	t.Line("it refuses Updates with ErrReplica, until Promote %s", t.tick())
	return nil
}
