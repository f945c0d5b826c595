package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/tagroar/tagroar/examples/internal/show"
	"github.com/tagroar/tagroar/tagset"
)

// crashes lets another process book the orders, and kills it now and then.
func (t *tour) crashes(ctx context.Context) (err error) {
	t.Heading("Kill it", "another process books order after order; it is killed with SIGKILL and started again")
	if t.orders, err = someOrders(); err != nil {
		return err
	}
	t.dir = filepath.Join(t.home, "shop")
	var booked []string // as told by the process, which had them from Update
	for _, after := range []int{400, 700, 900} {
		told, err := t.bookAndKill(ctx, after)
		if err != nil {
			return err
		}
		booked = append(booked, told...)
		// What was told is there. One order more can be: it lasted, and the process
		// was killed before it could say so.
		s, err := tagset.Open(t.dir, tagset.Config{})
		if err != nil {
			return err
		}
		have := int(s.View().Version()) - 1
		if err := s.Close(); err != nil {
			return err
		}
		switch {
		case have < len(booked):
			return fmt.Errorf("killed after %d orders: %d are there", len(booked), have)
		case have > len(booked)+1:
			return fmt.Errorf("killed after %d orders: %d are there, which nobody was told of", len(booked), have)
		case have == len(booked)+1:
			booked = append(booked, t.orders[have-1].Invoice)
		}
		if booked[have-1] != t.orders[have-1].Invoice {
			return fmt.Errorf("order %d is %s, not %s", have, booked[have-1], t.orders[have-1].Invoice)
		}
		t.Agreed++
	}
	began := time.Now()
	if _, err := t.bookAndKill(ctx, -1); err != nil {
		return err
	}
	took := time.Since(began)

	// The same orders, in memory and in one go.
	now := t.orders[0].At
	never, err := tagset.New(tagset.Config{Clock: func() time.Time { return now }})
	if err != nil {
		return err
	}
	if _, err := never.Update(prepare); err != nil {
		return err
	}
	for _, o := range t.orders {
		now = o.At
		if _, err := never.Update(func(tx *tagset.Tx) error { return enter(tx, o) }); err != nil {
			return err
		}
	}
	if t.store, err = tagset.Open(t.dir, tagset.Config{Clock: func() time.Time { return now }, Retain: -1}); err != nil {
		return err
	}
	if t.store.View().Digest() != never.View().Digest() {
		return errors.New("the store is not the one that was never killed")
	}
	t.Agreed++
	t.Table("rll", [][]string{
		{show.Grouped(len(t.orders)), "orders booked, each in an Update that lasts", t.Paint(show.Dim, "the last run "+show.Took(took))},
		{"3", "times killed while it wrote", ""},
		{"0", "acknowledged orders lost, and none booked twice", t.tick()},
	})
	t.Line("the digest is that of a store in memory that was never killed %s", t.tick())
	return t.store.Check()
}

// bookAndKill starts the process and kills it once it has told of so many orders;
// negative: it may come to its end. It returns the orders told.
func (t *tour) bookAndKill(ctx context.Context, after int) (told []string, err error) {
	child := exec.CommandContext(ctx, t.program, "-child", t.dir)
	var complaint limited
	child.Stderr = &complaint
	out, err := child.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := child.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		told = append(told, lines.Text())
		if len(told) == after {
			if err := child.Process.Kill(); err != nil {
				return nil, err
			}
		}
	}
	if err := child.Wait(); err != nil && after < 0 || len(complaint.text) > 0 {
		return nil, fmt.Errorf("the other process: %v: %s", err, complaint.text)
	}
	return told, nil
}

// limited keeps the beginning of what is written to it.
type limited struct{ text []byte }

func (l *limited) Write(p []byte) (int, error) {
	l.text = append(l.text, p[:min(len(p), 1000-len(l.text))]...)
	return len(p), nil
}

// locked opens the directory a second time.
func (t *tour) locked(context.Context) error {
	t.Heading("Open it twice", "one process at a time: the directory is locked")
	_, err := tagset.Open(t.dir, tagset.Config{})
	if !errors.Is(err, tagset.ErrLocked) {
		return fmt.Errorf("a second Open gave %v", err)
	}
	t.Line("a second Open is refused with ErrLocked %s", t.tick())
	return nil
}
