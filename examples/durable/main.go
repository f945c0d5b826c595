// Durable books the orders of a real shop into a store in a directory, in a
// process that is killed three times, and shows that nothing is lost: what was
// acknowledged is there, nothing is there twice, and the store is the one that
// was never killed. Then it asks who was a regular on a day in the past, reads who
// did what from the journal, keeps a replica, encrypts the directory, and forgets a
// customer down to the last byte.
//
//	go run ./examples/durable
//
// To try it by hand, give it a directory: it books one order after another until
// you stop it, with kill -9 if you like, and goes on where it was when it is
// started again.
//
//	go run ./examples/durable -dir /tmp/shop
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/tagroar/tagroar/examples/internal/shop"
	"github.com/tagroar/tagroar/examples/internal/show"
	"github.com/tagroar/tagroar/tagset"
)

func main() {
	dir := flag.String("dir", "", "book orders into this directory, until stopped")
	child := flag.String("child", "", "the same, telling of each order on standard output; for the program itself")
	flag.Parse()
	err := error(nil)
	switch {
	case *child != "":
		err = book(*child, func(invoice string) { fmt.Println(invoice) })
	case *dir != "":
		err = bookSlowly(*dir)
	default:
		err = run(context.Background(), show.Terminal(os.Stdout), os.Args[0])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "durable:", err)
		os.Exit(1)
	}
}

// A tour is what its parts share.
type tour struct {
	*show.Printer
	show.Checks
	program string // this one, to be started again and killed
	home    string // of all directories; removed at the end
	dir     string // the store's
	orders  []shop.Order
	store   *tagset.Store
}

func run(ctx context.Context, p *show.Printer, program string) (err error) {
	began := time.Now()
	fmt.Fprintf(p.W, "%s  %s\n", p.Paint(show.Bold, "tagroar"), p.Paint(show.Dim, "the orders of a UK web shop, in a directory that outlives its process"))
	t := &tour{Printer: p, program: program}
	if t.home, err = os.MkdirTemp("", "tagroar-durable-"); err != nil {
		return err
	}
	defer os.RemoveAll(t.home)
	defer func() {
		if t.store != nil {
			t.store.Close()
		}
	}()
	for _, part := range []func(context.Context) error{
		t.crashes, t.locked, t.past, t.journal, t.replica, t.encrypted, t.erase,
	} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	fmt.Fprintf(p.W, "\n%s %d answers equal a plain loop over the orders, or the store that was never killed. %s in all.\n",
		p.Paint(show.Green, "✓"), t.Agreed, show.Took(time.Since(began)))
	fmt.Fprintf(p.W, "%s\n", p.Paint(show.Dim, "  "+shop.Credit))
	return nil
}

// tick marks what was checked.
func (t *tour) tick() string { return t.Paint(show.Green, "✓") }
