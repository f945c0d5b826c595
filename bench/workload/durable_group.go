package workload

import (
	"fmt"
	"sync"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/tagset"
)

// D2 makes 64 commits that last, by 1, 8 or 64 writers at a time. Ours share a sync as they come; bbolt does by Batch, and is tried
// with Update too; SQLite's writers queue up.
const groupCommits = 64

func groupRow(writers int, rival string) Row {
	var c *cabinet
	l := level{sync: tagset.SyncAlways, pragma: "FULL"}
	side := func(name string, n func() *uint32, add func(m uint32) error) measure.Side {
		return measure.Side{Name: name, Run: func() {
			at := n()
			share(writers, *at, add)
			*at += groupCommits
		}}
	}
	ours := side("tagroar", func() *uint32 { return &c.ours }, func(m uint32) error { return c.addOurs(m) })
	batch := side("bbolt, Batch", func() *uint32 { return &c.bolts }, func(m uint32) error { return c.addBoltBatch(m) })
	single := side("bbolt, Update", func() *uint32 { return &c.bolts }, func(m uint32) error { return c.addBolt(m) })
	lite := side("SQLite, one insert each, WAL", func() *uint32 { return &c.lites }, func(m uint32) error { return c.addLite(m) })
	row := Row{
		ID: fmt.Sprintf("D2/%d/%s", writers, rival), Size: "disk", Title: fmt.Sprintf("%d commits that last, %d at a time", groupCommits, writers),
		Waits: true, Procs: 2, Ours: ours,
	}
	if rival == "bbolt" {
		row.Rivals = []Rival{{Side: single}}
		if writers > 1 {
			row.Rivals = append(row.Rivals, Rival{Side: batch})
		}
	} else {
		row.Rivals = []Rival{{Side: lite}}
	}
	keep(&row, &c, l, writers, func() {
		for range 3 {
			ours.Run()
			for _, r := range row.Rivals {
				r.Run()
			}
		}
	})
	return row
}

// share adds the members after number at, each writer its part of them.
func share(writers int, at uint32, add func(m uint32) error) {
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := w; i < groupCommits; i += writers {
				must(add(spread(at + 1 + uint32(i))))
			}
		})
	}
	wg.Wait()
}
