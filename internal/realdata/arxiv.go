package realdata

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tagroar/tagroar/internal/oracle"
)

// arxiv loads papers with their categories, which are a hierarchy ("cat/math/AG" below "cat/math"), months
// ("month/1996/03" below "month/1996"), thresholds and the authors that the facts name. Months and numbers are attributes
// too.
func arxiv(dir string) (*Data, error) {
	d := newData("arxiv-paperscape")
	var f struct {
		Papers      int
		Category    map[string]int            `json:"papers_per_category"`
		CategorySHA map[string]string         `json:"sha256_of_category"`
		Archive     map[string]int            `json:"papers_per_archive_rolled_up"`
		ArchiveSHA  map[string]string         `json:"sha256_of_archive_rolled_up"`
		Month       map[string]int            `json:"papers_per_month"`
		ByYear      map[string]map[string]int `json:"archive_by_year_rolled_up"`
		ByNumber    map[string]int            `json:"papers_by_number_of_categories"`
		Pairs       []pair                    `json:"top40_pairs"`
		Numbers     map[string]tally
		Authors     struct {
			Top20 []struct {
				Author string
				Papers int
			}
		}
		Expressions []judged
	}
	if err := readJSON(&f, dir, "arxiv-paperscape", "expected.json"); err != nil {
		return nil, err
	}
	for name, typ := range map[string]uint8{"month": ofTimes, "num_found_refs": ofNumbers, "num_total_refs": ofNumbers, "num_authors": ofNumbers} {
		d.attribute(name, typ)
	}
	known := map[string]bool{}
	for _, a := range f.Authors.Top20 {
		known[a.Author] = true
	}
	paper := uint32(0)
	for year := 1991; year <= 1996; year++ {
		text, err := unzip(dir, "arxiv-paperscape", fmt.Sprintf("pscp-%d.csv.gz", year))
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			if err := d.paper(paper, strings.TrimSuffix(line, "\n"), known); err != nil {
				return nil, err
			}
			paper++
		}
	}
	d.enrollAll(int(paper))
	d.Tidy()
	if len(d.Members) != f.Papers {
		return nil, fmt.Errorf("%s: %d papers, want %d", d.Name, len(d.Members), f.Papers)
	}

	if err := d.totals(f.Numbers); err != nil {
		return nil, err
	}
	for tag := range d.Sets {
		if t, err := time.Parse("month/2006/01", tag); err == nil {
			d.Ranges[tag] = within("month", t, t.AddDate(0, 1, 0))
		} else if t, err := time.Parse("month/2006", tag); err == nil {
			d.Ranges[tag] = within("month", t, t.AddDate(1, 0, 0))
		}
	}
	var categories []*oracle.Expr
	for c, n := range f.Category {
		d.fact(Single, c, category(c), n, f.CategorySHA[c])
		categories = append(categories, category(c))
	}
	for a, n := range f.Archive {
		d.fact(RollUp, a, oracle.T("cat/"+a), n, f.ArchiveSHA[a])
	}
	for m, n := range f.Month {
		d.fact(Single, m, oracle.T(month(m)), n, "")
	}
	for a, years := range f.ByYear {
		for y, n := range years {
			d.fact(Pair, a+" in "+y, oracle.E(oracle.And, oracle.T("cat/"+a), oracle.T("month/"+y)), n, "")
		}
	}
	for k, n := range f.ByNumber {
		k, err := strconv.Atoi(k)
		if err != nil {
			return nil, err
		}
		d.fact(Counted, "in exactly "+strconv.Itoa(k), oracle.K(oracle.Exactly, k, categories...), n, "")
	}
	for _, a := range f.Authors.Top20 {
		d.fact(Single, a.Author, oracle.T("author/"+a.Author), a.Papers, "")
	}
	err := d.pairs(f.Pairs, func(key string) (*oracle.Expr, error) { return category(key), nil })
	if err != nil {
		return nil, err
	}
	return d, d.judge(f.Expressions, paperLeaf)
}

func (d *Data) paper(id uint32, line string, known map[string]bool) error {
	field := strings.SplitN(line, ";", 7)
	if len(field) != 7 {
		return fmt.Errorf("paper %d has %d fields", id, len(field))
	}
	for c := range strings.SplitSeq(field[1], ",") {
		d.add(category(c).Name, id)
	}
	_, number, _ := strings.Cut(field[0], "/")
	when, err := time.Parse("0601", number[:4])
	if err != nil {
		return err
	}
	d.add(month(when.Format("2006-01")), id)
	d.Attrs["month"].Values[id] = when.Unix()
	found, err1 := strconv.Atoi(field[2])
	total, err2 := strconv.Atoi(field[3])
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	d.Attrs["num_found_refs"].Values[id], d.Attrs["num_total_refs"].Values[id] = int64(found), int64(total)
	for _, k := range []int{1, 10, 20, 30, 50} {
		if total >= k {
			tag := fmt.Sprintf("num_total_refs>=%d", k)
			d.add(tag, id)
			d.Ranges[tag] = atLeast("num_total_refs", int64(k))
		}
	}
	var authors []string
	if field[5] != "" {
		authors = strings.Split(field[5], ",")
	}
	d.Attrs["num_authors"].Values[id] = int64(len(authors))
	if k := len(authors); slices.Contains([]int{1, 2, 3, 5, 10}, k) {
		tag := fmt.Sprintf("num_authors=%d", k)
		d.add(tag, id)
		d.Ranges[tag] = exactly("num_authors", int64(k))
	}
	for _, a := range authors {
		if known[a] {
			d.add("author/"+a, id)
		}
	}
	return nil
}

// category is the expression of a category as written: the direct members of an archive, or one of its classes.
func category(c string) *oracle.Expr {
	return oracle.O("cat/" + strings.Replace(c, ".", "/", 1))
}

func month(m string) string { return "month/" + strings.Replace(m, "-", "/", 1) }

func paperLeaf(key string) (*oracle.Expr, error) {
	prefix, value, _ := strings.Cut(key, "=")
	switch prefix {
	case "cat":
		return category(value), nil
	case "under":
		return oracle.T("cat/" + value), nil
	case "month":
		return oracle.T(month(value)), nil
	case "year":
		return oracle.T("month/" + value), nil
	case "num_authors", "num_total_refs>":
		return oracle.T(key), nil
	}
	return nil, fmt.Errorf("unknown leaf %q", key)
}
