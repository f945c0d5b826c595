package realdata

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/tagroar/tagroar/internal/oracle"
)

// setFacts is what is known of one family of plain sets of integers.
type setFacts struct {
	Cardinality map[string]int    `json:"cardinality_of_set"`
	SHA256      map[string]string `json:"sha256_of_set_le_u32"`
	Union       string            `json:"union_sha256_le_u32"`
	Distinct    int               `json:"distinct_ids"`
	ByNumber    map[string]int    `json:"ids_by_number_of_sets"`
	Pairs       []pair            `json:"top20_pair_intersections"`
	Expressions []judged
}

// zipped loads a zip of text files, each a list of integers. The tags are named by the number in the file's name.
func zipped(name string) func(string) (*Data, error) {
	return func(dir string) (*Data, error) {
		d := newData("roaring-real/" + name)
		z, err := zip.OpenReader(filepath.Join(dir, "roaring-real", name+".zip"))
		if err != nil {
			return nil, err
		}
		defer z.Close()
		for _, f := range z.File {
			i := strings.TrimSuffix(strings.TrimPrefix(f.Name, name+".csv"), ".txt")
			if _, err := strconv.Atoi(i); err != nil {
				return nil, fmt.Errorf("%s in %s: %w", f.Name, name, err)
			}
			r, err := f.Open()
			if err != nil {
				return nil, err
			}
			text, err := io.ReadAll(r)
			if err != nil {
				return nil, err
			}
			d.tag(i)
			for v := range bytes.SplitSeq(bytes.TrimSpace(text), []byte(",")) {
				id, err := strconv.ParseUint(string(v), 10, 32)
				if err != nil {
					return nil, err
				}
				d.add(i, uint32(id))
				d.Members = append(d.Members, uint32(id))
			}
		}
		return d, d.setFacts(dir, name)
	}
}

// bitsets loads the row-wise table: for each member its tags as bits of one or two words.
func bitsets(dir string) (*Data, error) {
	const name = "bitsets_1925630_96"
	d := newData("roaring-real/" + name)
	b, err := unzip(dir, "roaring-real", name+".gz")
	if err != nil {
		return nil, err
	}
	var sets [128][]uint32
	rows := binary.BigEndian.Uint32(b)
	b = b[4:]
	for row := range rows {
		words := binary.BigEndian.Uint32(b)
		b = b[4:]
		for w := range words {
			bits := binary.BigEndian.Uint64(b)
			b = b[8:]
			for i := range uint32(64) {
				if bits>>i&1 == 1 {
					sets[64*w+i] = append(sets[64*w+i], row)
				}
			}
		}
	}
	if len(b) != 0 {
		return nil, fmt.Errorf("%s: %d bytes left over", name, len(b))
	}
	for i, s := range sets {
		if s != nil {
			d.Sets[strconv.Itoa(i)] = s
		}
	}
	d.enrollAll(int(rows))
	return d, d.setFacts(dir, name)
}

func (d *Data) setFacts(dir, name string) error {
	d.Tidy()
	var all struct{ Datasets map[string]setFacts }
	if err := readJSON(&all, dir, "roaring-real", "expected.json"); err != nil {
		return err
	}
	f := all.Datasets[name]
	var leaves []*oracle.Expr
	for _, p := range d.Paths() {
		leaves = append(leaves, oracle.T(p))
	}
	for i, n := range f.Cardinality {
		d.fact(Single, i, oracle.T(i), n, f.SHA256[i])
	}
	d.fact(Counted, "union", oracle.E(oracle.Or, leaves...), f.Distinct, f.Union)
	for k, n := range f.ByNumber {
		k, err := strconv.Atoi(k)
		if err != nil {
			return err
		}
		d.fact(Counted, fmt.Sprintf("in exactly %d", k), oracle.K(oracle.Exactly, k, leaves...), n, "")
	}
	leaf := func(key string) (*oracle.Expr, error) { return oracle.T(key), nil }
	if err := d.pairs(f.Pairs, leaf); err != nil {
		return err
	}
	return d.judge(f.Expressions, leaf)
}
