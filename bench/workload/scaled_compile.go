package workload

import (
	"context"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/query"
)

// compileRow is a text to its plan: parsed, bound, planned. Beside it are, for scale, what the plan then takes to count, and what the
// rival, who has nothing to compile, takes to count.
func compileRow(t *table.Table, c conj) Row {
	text := c.text(t.Tags)
	rivals := c.counters(t.Bitmaps)
	var plan *query.Plan
	ctx := context.Background()
	count := func() (int, error) { return plan.Count(ctx) }
	row := countRow("compile", t, "text to plan", count, rivals)
	check := row.Check
	row.Check = func() (err error) {
		if plan, err = compile(t, text); err != nil {
			return err
		}
		return check()
	}
	row.Ours = measure.Side{Name: "text to plan", Run: func() { plan, _ = compile(t, text) }}
	row.Rivals = []Rival{
		{Side: measure.Side{Name: "roaring's count", Run: func() { sink.n = rivals[0].count() }}},
		{Side: measure.Side{Name: "the plan's count", Run: func() { sink.n, _ = count() }}},
	}
	return row
}
