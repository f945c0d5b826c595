// Wecom keeps the customer tags of a business as WeCom (企业微信) does: tag groups
// under the platform's limits, tags that several members of staff hold at once, a
// tree of all provinces, cities and areas of China in which everyone lives in one
// place, regions and departments that take in others, crowds defined by an
// expression, and a group that is untidy until it is settled. The customers are
// made up; the tree is real. Every answer is compared with a plain loop over the
// customers.
//
//	go run ./examples/wecom
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/tagroar/tagroar/examples/internal/show"
	"github.com/tagroar/tagroar/tagset"
)

func main() {
	if err := run(context.Background(), show.Terminal(os.Stdout)); err != nil {
		fmt.Fprintln(os.Stderr, "wecom:", err)
		os.Exit(1)
	}
}

// now is the clock of the store, which stands still: ages such as "no contact for
// 90 days" would otherwise change from day to day.
var now = time.Date(2026, 6, 30, 9, 0, 0, 0, time.UTC)

// A tour is what its parts share: the store, and the same content as plain Go.
type tour struct {
	*show.Printer
	show.Checks
	store     *tagset.Store
	divisions []division
	contacts  []*contact // contact i is member i
	includes  map[string][]string
}

func run(ctx context.Context, p *show.Printer) error {
	began := time.Now()
	fmt.Fprintf(p.W, "%s  %s\n", p.Paint(show.Bold, "tagroar"), p.Paint(show.Dim, "the customer tags of a business on WeCom (企业微信)"))
	t := &tour{Printer: p, includes: map[string][]string{}}
	for _, part := range []func(context.Context) error{
		t.load, t.limits, t.regions, t.moves, t.departments, t.sources, t.undo,
		t.crowds, t.renames, t.reasons, t.settle, t.lint, t.snapshot,
	} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	fmt.Fprintf(p.W, "\n%s %s answers equal a plain loop over the customers; %d of them are facts of the tree,\n  computed independently. %s in all.\n",
		p.Paint(show.Green, "✓"), show.Grouped(t.Agreed), t.Known, show.Took(time.Since(began)))
	fmt.Fprintf(p.W, "%s\n", p.Paint(show.Dim, "  Customers and staff are made up, from a fixed seed. Divisions: National Bureau of Statistics\n  of China, 2023, as collected by modood, WTFPL; see examples/wecom/testdata."))
	return nil
}

// update is Store.Update for a change of which only success counts.
func (t *tour) update(change func(*tagset.Tx) error) error {
	_, err := t.store.Update(change)
	return err
}

// tick marks an answer that was checked.
func (t *tour) tick() string { return t.Paint(show.Green, "✓") }

// count is the plain loop.
func (t *tour) count(has func(*contact) bool) int64 {
	n := int64(0)
	for _, c := range t.contacts {
		if has(c) {
			n++
		}
	}
	return n
}

// first is the first contact that passes, and its member.
func (t *tour) first(has func(*contact) bool) (*contact, tagset.Member, error) {
	for i, c := range t.contacts {
		if has(c) {
			return c, tagset.Member(i), nil
		}
	}
	return nil, 0, fmt.Errorf("no contact is as wanted")
}
