package main

import (
	"io"
	"time"

	"github.com/tagroar/tagroar/bench/contest"
	"github.com/tagroar/tagroar/bench/goals"
	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/population"
	"github.com/tagroar/tagroar/bench/realset"
	"github.com/tagroar/tagroar/bench/workload"
)

// rivalModules are those whose versions a report tells.
var rivalModules = []string{"github.com/RoaringBitmap/roaring/v2", "go.etcd.io/bbolt", "modernc.org/sqlite"}

// run makes the whole report and prints it. It tells whether any result differed.
func run(s settings, out io.Writer, p *progress) (*report, error) {
	r := &report{
		Made: time.Now().UTC().Truncate(time.Second), Machine: measure.This(), Commit: measure.Commit(), Versions: measure.Versions(rivalModules...),
		Quick: s.quick, Final: s.sampling.Final,
	}
	r.printHead(out)
	start := time.Now()
	if err := r.collect(s, p); err != nil {
		return nil, err
	}
	r.Took = time.Since(start).Seconds()
	r.printTable(out)
	if s.json != "" {
		if err := r.writeJSON(s.json); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// collect measures the rows that are wanted: of the population at each size, of storage, of the real sets.
func (r *report) collect(s settings, p *progress) error {
	defer p.clear()
	published, err := goals.Published()
	if err != nil {
		return err
	}
	for _, n := range s.sizes {
		if !s.wantsAny(workload.PopulationIDs()) {
			continue
		}
		t, err := population.Table(n, p.step)
		if err != nil {
			return err
		}
		rows, err := workload.Population(t)
		if err != nil {
			return err
		}
		r.add(s, rows, published, p)
	}
	if s.wantsAny(workload.StorageIDs()) {
		r.add(s, workload.Storage(s.journal, s.behind), published, p)
	}
	dir, data := realset.Dir()
	for _, name := range realset.Names() {
		if !s.wantsAny(workload.RealIDs(name)) {
			continue
		}
		if !data {
			r.addMissing(s, name)
			continue
		}
		t, err := realset.Table(dir, name)
		if err != nil {
			return err
		}
		rows, err := workload.Real(t)
		if err != nil {
			return err
		}
		r.add(s, rows, published, p)
	}
	return nil
}

func (s settings) wantsAny(ids []string) bool {
	for _, id := range ids {
		if s.wants(id) {
			return true
		}
	}
	return false
}

func (r *report) add(s settings, rows []workload.Row, published goals.Table, p *progress) {
	for i, row := range rows {
		if !s.wants(row.ID) {
			continue
		}
		p.step(row.Size+": "+row.ID, i+1, len(rows))
		start := time.Now()
		l := measured(s, row, published.For(row.ID, row.Size))
		l.Took = time.Since(start).Seconds()
		r.Rows = append(r.Rows, l)
	}
}

// addMissing puts in the rows of a real set whose file is not there.
func (r *report) addMissing(s settings, name string) {
	for _, id := range workload.RealIDs(name) {
		if s.wants(id) {
			r.Rows = append(r.Rows, line{ID: id, Size: name, Verdict: noData})
		}
	}
}

// measured checks a row and, when all sides agree, times it.
func measured(s settings, row workload.Row, goal goals.Goal) line {
	l := line{ID: row.ID, Size: row.Size, Title: row.Title, Procs: max(1, row.Procs), Unit: row.Unit}
	l.setGoal(goal)
	if row.Absent != "" {
		l.Verdict = row.Absent
		return l
	}
	r, err := contest.Run(s.sampling, row)
	if err != nil {
		l.Verdict, l.Error = differs, err.Error()
		return l
	}
	if h := row.Heap; h != nil {
		l.Heap = &heapLine{Ours: float64(h.Ours) / float64(h.Of), Rival: float64(h.Rival) / float64(h.Of), By: h.By, Of: h.Of}
	}
	l.Ours, l.Rival, l.Rivals, l.Trials = r.Ours, r.Rival, r.Rivals, r.Trials
	l.judge(r.Ratio, goal)
	return l
}
