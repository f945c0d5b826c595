//go:build ignore

// Extract makes divisions.csv.gz from the first three levels of the
// administrative divisions of China; README.md beside it says what it does and
// under which licence. Run it as
//
//	go run extract.go path/to/folder
//
// in this folder, where path/to/folder has provinces.csv, cities.csv and
// areas.csv. The result is the same, byte for byte, with the same Go release.
package main

import (
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: go run extract.go path/to/folder")
	}
	var rows [][]string
	for _, level := range []struct {
		file   string
		digits int
	}{{"provinces.csv", 2}, {"cities.csv", 4}, {"areas.csv", 6}} {
		read, err := read(filepath.Join(os.Args[1], level.file), level.digits)
		if err != nil {
			log.Fatal(err)
		}
		rows = append(rows, read...)
	}
	if err := check(rows); err != nil {
		log.Fatal(err)
	}
	if err := write("divisions.csv.gz", rows); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(rows), "divisions")
}

// read returns the code and the name of each row: the codes above are its
// first digits.
func read(name string, digits int) ([][]string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for _, rec := range all[1:] { // without the header
		if len(rec[0]) != digits {
			return nil, fmt.Errorf("%s: code %s has not %d digits", name, rec[0], digits)
		}
		rows = append(rows, rec[:2])
	}
	return rows, nil
}

// check sorts the rows by code and refuses those without one above.
func check(rows [][]string) error {
	slices.SortFunc(rows, func(a, b []string) int { return cmp.Compare(a[0], b[0]) })
	known := map[string]bool{"": true}
	for _, rec := range rows {
		if code := rec[0]; known[code] || !known[code[:len(code)-2]] {
			return fmt.Errorf("code %s is there twice, or has none above", code)
		}
		known[rec[0]] = true
	}
	return nil
}

func write(name string, rows [][]string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	z, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		return err
	}
	w := csv.NewWriter(z)
	w.Write([]string{"code", "name"}) // the writer keeps its first error for Error
	w.WriteAll(rows)
	return errors.Join(w.Error(), z.Close(), f.Close())
}
