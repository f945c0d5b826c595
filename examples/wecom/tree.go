package main

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/csv"
	"fmt"
)

//go:embed testdata/divisions.csv.gz
var divisionsFile []byte

// tree is the group that the divisions are in: a customer lives in one place.
const tree = "地域/省市"

// A division is a province, a city or an area.
type division struct {
	code string // 2, 4 or 6 digits
	path string // the name of its tag
}

func (d division) province() bool { return len(d.code) == 2 }
func (d division) city() bool     { return len(d.code) == 4 }
func (d division) area() bool     { return len(d.code) == 6 }

// loadDivisions reads the tree, each division after the one above it.
func loadDivisions() ([]division, error) {
	z, err := gzip.NewReader(bytes.NewReader(divisionsFile))
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(z).ReadAll() // code, name
	if err != nil {
		return nil, err
	}
	paths := map[string]string{"": tree}
	var all []division
	for _, row := range rows[1:] { // without the header
		code, name := row[0], row[1]
		above, ok := paths[code[:len(code)-2]]
		if !ok {
			return nil, fmt.Errorf("nothing is above division %s", code)
		}
		paths[code] = above + "/" + name
		all = append(all, division{code, paths[code]})
	}
	return all, nil
}

// A region takes in provinces, wherever these stand.
type region struct {
	name      string
	provinces []province
	takesIn   []string // other regions
}

// A province with the numbers of its cities and areas, which were computed
// independently from the statistics office's lists.
type province struct {
	name          string
	cities, areas int
}

func regions() []region {
	return []region{
		{"华北", []province{{"北京市", 1, 16}, {"天津市", 1, 16}, {"河北省", 11, 190}, {"山西省", 11, 121}, {"内蒙古自治区", 12, 108}}, nil},
		{"东北", []province{{"辽宁省", 14, 100}, {"吉林省", 9, 69}, {"黑龙江省", 13, 126}}, nil},
		{"长三角", []province{{"上海市", 1, 16}, {"江苏省", 13, 104}, {"浙江省", 11, 90}, {"安徽省", 16, 119}}, nil},
		{"华东", []province{{"福建省", 9, 84}, {"江西省", 11, 100}, {"山东省", 16, 151}}, []string{"长三角"}},
		{"华中", []province{{"河南省", 18, 181}, {"湖北省", 14, 105}, {"湖南省", 14, 134}}, nil},
		{"华南", []province{{"广东省", 21, 124}, {"广西壮族自治区", 14, 111}, {"海南省", 5, 27}}, nil},
		{"西南", []province{{"重庆市", 2, 38}, {"四川省", 21, 183}, {"贵州省", 9, 88}, {"云南省", 16, 129}, {"西藏自治区", 7, 78}}, nil},
		{"西北", []province{{"陕西省", 10, 107}, {"甘肃省", 14, 88}, {"青海省", 8, 45}, {"宁夏回族自治区", 5, 22}, {"新疆维吾尔自治区", 15, 108}}, nil},
	}
}

// takenIn are the tags that the region includes.
func (r region) takenIn() []string {
	var names []string
	for _, p := range r.provinces {
		names = append(names, tree+"/"+p.name)
	}
	for _, other := range r.takesIn {
		names = append(names, "地域/大区/"+other)
	}
	return names
}
