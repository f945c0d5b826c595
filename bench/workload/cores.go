package workload

import (
	"context"
	"fmt"
	"runtime"
	"slices"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// The rows marked cores are plans evaluated on two processors against the same plans evaluated by the caller's goroutine alone.
// Where there is less to do than some hundred microseconds, as in most of them at a million members, that is what both sides do.
const cores = 2

// oneCore says why a row that wants several processors is not measured, if there is but one.
func oneCore() string {
	if runtime.NumCPU() < cores {
		return "one core"
	}
	return ""
}

func sharedPlans(t *table.Table) ([]Row, error) {
	ctx := context.Background()
	var rows []Row
	add := func(row Row, err error) error {
		rows = append(rows, row)
		return err
	}
	for _, a := range audiences {
		if a.of != "" {
			continue
		}
		err := add(coresRow("Q"+a.id, t, "|"+a.title+"|", a.conj.text(t.Tags), func(p *query.Plan) func() (int, error) {
			return func() (int, error) { return p.Count(ctx) }
		}, func(a, b int) bool { return a == b }))
		if err != nil {
			return nil, err
		}
	}
	byWeight := weighted{2, scoring(), decimalWeights()}.text(t.Tags)
	err := add(coresRow("T1", t, "T1/decimal", byWeight, func(p *query.Plan) func() ([]query.Ranked, error) {
		return func() ([]query.Ranked, error) { return p.Top(ctx, topSize) }
	}, slices.Equal))
	if err != nil {
		return nil, err
	}
	err = add(coresRow("T3", t, "T3", byWeight, func(p *query.Plan) func() ([]tagset.Member, error) {
		var ids []tagset.Member
		return func() ([]tagset.Member, error) {
			ids = ids[:0]
			for m, err := range p.Members(ctx) {
				if err != nil {
					return nil, err
				}
				ids = append(ids, m)
			}
			return ids, nil
		}
	}, slices.Equal))
	return rows, err
}

// coresRow is the row of a text, of whose plan a side is made.
func coresRow[R any](id string, t *table.Table, title, text string, side func(*query.Plan) func() (R, error), same func(a, b R) bool) (Row, error) {
	row := Row{ID: id + "/cores", Size: t.Name, Title: title + " on two processors", Procs: cores, Absent: oneCore()}
	row.Waits = true // one side leaves a processor idle, and the other does at its ends
	several, err := compile(t, text, query.Workers(0))
	if err != nil {
		return row, err
	}
	alone, err := compile(t, text)
	if err != nil {
		return row, err
	}
	ours, rival := side(several), side(alone)
	row.Ours = measure.Side{Name: "tagroar, two processors", Run: func() { _, _ = ours() }}
	row.Rivals = []Rival{{Side: measure.Side{Name: "tagroar, one", Run: func() { _, _ = rival() }}}}
	row.Check = func() error {
		got, err := ours()
		if err != nil {
			return fmt.Errorf("%s: %w", row.ID, err)
		}
		want, err := rival()
		if err != nil {
			return fmt.Errorf("%s: %w", row.ID, err)
		}
		if !same(got, want) {
			return fmt.Errorf("%s: two processors give another result than one", row.ID)
		}
		return nil
	}
	return row, nil
}
