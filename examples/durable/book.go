package main

import (
	"fmt"
	"os"
	"time"

	"github.com/tagroar/tagroar/examples/internal/shop"
	"github.com/tagroar/tagroar/tagset"
)

const (
	key     = "顾客-" // before the shop's number of a customer
	spent   = "消费额" // in thousandths of a pound
	regular = "订单数/3次以上"
	ordered = "订单数/有"
	again   = "订单数/2次以上"
	until   = "2011-04-01" // the first quarter of the shop's year, and a month
)

// someOrders reads the orders up to the end of March 2011.
func someOrders() ([]shop.Order, error) {
	all, err := shop.Orders()
	for i, o := range all {
		if o.At.Format(time.DateOnly) >= until {
			return all[:i], err
		}
	}
	return all, err
}

// book opens the store in dir and books what is missing of the orders, each in an
// Update of its own. told is called with an order's number once it is sure to
// last.
func book(dir string, told func(invoice string)) error {
	orders, err := someOrders()
	if err != nil {
		return err
	}
	now := orders[0].At
	s, err := tagset.Open(dir, tagset.Config{Clock: func() time.Time { return now }, Retain: -1})
	if err != nil {
		return err
	}
	defer s.Close()
	if s.View().Version() == 0 {
		if _, err := s.Update(prepare); err != nil {
			return err
		}
	}
	// Version 1 made the tags, and each version since then is one order: the store
	// itself tells where it was.
	for _, o := range orders[s.View().Version()-1:] {
		now = o.At
		if _, err := s.Update(func(tx *tagset.Tx) error { return enter(tx, o) }); err != nil {
			return err
		}
		told(o.Invoice)
	}
	return s.Close()
}

// bookSlowly is book for somebody who watches.
func bookSlowly(dir string) error {
	n := 0
	return book(dir, func(invoice string) {
		n++
		fmt.Fprintf(os.Stdout, "order %s of the shop is booked and will last; %d since the start\n", invoice, n)
		time.Sleep(50 * time.Millisecond)
	})
}

// prepare makes the tags and the attribute.
func prepare(tx *tagset.Tx) error {
	tx.By("初始化", "tags of the shop")
	for _, name := range []string{ordered, again, regular} {
		if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
			return err
		}
	}
	return tx.CreateAttribute(spent, tagset.Decimal(3))
}

// enter books one order: the customer is interned, tagged by country and by how
// often they ordered, and what they spent is added up.
func enter(tx *tagset.Tx, o shop.Order) error {
	tx.By("收银台", "order "+o.Invoice)
	ms, err := tx.Intern(key + o.Customer)
	if err != nil {
		return err
	}
	v, m := tx.View(), ms[0]
	sum, _ := v.Int(spent, m)
	if err := tx.SetInt(spent, m, sum+o.Milli); err != nil {
		return err
	}
	for _, name := range []string{ordered, again, regular} {
		if set, _ := v.Direct(name); !set.Contains(m) {
			if _, err := tx.Add(name, m); err != nil {
				return err
			}
			break
		}
	}
	country := "国家/" + o.Country
	if _, ok := v.Tag(country); !ok {
		if _, err := tx.CreateTag(tagset.Tag{Name: country}); err != nil {
			return err
		}
	}
	_, err = tx.Add(country, m)
	return err
}
