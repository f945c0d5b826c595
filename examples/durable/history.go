package main

import (
	"context"
	"time"

	"github.com/tagroar/tagroar/examples/internal/show"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// past asks one question as of several days, and what changed between two.
func (t *tour) past(ctx context.Context) error {
	const text = `订单数/3次以上 ∩ 消费额 >= 1000 ∖ "国家/United Kingdom"`
	t.Heading("Ask the past", "any expression as of any moment since the directory was made")
	t.Line("%s", text)
	rows := [][]string{{"as of", "customers", "", ""}}
	for _, day := range []string{"2011-01-01", "2011-02-01", "2011-03-01", "2011-04-01"} {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			return err
		}
		began := time.Now()
		v, err := t.store.AtTime(at)
		if err != nil {
			return err
		}
		n, err := query.Count(ctx, v, text)
		if err != nil {
			return err
		}
		took := show.Took(time.Since(began))
		if err := t.Compare(day, int64(n), t.regularsAbroad(at), 0); err != nil {
			return err
		}
		rows = append(rows, []string{day, show.Grouped(n), t.tick(), t.Paint(show.Dim, took)})
	}
	t.Table("lrlr", rows)

	feb, err := t.store.AtTime(time.Date(2011, 2, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		return err
	}
	mar, err := t.store.AtTime(time.Date(2011, 3, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		return err
	}
	for d := range tagset.Diff(feb, mar) {
		if d.Tag.Name == regular {
			entered := t.count(mar.Time(), 3) - t.count(feb.Time(), 3)
			if err := t.Compare("entered", int64(d.Entered.Len()), entered, 0); err != nil {
				return err
			}
			t.Line("in February %d customers came to %s, %d left %s", d.Entered.Len(), regular, d.Left.Len(), t.tick())
		}
	}
	return nil
}

// regularsAbroad is the plain loop: who has three orders and more before at,
// for a thousand pounds and more in all, and none from the United Kingdom.
func (t *tour) regularsAbroad(at time.Time) (n int64) {
	type sums struct {
		orders int
		milli  int64
		uk     bool
	}
	all := map[string]sums{}
	for _, o := range t.orders {
		if o.At.After(at) {
			continue
		}
		c := all[o.Customer]
		c.orders++
		c.milli += o.Milli
		c.uk = c.uk || o.Country == "United Kingdom"
		all[o.Customer] = c
	}
	for _, c := range all {
		if c.orders >= 3 && !c.uk && c.milli >= 1_000_000 {
			n++
		}
	}
	return n
}

// count is how many customers had so many orders by then.
func (t *tour) count(at time.Time, orders int) (n int64) {
	of := map[string]int{}
	for _, o := range t.orders {
		if o.At.After(at) {
			continue
		}
		if of[o.Customer]++; of[o.Customer] == orders {
			n++
		}
	}
	return n
}
