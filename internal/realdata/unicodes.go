package realdata

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/tagroar/tagroar/internal/oracle"
)

// unicodes loads the properties of code points: tags "property/value", with the general categories below their groups
// ("gc/L/Lu"). A group LC, whose children already lie below L, is an expression.
func unicodes(dir string) (*Data, error) {
	d := newData("unicode-properties")
	group, children := map[string]string{}, map[string][]string{}
	err := table(',', func(get func(string) string) error {
		p, c := get("parent"), get("child")
		children[p] = append(children[p], c)
		if p != "LC" {
			group[c] = p
		}
		return nil
	}, dir, "unicode-properties", "gc_hierarchy.csv")
	if err != nil {
		return nil, err
	}
	path := func(property, value string) string {
		if property == "gc" {
			return "gc/" + group[value] + "/" + value
		}
		return property + "/" + value
	}
	err = table(',', func(get func(string) string) error {
		first, last, err := bounds(get)
		p := path(get("property"), get("value"))
		d.tag(p)
		for c := first; c <= last; c++ {
			d.Sets[p] = append(d.Sets[p], c)
		}
		return err
	}, dir, "unicode-properties", "unicode_ranges.csv.gz")
	if err != nil {
		return nil, err
	}
	err = table(',', func(get func(string) string) error {
		first, last, err := bounds(get)
		if err != nil {
			return err
		}
		num, err1 := strconv.ParseFloat(get("numerator"), 64) // both are small enough to be exact
		den, err2 := strconv.ParseFloat(get("denominator"), 64)
		if err1 != nil || err2 != nil {
			return fmt.Errorf("%w, %w", err1, err2)
		}
		for c := first; c <= last; c++ {
			for name, in := range numericRanges {
				if in(num / den) {
					d.add(name, c)
				}
			}
		}
		return nil
	}, dir, "unicode-properties", "numeric_values.csv")
	if err != nil {
		return nil, err
	}
	d.enrollAll(0x110000)
	d.Tidy()
	return d, d.propertyFacts(dir, path, children)
}

var numericRanges = map[string]func(float64) bool{
	"nv/[0,9]":     func(v float64) bool { return 0 <= v && v <= 9 },
	"nv/(0,1)":     func(v float64) bool { return 0 < v && v < 1 },
	"nv/>=1000":    func(v float64) bool { return v >= 1000 },
	"nv/>=1000000": func(v float64) bool { return v >= 1e6 },
}

func bounds(get func(string) string) (first, last uint32, err error) {
	a, err := strconv.ParseUint(get("first"), 10, 21)
	if err != nil {
		return 0, 0, err
	}
	b, err := strconv.ParseUint(get("last"), 10, 21)
	if a > b || b > math.MaxInt32 {
		return 0, 0, fmt.Errorf("range %d-%d", a, b)
	}
	return uint32(a), uint32(b), err
}

func (d *Data) propertyFacts(dir string, path func(property, value string) string, children map[string][]string) error {
	var f struct {
		Sets    map[string][2]int `json:"cardinality_and_runs"`
		Groups  map[string]known  `json:"gc_rolled_up"`
		ByAge   map[string]int    `json:"cumulative_by_age"`
		Scripts []pair            `json:"gc_x_script_top"`
		Graphic int               `json:"graphic_and_format_characters"`
		Numeric struct {
			Ranges map[string]known `json:"in_range"`
		} `json:"numeric_value"`
		Expressions []judged
	}
	if err := readJSON(&f, dir, "unicode-properties", "expected.json"); err != nil {
		return err
	}
	leaf := func(key string) (*oracle.Expr, error) {
		property, value, ok := strings.Cut(key, "=")
		if !ok {
			return nil, fmt.Errorf("unknown leaf %q", key)
		}
		return oracle.T(path(property, value)), nil
	}
	ages := map[string]float64{}
	for key, n := range f.Sets {
		e, err := leaf(key)
		if err != nil {
			return err
		}
		d.fact(Single, key, e, n[0], "")
		if v, ok := strings.CutPrefix(key, "age="); ok {
			if ages[v], err = strconv.ParseFloat(v, 64); err != nil {
				return err
			}
		}
	}
	for g, k := range f.Groups {
		e := oracle.T("gc/" + g)
		if g == "LC" {
			e = oracle.E(oracle.Or)
			for _, c := range children[g] {
				e.Args = append(e.Args, oracle.T(path("gc", c)))
			}
		}
		d.fact(RollUp, "gc "+g, e, k.Cardinality, k.SHA256)
	}
	for age, n := range f.ByAge {
		upto := oracle.E(oracle.Or)
		for a, v := range ages { // no version has a two-digit minor number
			if v <= ages[age] {
				upto.Args = append(upto.Args, oracle.T(path("age", a)))
			}
		}
		d.fact(Counted, "age "+age, upto, n, "")
	}
	for name, k := range f.Numeric.Ranges {
		d.fact(Single, "nv "+name, oracle.T("nv/"+name), k.Cardinality, k.SHA256)
	}
	d.fact(Segment, "graphic and format characters", oracle.E(oracle.Minus, oracle.E(oracle.Everyone), oracle.T("gc/C/Cn"),
		oracle.T("gc/C/Co"), oracle.T("gc/C/Cs"), oracle.T("gc/C/Cc")), f.Graphic, "")
	if err := d.pairs(f.Scripts, leaf); err != nil {
		return err
	}
	return d.judge(f.Expressions, leaf)
}
