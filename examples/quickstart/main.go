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

	"github.com/tagroar/tagroar/tagset"
)

func main() {
	p := &printer{w: os.Stdout, color: isTerminal(os.Stdout)}
	if err := run(context.Background(), p); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

// A tour is what its parts share.
type tour struct {
	*printer
	store     *tagset.Store
	customers []*customer
	rules     []rule
	agreed    int // answers that were checked
	known     int // of these, against the published facts
}

func run(ctx context.Context, p *printer) error {
	began := time.Now()
	fmt.Fprintf(p.w, "%s  %s\n", p.paint(bold, "tagroar"), p.paint(dim, "the orders of a UK web shop, December 2010 to December 2011"))
	t := &tour{printer: p}
	for _, part := range []func(context.Context) error{
		t.load, t.askInText, t.askInGo, t.numbersAndTimes, t.bestFirst, t.whenTagged,
		t.explain, t.facets, t.page, t.change, t.snapshot, t.export,
	} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	fmt.Fprintf(p.w, "\n%s %d answers equal a plain loop over the orders; %d of them are facts computed\n  independently, with SQL, from the shop's 541,909 invoice lines. %s in all.\n",
		p.paint(green, "✓"), t.agreed, t.known, took(time.Since(began)))
	fmt.Fprintf(p.w, "%s\n", p.paint(dim, "  Data: UCI Online Retail (Chen, Sain, Guo 2012), CC BY 4.0; see examples/quickstart/testdata."))
	return nil
}

func (t *tour) load(context.Context) (err error) {
	t.heading("Load", "one transaction: customer keys interned, tags and attributes created and filled")
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
	t.table("rlr", [][]string{
		{grouped(orders), "orders read", t.paint(dim, took(read))},
		{grouped(len(t.customers)), "customers interned", ""},
		{grouped(len(t.rules)), "tags created, and their parents", ""},
		{grouped(3 * len(t.customers)), "values of 3 attributes", ""},
		{grouped(memberships), "memberships", t.paint(dim, took(time.Since(began)))},
	})
	return nil
}
