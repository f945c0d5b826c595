package realdata

import (
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tagroar/tagroar/internal/oracle"
)

// Loader loads one data set from the folder of all.
type Loader struct {
	Name string
	Load func(dir string) (*Data, error)
}

// Loaders returns all of them, the small ones first.
func Loaders() []Loader {
	return []Loader{
		{"telco-churn", telco},
		{"bank-marketing", bank},
		{"msweb/data", func(dir string) (*Data, error) { return msweb(dir, "anonymous-msweb.data.gz") }},
		{"msweb/test", func(dir string) (*Data, error) { return msweb(dir, "anonymous-msweb.test.gz") }},
		{"china-divisions", china},
		{"arxiv-paperscape", arxiv},
		{"online-retail", retail},
		{"roaring-real/uscensus2000", zipped("uscensus2000")},
		{"roaring-real/wikileaks-noquotes", zipped("wikileaks-noquotes")},
		{"roaring-real/wikileaks-noquotes_srt", zipped("wikileaks-noquotes_srt")},
		{"roaring-real/census1881_srt", zipped("census1881_srt")},
		{"roaring-real/census1881", zipped("census1881")},
		{"unicode-properties", unicodes},
		{"roaring-real/bitsets_1925630_96", bitsets},
	}
}

// judged is one entry of the lists named "expressions".
type judged struct {
	Expr        json.RawMessage
	Cardinality int
	First5      []uint32
	SHA256      string `json:"sha256_le_u32"`
}

// known is a cardinality with its digest.
type known struct {
	Cardinality int
	SHA256      string
}

// pair is two leaves and how many members they share.
type pair struct {
	A, B        json.RawMessage
	Cardinality int
}

type leafFunc func(key string) (*oracle.Expr, error)

// judge takes in the judged expressions, the last of the facts, and sorts all of them.
func (d *Data) judge(list []judged, leaf leafFunc) error {
	for i, j := range list {
		e, err := oracle.FromJSON(j.Expr, leaf)
		if err != nil {
			return fmt.Errorf("%s, expression %d: %w", d.Name, i, err)
		}
		d.Facts = append(d.Facts, Fact{Kind: Expression, Name: fmt.Sprintf("%03d %s", i, short(string(j.Expr))),
			Expr: e, Len: j.Cardinality, SHA256: j.SHA256, First: j.First5})
	}
	slices.SortFunc(d.Facts, func(a, b Fact) int {
		return cmp.Or(strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.Name, b.Name))
	})
	return nil
}

// short keeps the name of a long expression readable.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return s
}

func (d *Data) pairs(list []pair, leaf leafFunc) error {
	for i, p := range list {
		a, err := oracle.FromJSON(p.A, leaf)
		if err != nil {
			return err
		}
		b, err := oracle.FromJSON(p.B, leaf)
		if err != nil {
			return err
		}
		d.fact(Pair, fmt.Sprintf("pair %d", i), oracle.E(oracle.And, a, b), p.Cardinality, "")
	}
	return nil
}

// readJSON reads an expected.json.
func readJSON(v any, elem ...string) error {
	b, err := os.ReadFile(filepath.Join(elem...))
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}

// unzip reads a file, decompressed if its name says so.
func unzip(elem ...string) ([]byte, error) {
	f, err := os.Open(filepath.Join(elem...))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if !strings.HasSuffix(f.Name(), ".gz") {
		return io.ReadAll(f)
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// table calls row for each row of a file with a header.
func table(comma rune, row func(get func(column string) string) error, elem ...string) error {
	text, err := unzip(elem...)
	if err != nil {
		return err
	}
	r := csv.NewReader(strings.NewReader(string(text)))
	r.Comma, r.ReuseRecord = comma, true
	head, err := r.Read()
	if err != nil {
		return err
	}
	column := map[string]int{}
	for i, h := range head {
		column[h] = i
	}
	for {
		rec, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		get := func(c string) string {
			i, ok := column[c]
			if !ok {
				panic("realdata: no column " + c)
			}
			return strings.Clone(rec[i])
		}
		if err := row(get); err != nil {
			return err
		}
	}
}
