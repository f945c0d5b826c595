package workload

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/table"
)

// The real sets are asked what libraries are compared on, intersections and unions of all pairs, and what a tag engine is asked:
// the members of at least two of all sets, and an audience of the five largest.

// RealIDs lists the rows of a real set; they are there, without figures, when its file is not.
func RealIDs(name string) []string {
	return []string{"and/" + name, "or/" + name, "two/" + name, "Q3/" + name, "H1/" + name}
}

// Real returns the rows of a real set.
func Real(t *table.Table) ([]Row, error) {
	sets, err := t.Sets()
	if err != nil {
		return nil, err
	}
	n := len(sets)
	title := fmt.Sprintf("Σ|A∩B| over all %d pairs", n*(n-1)/2)
	and := countRow("and/"+t.Name, t, title, func() (sum int, _ error) {
		for i, a := range sets {
			for _, b := range sets[i+1:] {
				sum += a.AndLen(b)
			}
		}
		return sum, nil
	}, []counter{{"AndCardinality", func() int { return andPairs(t.Bitmaps) }}})
	or := countRow("or/"+t.Name, t, "Σ|A∪B| over all pairs", func() (sum int, _ error) {
		for i, a := range sets {
			for _, b := range sets[i+1:] {
				sum += a.OrLen(b)
			}
		}
		return sum, nil
	}, []counter{{"|A| + |B| − AndCardinality", func() int { return orByAnd(t.Bitmaps) }}})

	all := kofn{2, tagsOf(span(0, n, 1)...)}
	two, err := counted(t, all.text(t.Tags))
	if err != nil {
		return nil, err
	}
	large := largest(t, 5)
	five := conj{any: [][]int{large[2:5]}, all: large[:1], none: large[1:2]}
	audience, err := counted(t, five.text(t.Tags))
	if err != nil {
		return nil, err
	}
	return []Row{
		and, or,
		countRow("two/"+t.Name, t, fmt.Sprintf("at least 2 of all %d sets", n), two, all.counters(t.Bitmaps, t.Size)),
		countRow("Q3/"+t.Name, t, "(C∪D∪E)∩A∖B of the five largest", audience, five.counters(t.Bitmaps)),
		heap("H1/"+t.Name, t),
	}, nil
}

func andPairs(bs []*roaring.Bitmap) (sum int) {
	for i, a := range bs {
		for _, b := range bs[i+1:] {
			sum += int(a.AndCardinality(b))
		}
	}
	return sum
}

// orByAnd counts the unions without making them; OrCardinality makes those of runs, and is 10–200 times slower.
func orByAnd(bs []*roaring.Bitmap) (sum int) {
	sizes := make([]int, len(bs))
	for i, b := range bs {
		sizes[i] = int(b.GetCardinality())
	}
	for i, a := range bs {
		for k, b := range bs[i+1:] {
			sum += sizes[i] + sizes[i+1+k] - int(a.AndCardinality(b))
		}
	}
	return sum
}

// largest lists the k largest tags, the largest first.
func largest(t *table.Table, k int) []int {
	by := span(0, len(t.Tags), 1)
	slices.SortStableFunc(by, func(a, b int) int {
		return cmp.Compare(t.Bitmaps[b].GetCardinality(), t.Bitmaps[a].GetCardinality())
	})
	return by[:k]
}
