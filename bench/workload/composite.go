package workload

import (
	"context"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// G2 counts a composite tag whose expression names a composite, and so on five times. Our plan has all of them inlined; it is
// compiled before the clock runs, and nothing is kept from one count to the next. The rivals keep to the definitions: each step is
// made as a bitmap, the last only counted.
func compositeRow(t *table.Table) (Row, error) {
	steps := []struct{ name, expression string }{
		{"段一", "t004 MINUS t012"},
		{"段二", "段一 OR t014 OR t016"},
		{"段三", "段二 AND (t002 OR t007)"},
		{"段四", "段三 MINUS t018 MINUS t055"},
		{"段五", "段四 AND t009"},
	}
	b := t.Bitmaps
	count := func() (int, error) { return 0, nil }
	row := countRow("G2", t, "count of a composite of composites, five deep", func() (int, error) { return count() }, []counter{
		{"step by step, in place", func() int {
			s := roaring.AndNot(b[4], b[12])
			s.Or(b[14])
			s.Or(b[16])
			s.And(roaring.Or(b[2], b[7]))
			s.AndNot(b[18])
			s.AndNot(b[55])
			return int(s.AndCardinality(b[9]))
		}},
		{"step by step", func() int {
			s := roaring.AndNot(b[4], b[12])
			s = roaring.FastOr(s, b[14], b[16])
			s = roaring.And(s, roaring.Or(b[2], b[7]))
			s = roaring.AndNot(roaring.AndNot(s, b[18]), b[55])
			return int(s.AndCardinality(b[9]))
		}},
	})
	check := row.Check
	row.Check = func() error {
		sets, err := t.Sets()
		if err != nil {
			return err
		}
		store, err := table.NewStore(t.Tags, func(tx *tagset.Tx) error { return table.Enroll(tx, t.Size) },
			func(i int) tagset.Set { return sets[i] })
		if err != nil {
			return fmt.Errorf("G2: %w", err)
		}
		_, err = store.Update(func(tx *tagset.Tx) error {
			for _, s := range steps {
				if err := query.Define(tx, s.name, s.expression); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("G2: %w", err)
		}
		p, err := compileOn(store.View(), steps[len(steps)-1].name)
		if err != nil {
			return err
		}
		ctx := context.Background()
		count = func() (int, error) { return p.Count(ctx) }
		return check()
	}
	row.Ours = measure.Side{Name: "tagroar", Run: func() { sink.n, _ = count() }}
	return row, nil
}
