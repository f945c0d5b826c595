package workload

import (
	"context"

	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// Q3, Q4 and Q5 are audiences of growing size; M3, M4 and M5 are the same made into sets. Those marked card take tags of 5,000
// (Q5: of 5,000 and more) members alone.
var audiences = []struct {
	id, of, title string
	conj          conj
}{
	{"3", "", "(A∪B∪C)∩D∖E, mixed densities", conj{
		any: [][]int{{12, 31, 90}}, all: []int{4}, none: []int{21},
	}},
	{"4", "", "10-way ∪ ∩ 3-way ∩ ∖ 3 tags", conj{
		any: [][]int{span(10, 10, 1)}, all: []int{0, 3, 6}, none: []int{24, 41, 77},
	}},
	{"5", "", "AND of 10 ORs of 10 tags ∖ 10 tags", conj{
		any: facets(), none: append(span(100, 5, 1), span(150, 5, 1)...),
	}},
	{"3", "/card", "(A∪B∪C)∩D∖E, tags of 5,000", conj{
		any: [][]int{{56, 57, 58}}, all: []int{60}, none: []int{59},
	}},
	{"4", "/card", "10-way ∪ ∩ 3-way ∩ ∖ 3, tags of 5,000", conj{
		any: [][]int{span(50, 10, 1)}, all: []int{60, 62, 61}, none: []int{63, 64, 65},
	}},
	{"5", "/card", "AND of 10 ORs of 10 tags ∖ 10, 5,000–50,000", conj{
		any: cardFacets(), none: span(150, 10, 1),
	}},
}

// span lists n numbers from the first by the step.
func span(first, n, step int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = first + i*step
	}
	return s
}

// facets puts one dense, four middle and five small tags into each of ten groups.
func facets() [][]int {
	groups := make([][]int, 10)
	for g := range groups {
		groups[g] = append(append([]int{g}, span(10+g, 4, 10)...), span(50+g, 5, 10)...)
	}
	return groups
}

func cardFacets() [][]int {
	groups := make([][]int, 10)
	for g := range groups {
		groups[g] = span(50+g, 10, 10)
	}
	return groups
}

func countedAudiences(t *table.Table) ([]Row, error) {
	var rows []Row
	for _, a := range audiences {
		ours, err := counted(t, a.conj.text(t.Tags))
		if err != nil {
			return nil, err
		}
		rows = append(rows, countRow("Q"+a.id+a.of, t, "|"+a.title+"|", ours, a.conj.counters(t.Bitmaps)))
	}
	return rows, nil
}

func madeAudiences(t *table.Table) ([]Row, error) {
	ctx := context.Background()
	var rows []Row
	for _, a := range audiences {
		plan, err := compile(t, a.conj.text(t.Tags))
		if err != nil {
			return nil, err
		}
		ours := func() (tagset.Set, error) { return plan.Set(ctx) }
		rows = append(rows, setRow("M"+a.id+a.of, t, "Q"+a.id+a.of+" as a fresh set", ours, a.conj.makers(t.Bitmaps)))
		if a.of == "" {
			var room query.Buffer
			ours := func() (tagset.Set, error) { return plan.SetInto(ctx, &room) }
			rivals := append(a.conj.makers(t.Bitmaps), a.conj.reusers(t.Bitmaps)...)
			rows = append(rows, setRow("M"+a.id+"/buffer", t, "Q"+a.id+" as a set in a buffer that is used again", ours, rivals))
		}
	}
	return rows, nil
}
