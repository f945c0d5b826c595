// Quickstart tags the customers of a real shop by their orders and asks who they
// are: by tags, by what they spent and when they last came, the best first; in the
// query language, with the builder, while the store changes, and once more from a
// snapshot. Every answer is compared with a plain loop over the orders, and with
// facts computed independently where there are some.
//
//	go run ./examples/quickstart
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/tagroar/tagroar/examples/internal/shop"
	"github.com/tagroar/tagroar/examples/internal/show"
	"github.com/tagroar/tagroar/tagset"
)

func main() {
	if err := run(context.Background(), show.Terminal(os.Stdout)); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

// A tour is what its parts share.
type tour struct {
	*show.Printer
	show.Checks
	store     *tagset.Store
	customers []*customer
	rules     []rule
}

func run(ctx context.Context, p *show.Printer) error {
	began := time.Now()
	fmt.Fprintf(p.W, "%s  %s\n", p.Paint(show.Bold, "tagroar"), p.Paint(show.Dim, "the orders of a UK web shop, December 2010 to December 2011"))
	t := &tour{Printer: p}
	for _, part := range []func(context.Context) error{
		t.load, t.askInText, t.askInGo, t.numbersAndTimes, t.bestFirst, t.whenTagged,
		t.explain, t.facets, t.page, t.change, t.snapshot, t.export,
	} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	fmt.Fprintf(p.W, "\n%s %d answers equal a plain loop over the orders; %d of them are facts computed\n  independently, with SQL, from the shop's 541,909 invoice lines. %s in all.\n",
		p.Paint(show.Green, "✓"), t.Agreed, t.Known, show.Took(time.Since(began)))
	fmt.Fprintf(p.W, "%s\n", p.Paint(show.Dim, "  "+shop.Credit))
	return nil
}

func (t *tour) load(context.Context) (err error) {
	t.Heading("Load", "one transaction: customer keys interned, tags and attributes created and filled")
	began := time.Now()
	var orders int
	if t.customers, orders, err = loadCustomers(); err != nil {
		return err
	}
	read := time.Since(began)

	// Ages such as "no order for 90 days" count from the clock of the store. This one
	// stands still on the day after the last order: on today's clock every customer of
	// 2011 would be lost, and the answers would change from day to day.
	if t.store, err = tagset.New(tagset.Config{Clock: func() time.Time { return today }}); err != nil {
		return err
	}
	began = time.Now()
	t.rules = rules(t.customers)
	memberships, err := fill(t.store, t.customers, t.rules)
	if err != nil {
		return err
	}
	t.Table("rlr", [][]string{
		{show.Grouped(orders), "orders read", t.Paint(show.Dim, show.Took(read))},
		{show.Grouped(len(t.customers)), "customers interned", ""},
		{show.Grouped(len(t.rules)), "tags created, and their parents", ""},
		{show.Grouped(3 * len(t.customers)), "values of 3 attributes", ""},
		{show.Grouped(memberships), "memberships", t.Paint(show.Dim, show.Took(time.Since(began)))},
	})
	return nil
}
