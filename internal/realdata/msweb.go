package realdata

import (
	"bufio"
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/tagroar/tagroar/internal/oracle"
)

// msweb loads which areas of a web site its users visited: tags "vroot/1000", members the users' numbers.
func msweb(dir, file string) (*Data, error) {
	d := newData("msweb/" + strings.TrimSuffix(strings.TrimPrefix(file, "anonymous-msweb."), ".gz"))
	text, err := unzip(dir, "msweb", file)
	if err != nil {
		return nil, err
	}
	user := uint32(0)
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		field := strings.Split(lines.Text(), ",")
		switch field[0] {
		case "A":
			d.tag("vroot/" + field[1])
		case "C":
			n, err := strconv.ParseUint(field[2], 10, 32)
			if err != nil {
				return nil, err
			}
			user = uint32(n)
			d.Members = append(d.Members, user)
		case "V":
			d.add("vroot/"+field[1], user)
		}
	}
	d.Tidy()
	var all map[string]json.RawMessage
	if err := readJSON(&all, dir, "msweb", "expected.json"); err != nil {
		return nil, err
	}
	var f struct {
		Cardinality map[string]int    `json:"cardinality_of_vroot"`
		SHA256      map[string]string `json:"sha256_of_vroot"`
		ByNumber    map[string]int    `json:"users_by_number_of_vroots"`
		Pairs       []pair            `json:"top20_pairs"`
		Expressions []judged
	}
	if err := json.Unmarshal(all[file], &f); err != nil {
		return nil, err
	}
	leaf := func(key string) (*oracle.Expr, error) { return oracle.T("vroot/" + key), nil }
	var leaves []*oracle.Expr
	for key, n := range f.Cardinality {
		d.fact(Single, key, oracle.T("vroot/"+key), n, f.SHA256[key])
		leaves = append(leaves, oracle.T("vroot/"+key))
	}
	for k, n := range f.ByNumber {
		k, err := strconv.Atoi(k)
		if err != nil {
			return nil, err
		}
		d.fact(Counted, "visited "+strconv.Itoa(k), oracle.K(oracle.Exactly, k, leaves...), n, "")
	}
	if err := d.pairs(f.Pairs, leaf); err != nil {
		return nil, err
	}
	return d, d.judge(f.Expressions, leaf)
}
