package workload

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// T1 and T2 ask for the first 100 by weight, of a random 30 % tag, a random one of 1.2 % and a random one of 5,000, with small weights
// and with decimal ones. What they take is told in counts of the asked set with each scoring tag; the rows marked naive and sums are
// against ways to the same answer. T3 puts all of the 30 % tag in order; its rivals score within the time, as we do.

const topSize = 100

func orders(t *table.Table) ([]Row, error) {
	questions := []struct {
		id, title string
		of        int
		weights   []int64
		also      []string // the rows against other ways
	}{
		{"T1/small", "first 100 by weight over 20 tags of a 30 % tag, weights 1–15", 2, smallWeights(), []string{"naive"}},
		{"T1/decimal", "first 100 by weight over 20 tags of a 30 % tag, weights 0.01–20.00", 2, decimalWeights(), []string{"naive", "sums"}},
		{"T2/small", "T1/small of a 1.2 % tag", 20, smallWeights(), nil},
		{"T2/decimal", "T1/decimal of a 1.2 % tag", 20, decimalWeights(), []string{"sums"}},
		{"T2/card/small", "T1/small of a tag of 5,000", 50, smallWeights(), nil},
		{"T2/card/decimal", "T1/decimal of a tag of 5,000", 50, decimalWeights(), []string{"sums"}},
	}
	var rows []Row
	for _, q := range questions {
		more, err := tops(q.id, t, q.title, weighted{q.of, scoring(), q.weights}, q.also)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	all, err := fullOrders(t)
	if err != nil {
		return nil, err
	}
	return append(rows, all...), nil
}

// tops returns the row in counts, and those against the other ways: id/naive, id/sums.
func tops(id string, t *table.Table, title string, q weighted, also []string) ([]Row, error) {
	ctx := context.Background()
	plan, err := compile(t, q.text(t.Tags)+fmt.Sprintf(" LIMIT %d", topSize))
	if err != nil {
		return nil, err
	}
	first := &best{k: topSize}
	naive := func() []scored {
		first.reset()
		q.naive(t.Bitmaps, first.show)
		return first.inOrder()
	}
	type topper struct {
		name string
		top  func() []scored
	}
	whole, met := newSummer(q, t.Bitmaps, false), newSummer(q, t.Bitmaps, true)
	ways := map[string][]topper{
		"naive": {{"Contains of every tag, heap", naive}},
		"sums": {
			{"sums of tags, heap", func() []scored { return whole.top(first) }},
			{"sums of intersections, heap", func() []scored { return met.top(first) }},
		},
	}
	judge := sync.OnceValue(func() []scored { return slices.Clone(naive()) }) // the slowest way: once for all rows
	check := func() error {
		want := judge()
		got, err := plan.Top(ctx, topSize)
		if err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		if !slices.EqualFunc(got, want, func(r query.Ranked, s scored) bool { return uint32(r.Member) == s.member && r.Score == s.score }) {
			return fmt.Errorf("%s: our first %d differ from the %d of the naive way", id, len(got), len(want))
		}
		for _, w := range ways["sums"] {
			if !slices.Equal(w.top(), want) {
				return fmt.Errorf("%s: roaring's (%s) differ from the naive way's", id, w.name)
			}
		}
		return nil
	}
	ours := measure.Side{Name: "tagroar", Run: func() { sink.top, _ = plan.Top(ctx, topSize) }}
	counts := measure.Side{Name: "Σ AndCardinality", Run: func() { sink.n = q.counts(t.Bitmaps) }}
	rows := []Row{{ID: id, Size: t.Name, Title: title + ", in counts", Ours: ours, Rivals: []Rival{{Side: counts}}, Unit: true, Check: check}}
	for _, kind := range also {
		row := Row{ID: id + "/" + kind, Size: t.Name, Title: id + " against " + kind, Ours: ours, Check: check}
		for _, w := range ways[kind] {
			row.Rivals = append(row.Rivals, Rival{Side: measure.Side{Name: w.name, Run: func() { sink.n = len(w.top()) }}})
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// fullOrders returns T3, against the sort that a program would call, and T3/expert, against those that an expert would write.
func fullOrders(t *table.Table) ([]Row, error) {
	ctx := context.Background()
	q := weighted{2, scoring(), decimalWeights()}
	plan, err := compile(t, q.text(t.Tags))
	if err != nil {
		return nil, err
	}
	ours := func(ids []tagset.Member) ([]tagset.Member, error) {
		for m, err := range plan.Members(ctx) {
			if err != nil {
				return nil, err
			}
			ids = append(ids, m)
		}
		return ids, nil
	}
	judge := sync.OnceValue(func() []scored {
		var all []scored
		q.naive(t.Bitmaps, func(s scored) { all = append(all, s) })
		slices.SortFunc(all, compareScored)
		return all
	})
	o := &sorter{s: newSummer(q, t.Bitmaps, true)}
	var ids []tagset.Member
	check := func() error {
		want := judge()
		got, err := ours(nil)
		if err != nil {
			return fmt.Errorf("T3: %w", err)
		}
		if !slices.EqualFunc(got, want, func(m tagset.Member, s scored) bool { return uint32(m) == s.member }) {
			return fmt.Errorf("T3: our order of %d members differs from the naive one of %d", len(got), len(want))
		}
		if !slices.Equal(o.pairwise(), want) ||
			!slices.EqualFunc(o.integers(), want, func(x uint64, s scored) bool { return uint32(x) == s.member }) ||
			!slices.EqualFunc(o.counted(), want, func(m uint32, s scored) bool { return m == s.member }) {
			return fmt.Errorf("T3: an order of roaring's sums differs from the naive one")
		}
		ids = got[:0]
		return nil
	}
	side := measure.Side{Name: "tagroar", Run: func() { sink.ids, _ = ours(ids) }}
	release := func() { *o, ids, sink.ids = sorter{s: o.s}, nil, nil }
	sorts := func(name string, sort func() int) Rival {
		return Rival{Side: measure.Side{Name: name, Run: func() { sink.n = sort() }}}
	}
	return []Row{
		{
			ID: "T3", Size: t.Name, Title: "all of a 30 % tag by weight over 20 tags, weights 0.01–20.00", Ours: side, Check: check, Close: release,
			Rivals: []Rival{sorts("sums, slices.SortFunc", func() int { return len(o.pairwise()) })},
		},
		{
			ID: "T3/expert", Size: t.Name, Title: "T3 against an expert's sorts", Ours: side, Check: check, Close: release,
			Rivals: []Rival{
				sorts("sums, slices.Sort of integers", func() int { return len(o.integers()) }),
				sorts("sums, counting sort", func() int { return len(o.counted()) }),
			},
		},
	}, nil
}
