package workload

import (
	"context"
	"fmt"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/table"
)

// I1 goes through all members of a set and adds them up, which is the least that anybody does with them. The rival is ManyIterator,
// roaring's fastest, with a buffer of 4,096.
var streams = []struct {
	id, title string
	tag       int
	plan      bool
}{
	{"I1", "every member of a random 30 % tag", 2, false},
	{"I1/runs", "every member of a clustered 30 % tag", 3, false},
	{"I1/sparse", "every member of a random 1.2 % tag", 20, false},
	{"I1/plan", "every member of a random 30 % tag as a plan's", 2, true},
}

func streamed(t *table.Table) ([]Row, error) {
	var rows []Row
	for _, s := range streams {
		set, ok := t.Store.View().Set(t.Tags[s.tag])
		if !ok {
			return nil, fmt.Errorf("workload: no tag %s", t.Tags[s.tag])
		}
		ours := func() (n int) {
			for m := range set.All() {
				n += int(m)
			}
			return n
		}
		if s.plan {
			plan, err := compile(t, t.Tags[s.tag])
			if err != nil {
				return nil, err
			}
			ours = func() (n int) {
				for m, err := range plan.Members(context.Background()) {
					if err != nil {
						return -1
					}
					n += int(m)
				}
				return n
			}
		}
		b := t.Bitmaps[s.tag]
		buf := make([]uint32, 4096)
		rival := func() (n int) {
			it := b.ManyIterator()
			for k := it.NextMany(buf); k > 0; k = it.NextMany(buf) {
				for _, v := range buf[:k] {
					n += int(v)
				}
			}
			return n
		}
		row := Row{ID: s.id, Size: t.Name, Title: s.title}
		row.Ours = measure.Side{Name: "tagroar", Run: func() { sink.n = ours() }}
		row.Rivals = []Rival{{Side: measure.Side{Name: "ManyIterator", Run: func() { sink.n = rival() }}}}
		row.Check = func() error {
			if got, want := ours(), rival(); got != want {
				return fmt.Errorf("%s: our members add up to %d, roaring's to %d", s.id, got, want)
			}
			return nil
		}
		rows = append(rows, row)
	}
	return rows, nil
}
