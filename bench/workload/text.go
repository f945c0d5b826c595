package workload

import (
	"context"

	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/query"
)

// P1 goes from text to count: parse, bind, plan, run, on the view of the moment. The rival is the same question written by hand,
// its operands at hand and in order.
func texts(t *table.Table) ([]Row, error) {
	questions := []struct {
		id   string
		conj conj
	}{
		{"P1/Q1", conj{all: []int{50, 52}}},
		{"P1/Q3", conj{any: [][]int{{56, 57, 58}}, all: []int{60}, none: []int{59}}},
	}
	var rows []Row
	for _, q := range questions {
		text := q.conj.text(t.Tags)
		rows = append(rows, countRow(q.id, t, "text to count of "+q.id[3:]+", tags of 5,000", textCounted(t, text), q.conj.counters(t.Bitmaps)))
	}
	return rows, nil
}

// textCounted answers a text from scratch: view, parse, bind, plan, run.
func textCounted(t *table.Table, text string) func() (int, error) {
	ctx := context.Background()
	return func() (int, error) { return query.Count(ctx, t.Store.View(), text) }
}
