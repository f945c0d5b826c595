package realdata

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/tagroar/tagroar/internal/oracle"
)

// Data is one data set: tags by path, every parent present, with the members that carry them directly.
type Data struct {
	Name  string
	Keys  []string // application keys of members 0, 1, 2, … where the data have some
	Facts []Fact
	oracle.Table

	Attrs  map[string]*oracle.Attr // numbers and times of the members, where the data have some
	Ranges map[string]Range        // tags that stand for a comparison with an attribute, by path
	Totals []Total                 // known sums and the like of attributes
}

// Kind says what sort of fact a fact is.
type Kind string

const (
	Expression Kind = "expression" // of the judged lists named "expressions"
	Single     Kind = "set"        // one tag
	RollUp     Kind = "roll-up"    // one tag with what is below it
	Segment    Kind = "segment"    // a named segment
	Pair       Kind = "pair"       // two tags
	Counted    Kind = "counted"    // members of exactly k of many tags, and unions of many
)

// Fact is one known answer.
type Fact struct {
	Kind   Kind
	Name   string
	Expr   *oracle.Expr
	Len    int
	SHA256 string   // "": not known
	First  []uint32 // the first of the answer, nil: not known
}

// Digest is the hash that the facts use: SHA-256 of the ascending ids as little-endian uint32.
func Digest(ids []uint32) string {
	h := sha256.New()
	b := make([]byte, 0, 4096)
	for _, id := range ids {
		if len(b) == cap(b) {
			h.Write(b)
			b = b[:0]
		}
		b = binary.LittleEndian.AppendUint32(b, id)
	}
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil))
}

// Check compares an answer with the fact.
func (f *Fact) Check(ids []uint32) error {
	switch {
	case len(ids) != f.Len:
		return fmt.Errorf("%s %s: %d members, want %d", f.Kind, f.Name, len(ids), f.Len)
	case f.First != nil && !slices.Equal(ids[:len(f.First)], f.First):
		return fmt.Errorf("%s %s: begins with %v, want %v", f.Kind, f.Name, ids[:len(f.First)], f.First)
	case f.SHA256 != "" && Digest(ids) != f.SHA256:
		return fmt.Errorf("%s %s: digest differs", f.Kind, f.Name)
	}
	return nil
}

// Count returns the number of facts of a kind.
func (d *Data) Count(k Kind) int {
	n := 0
	for _, f := range d.Facts {
		if f.Kind == k {
			n++
		}
	}
	return n
}

func newData(name string) *Data {
	return &Data{Name: name, Table: oracle.NewTable(), Attrs: map[string]*oracle.Attr{}, Ranges: map[string]Range{}}
}

// tag makes sure that a tag and its parents are there.
func (d *Data) tag(path string) {
	if _, ok := d.Sets[path]; !ok {
		d.Put(path, nil)
	}
}

func (d *Data) add(path string, m uint32) {
	d.tag(path)
	d.Sets[path] = append(d.Sets[path], m)
}

func (d *Data) fact(k Kind, name string, e *oracle.Expr, n int, sha string) {
	d.Facts = append(d.Facts, Fact{Kind: k, Name: name, Expr: e, Len: n, SHA256: sha})
}

// enrollAll makes 0 … n−1 the universe.
func (d *Data) enrollAll(n int) {
	d.Members = make([]uint32, n)
	for i := range d.Members {
		d.Members[i] = uint32(i)
	}
}

// Dir returns the folder of the data sets, or skips the test.
func Dir(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv("TAGROAR_DATA"); dir != "" {
		if _, err := os.Stat(dir); err != nil {
			t.Fatalf("TAGROAR_DATA: %v", err)
		}
		return dir
	}
	dir, err := root()
	if err == nil {
		dir = filepath.Join(dir, "..", "shared", "data")
		_, err = os.Stat(filepath.Join(dir, "README.md"))
	}
	if err != nil {
		t.Skipf("the data sets are not there: set TAGROAR_DATA to their folder (%v)", err)
	}
	return dir
}

// root walks up to the folder of go.mod.
func root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("no go.mod above the working directory")
		}
		dir = up
	}
}
