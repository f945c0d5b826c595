package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"
)

//go:embed testdata/orders.csv.gz
var ordersFile []byte

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
	z, err := gzip.NewReader(bytes.NewReader(ordersFile))
	if err != nil {
		return nil, 0, err
	}
	r := csv.NewReader(z)
	r.ReuseRecord = true
	if _, err := r.Read(); err != nil { // the header
		return nil, 0, err
	}
	byKey := map[string]*customer{}
	for {
		rec, err := r.Read() // invoice, customer, country, time, spend_milli
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, 0, err
		}
		at, err := time.Parse("2006-01-02 15:04", rec[3])
		if err != nil {
			return nil, 0, fmt.Errorf("order %s: %w", rec[0], err)
		}
		milli, err := strconv.ParseInt(rec[4], 10, 64)
		if err != nil {
			return nil, 0, fmt.Errorf("order %s: %w", rec[0], err)
		}
		c := byKey[rec[1]]
		if c == nil {
			c = &customer{key: rec[1], countries: map[string]bool{}, months: map[string]bool{},
				days: map[string]bool{}, first: at, last: at}
			byKey[rec[1]] = c
		}
		c.countries[rec[2]] = true
		c.months[at.Format("2006-01")] = true
		c.days[at.Format(time.DateOnly)] = true
		c.orders++
		c.milli += milli
		if at.Before(c.first) {
			c.first = at
		}
		if at.After(c.last) {
			c.last = at
		}
		orders++
	}
	byNumber := func(a, b *customer) int { return cmp.Compare(a.key, b.key) }
	return slices.SortedFunc(maps.Values(byKey), byNumber), orders, nil
}
