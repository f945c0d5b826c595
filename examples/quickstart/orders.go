package main

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/tagroar/tagroar/examples/internal/shop"
)

// today is the day after the last invoice; recency counts from it.
var today = time.Date(2011, 12, 10, 0, 0, 0, 0, time.UTC)

// A customer is what the orders of one customer number add up to.
type customer struct {
	key         string
	countries   map[string]bool
	months      map[string]bool // with an order, as 2006-01
	days        map[string]bool // with an order, as 2006-01-02
	orders      int
	milli       int64 // spent, in thousandths of a pound
	first, last time.Time
}

// daysSince is the number of days from the date of the last order to today.
func (c *customer) daysSince() int {
	return int(today.Sub(c.last.Truncate(24*time.Hour)) / (24 * time.Hour))
}

// loadCustomers reads the orders and adds them up, by customer number.
func loadCustomers() (customers []*customer, orders int, err error) {
	list, err := shop.Orders()
	if err != nil {
		return nil, 0, err
	}
	byKey := map[string]*customer{}
	for _, o := range list {
		c := byKey[o.Customer]
		if c == nil {
			c = &customer{key: o.Customer, countries: map[string]bool{}, months: map[string]bool{},
				days: map[string]bool{}, first: o.At, last: o.At}
			byKey[o.Customer] = c
		}
		c.countries[o.Country] = true
		c.months[o.At.Format("2006-01")] = true
		c.days[o.At.Format(time.DateOnly)] = true
		c.orders++
		c.milli += o.Milli
		if o.At.Before(c.first) {
			c.first = o.At
		}
		if o.At.After(c.last) {
			c.last = o.At
		}
	}
	byNumber := func(a, b *customer) int { return cmp.Compare(a.key, b.key) }
	return slices.SortedFunc(maps.Values(byKey), byNumber), len(list), nil
}
