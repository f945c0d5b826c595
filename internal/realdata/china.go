package realdata

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tagroar/tagroar/internal/oracle"
)

// china loads the tree of administrative divisions: the streets are the members (their codes), province, city and area
// are three levels of tags, "区划/11北京市/1101市辖区/110101东城区", and the kinds of streets are tags beside them.
func china(dir string) (*Data, error) {
	d := newData("china-divisions")
	path := map[string]string{"": "区划"} // by code
	name := map[string]string{}
	for _, level := range []struct{ file, up string }{{"provinces.csv", ""}, {"cities.csv", "provinceCode"}, {"areas.csv", "cityCode"}} {
		err := table(',', func(get func(string) string) error {
			code, up := get("code"), ""
			if level.up != "" {
				up = get(level.up)
			}
			if path[up] == "" {
				return fmt.Errorf("%s lies in %s, which is not there", code, up)
			}
			name[code] = get("name")
			path[code] = path[up] + "/" + code + name[code]
			d.tag(path[code])
			return nil
		}, dir, "china-divisions", level.file)
		if err != nil {
			return nil, err
		}
	}
	err := table(',', func(get func(string) string) error {
		code, err := strconv.ParseUint(get("code"), 10, 32)
		if err != nil {
			return err
		}
		d.add(path[get("areaCode")], uint32(code))
		d.add("类型/"+streetKind(get("name")), uint32(code))
		d.Members = append(d.Members, uint32(code))
		return nil
	}, dir, "china-divisions", "streets.csv.gz")
	if err != nil {
		return nil, err
	}
	d.Tidy()
	return d, d.divisionFacts(dir, path)
}

func (d *Data) divisionFacts(dir string, path map[string]string) error {
	var f struct {
		Province map[string]struct {
			Streets int
			SHA256  string `json:"sha256_of_streets"`
		} `json:"per_province"`
		Cities map[string]struct{ Streets int }
		Areas  map[string]string `json:"sha256_of_streets_of_area_first100"`
		Kinds  struct {
			Cardinality map[string]int
			Province    map[string]map[string]int `json:"per_province"`
		} `json:"kind_by_name_ending"`
		Expressions []judged
	}
	if err := readJSON(&f, dir, "china-divisions", "expected.json"); err != nil {
		return err
	}
	leaf := func(key string) (*oracle.Expr, error) {
		column, value, _ := strings.Cut(key, "=")
		if column == "kind" {
			return oracle.T("类型/" + value), nil
		}
		if p := path[value]; column == "node" && p != "" {
			return oracle.T(p), nil
		}
		return nil, fmt.Errorf("unknown leaf %q", key)
	}
	for code, p := range f.Province {
		d.fact(RollUp, code, oracle.T(path[code]), p.Streets, p.SHA256)
		d.fact(Single, "only "+code, oracle.O(path[code]), 0, "")
	}
	for code, c := range f.Cities {
		d.fact(RollUp, code, oracle.T(path[code]), c.Streets, "")
	}
	for code, sha := range f.Areas {
		ms, _ := d.Effective(path[code])
		d.fact(Single, code, oracle.T(path[code]), len(ms), sha) // the digest says how many, too
	}
	for k, n := range f.Kinds.Cardinality {
		e, err := leaf(k)
		if err != nil {
			return err
		}
		d.fact(Single, k, e, n, "")
	}
	for code, kinds := range f.Kinds.Province {
		for k, n := range kinds {
			e, err := leaf(k)
			if err != nil {
				return err
			}
			d.fact(Pair, code+" "+k, oracle.E(oracle.And, oracle.T(path[code]), e), n, "")
		}
	}
	return d.judge(f.Expressions, leaf)
}

func streetKind(name string) string {
	for _, k := range []string{"街道", "镇", "乡"} {
		for _, end := range []string{k, k + "办事处", k + "人民政府"} {
			if strings.HasSuffix(name, end) {
				return k
			}
		}
	}
	return "其他"
}
