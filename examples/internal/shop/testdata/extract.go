//go:build ignore

// Extract makes orders.csv.gz from the line items of the UCI Online Retail data
// set; README.md beside it says what it does and under which licence. Run it as
//
//	go run extract.go path/to/online_retail.csv.gz
//
// in this folder. The result is the same, byte for byte, with the same Go
// release.
package main

import (
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An order is one row of the result.
type order struct {
	invoice, customer, country string
	at                         time.Time // the earliest line of the invoice
	milli                      int64     // thousandths of a pound
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: go run extract.go path/to/online_retail.csv.gz")
	}
	orders, err := read(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	if err := write("orders.csv.gz", orders); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(orders), "orders")
}

// read folds the sale lines into orders: a line counts if it has a customer, its
// invoice is no cancellation (no leading C) and its quantity is above zero.
func read(name string) ([]*order, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(z)
	if _, err := r.Read(); err != nil { // the header
		return nil, err
	}
	byInvoice := map[string]*order{}
	for {
		// InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		quantity, err := strconv.ParseInt(rec[3], 10, 64)
		if err != nil {
			return nil, err
		}
		if rec[6] == "" || strings.HasPrefix(rec[0], "C") || quantity <= 0 {
			continue
		}
		at, err := time.Parse(time.DateTime, rec[4])
		if err != nil {
			return nil, err
		}
		price, err := milli(rec[5])
		if err != nil {
			return nil, err
		}
		o := byInvoice[rec[0]]
		if o == nil {
			o = &order{invoice: rec[0], customer: rec[6], country: rec[7], at: at}
			byInvoice[rec[0]] = o
		}
		if o.customer != rec[6] || o.country != rec[7] {
			return nil, fmt.Errorf("invoice %s has two customers or countries", o.invoice)
		}
		if at.Before(o.at) {
			o.at = at
		}
		o.milli += quantity * price
	}
	orders := make([]*order, 0, len(byInvoice))
	for _, o := range byInvoice {
		orders = append(orders, o)
	}
	slices.SortFunc(orders, func(a, b *order) int { return cmp.Compare(a.invoice, b.invoice) })
	return orders, nil
}

// milli reads pounds with at most three decimals as thousandths, exactly.
func milli(s string) (int64, error) {
	whole, frac, _ := strings.Cut(s, ".")
	if len(frac) > 3 {
		return 0, fmt.Errorf("price %q has more than three decimals", s)
	}
	return strconv.ParseInt(whole+frac+"000"[len(frac):], 10, 64)
}

func write(name string, orders []*order) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	z, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		return err
	}
	w := csv.NewWriter(z)
	w.Write([]string{"invoice", "customer", "country", "time", "spend_milli"}) // the writer keeps its first error for Error
	for _, o := range orders {
		w.Write([]string{o.invoice, o.customer, o.country, o.at.Format("2006-01-02 15:04"), strconv.FormatInt(o.milli, 10)})
	}
	w.Flush()
	return errors.Join(w.Error(), z.Close(), f.Close())
}
