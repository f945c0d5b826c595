package main

import (
	"io"
	"time"

	"github.com/tagroar/tagroar/bench/goals"
	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/population"
	"github.com/tagroar/tagroar/bench/realset"
	"github.com/tagroar/tagroar/bench/workload"
)

// run makes the whole report: the population at each size, then the real sets. It tells whether any result differed.
func run(s settings, out io.Writer, p *progress) (differs bool, err error) {
	published, err := goals.Published()
	if err != nil {
		return false, err
	}
	r := &report{Machine: measure.This(), Quick: s.quick, Made: time.Now().UTC().Truncate(time.Second), Final: s.final}
	r.printHead(out)
	start := time.Now()

	for _, n := range s.sizes {
		if !s.wantsAny(workload.PopulationIDs()) {
			continue
		}
		t, err := population.Table(n, p.step)
		if err != nil {
			return false, err
		}
		rows, err := workload.Population(t)
		if err != nil {
			return false, err
		}
		r.add(s, rows, published, p)
	}
	if s.wantsAny(workload.StorageIDs()) {
		r.add(s, workload.Storage(s.journal), published, p)
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
			return false, err
		}
		rows, err := workload.Real(t)
		if err != nil {
			return false, err
		}
		r.add(s, rows, published, p)
	}
	p.clear()
	r.Took = time.Since(start).Seconds()
	r.printTable(out)
	if s.json != "" {
		if err := r.writeJSON(s.json); err != nil {
			return false, err
		}
	}
	return r.differs(), nil
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
		r.Rows = append(r.Rows, measured(s, row, published.For(row.ID, row.Size)))
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
	if row.Close != nil {
		defer row.Close()
	}
	if err := row.Check(); err != nil {
		l.Verdict, l.Error = differs, err.Error()
		return l
	}
	if row.Heap != nil {
		l.Heap = &heapLine{
			Ours: float64(row.Heap.Ours) / float64(row.Heap.Of), Rival: float64(row.Heap.Rival) / float64(row.Heap.Of),
			By: row.Heap.By, Of: row.Heap.Of,
		}
		l.judge(l.Heap.Ours/l.Heap.Rival, goal)
		return l
	}

	trial, final := s.trial, s.final
	trial.Procs, final.Procs = row.Procs, row.Procs
	trial.Waits, final.Waits = row.Waits, row.Waits
	rivals := fastest(trial, row.Rivals, &l)
	results := measure.Interleave(final, append([]measure.Side{row.Ours}, sides(rivals)...)...)
	l.Ours, l.Rivals = &results[0], results[1:]
	for i := range l.Rivals {
		if l.Rival == nil || l.Rivals[i].Median < l.Rival.Median {
			l.Rival = &l.Rivals[i]
		}
	}
	if l.Unit {
		l.judge(l.Ours.Median/l.Rival.Median, goal)
	} else {
		l.judge(l.Rival.Median/l.Ours.Median, goal)
	}
	return l
}

// fastest tries all rivals and returns those that may be the fastest: within a fifth of the best trial, at most three. The final
// samples decide between them. Those for the record are tried only, and so, with a single sample, are those that are hopeless.
func fastest(o measure.Options, rivals []workload.Rival, l *line) []workload.Rival {
	const hopeless, margin, most = 4, 1.2, 3
	if len(rivals) == 1 {
		return rivals
	}
	once := measure.Interleave(measure.Options{Samples: 1, Sample: 1, Procs: o.Procs, Waits: o.Waits}, sides(rivals)...)
	var tried []workload.Rival
	for i, r := range rivals {
		if once[i].Median > hopeless*best(once, rivals) {
			l.Trials = append(l.Trials, once[i])
			continue
		}
		tried = append(tried, r)
	}
	trials := measure.Interleave(o, sides(tried)...)
	l.Trials = append(l.Trials, trials...)
	for factor := margin; ; factor = 1 + (factor-1)/2 {
		var near []workload.Rival
		for i, t := range trials {
			if !tried[i].Record && t.Median <= factor*best(trials, tried) {
				near = append(near, tried[i])
			}
		}
		if len(near) <= most {
			return near
		}
	}
}

func sides(rivals []workload.Rival) []measure.Side {
	out := make([]measure.Side, len(rivals))
	for i, r := range rivals {
		out[i] = r.Side
	}
	return out
}

// best is the least median of those that are not for the record.
func best(results []measure.Result, rivals []workload.Rival) float64 {
	least := 0.0
	for i, r := range results {
		if !rivals[i].Record && (least == 0 || r.Median < least) {
			least = r.Median
		}
	}
	return least
}
