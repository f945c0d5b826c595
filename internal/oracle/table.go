package oracle

import (
	"slices"
	"strings"
)

// Table is the Frame of tags whose members are known as lists: for sets too large for a Store's maps.
type Table struct {
	Members []uint32            // the universe, ascending
	Sets    map[string][]uint32 // direct members by path, ascending; every parent is there
	Columns map[string]*Attr    // attributes by name; nil: none
	Weights map[string]int32    // of tags by path; nil: none
}

// Attr returns an attribute, or nil.
func (t *Table) Attr(name string) *Attr { return t.Columns[name] }

// NewTable returns an empty table.
func NewTable() Table { return Table{Sets: map[string][]uint32{}} }

// Put sets the direct members of a tag and makes sure that its parents are there.
func (t *Table) Put(path string, ms []uint32) {
	t.Sets[path] = ms
	if p := parent(path); p != "" {
		if _, ok := t.Sets[p]; !ok {
			t.Put(p, nil)
		}
	}
}

// Universe returns every member, ascending.
func (t *Table) Universe() []uint32 { return t.Members }

// Direct returns the direct members of a tag, ascending.
func (t *Table) Direct(path string) ([]uint32, bool) {
	ms, ok := t.Sets[path]
	return ms, ok
}

// Effective returns the members of a tag and of what is below it, ascending.
func (t *Table) Effective(path string) ([]uint32, bool) {
	direct, ok := t.Sets[path]
	if !ok {
		return nil, false
	}
	out := slices.Clone(direct)
	for p, ms := range t.Sets {
		if strings.HasPrefix(p, path+"/") {
			out = append(out, ms...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), true
}

// Paths returns the tags, parents before children.
func (t *Table) Paths() []string {
	var out []string
	for p := range t.Sets {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// Tidy sorts lists that were filled in any order.
func (t *Table) Tidy() {
	for p, ms := range t.Sets {
		slices.Sort(ms)
		t.Sets[p] = slices.Compact(ms)
	}
	slices.Sort(t.Members)
	t.Members = slices.Compact(t.Members)
}
