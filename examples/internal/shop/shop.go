// Package shop gives the orders of a real web shop, which examples run on. Source
// and licence are told in testdata/README.md.
package shop

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"
)

// Credit names the source, as its licence asks.
const Credit = "Data: UCI Online Retail (Chen, Sain, Guo 2012), CC BY 4.0; see examples/internal/shop/testdata."

//go:embed testdata/orders.csv.gz
var file []byte

// An Order is one order, of 18,536.
type Order struct {
	Invoice, Customer, Country string
	At                         time.Time // to the minute
	Milli                      int64     // value in thousandths of a pound
}

// Orders reads all orders, by number of invoice.
func Orders() ([]Order, error) {
	z, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(z)
	r.ReuseRecord = true
	if _, err := r.Read(); err != nil { // the header
		return nil, err
	}
	var orders []Order
	for {
		rec, err := r.Read() // invoice, customer, country, time, spend_milli
		if errors.Is(err, io.EOF) {
			return orders, nil
		}
		if err != nil {
			return nil, err
		}
		o := Order{Invoice: rec[0], Customer: rec[1], Country: rec[2]}
		if o.At, err = time.Parse("2006-01-02 15:04", rec[3]); err != nil {
			return nil, fmt.Errorf("order %s: %w", o.Invoice, err)
		}
		if o.Milli, err = strconv.ParseInt(rec[4], 10, 64); err != nil {
			return nil, fmt.Errorf("order %s: %w", o.Invoice, err)
		}
		orders = append(orders, o)
	}
}
