// Package contest times one row: its sides are checked against each other, the rivals are tried, and the fastest of them are
// measured beside ours, samples interleaved.
package contest

import (
	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/workload"
)

// Options say how long to measure: the samples that count, and those that find the fastest rivals.
type Options struct{ Final, Trial measure.Options }

// A Result is what a row showed. Ours, Rival and what follows are empty where bytes are compared.
type Result struct {
	Ours   *measure.Result
	Rival  *measure.Result  // the fastest of Rivals
	Rivals []measure.Result // measured beside ours
	Trials []measure.Result // all ways tried to find them, those for the record too

	// Ratio is the rival's time ÷ ours; of bytes, and where the rival is a unit of work, ours ÷ the rival's.
	Ratio float64
}

// Run checks the row and times it. The error is the difference between its sides: then nothing was timed.
func Run(o Options, row workload.Row) (r Result, err error) {
	if row.Close != nil {
		defer row.Close()
	}
	if err := row.Check(); err != nil {
		return r, err
	}
	if h := row.Heap; h != nil {
		r.Ratio = float64(h.Ours) / float64(h.Rival)
		return r, nil
	}
	for _, m := range []*measure.Options{&o.Trial, &o.Final} {
		m.Procs, m.Waits = row.Procs, row.Waits
	}
	if row.Timed != nil {
		ours, rival := row.Timed(o.Final)
		r.Ours, r.Rival, r.Rivals = &ours, &rival, []measure.Result{rival}
		r.compare(row)
		return r, nil
	}
	rivals := r.fastest(o.Trial, row.Rivals)
	results := measure.Interleave(o.Final, append([]measure.Side{row.Ours}, sides(rivals)...)...)
	r.Ours, r.Rivals = &results[0], results[1:]
	for i := range r.Rivals {
		if r.Rival == nil || r.Rivals[i].Median < r.Rival.Median {
			r.Rival = &r.Rivals[i]
		}
	}
	r.compare(row)
	return r, nil
}

func (r *Result) compare(row workload.Row) {
	r.Ratio = r.Rival.Median / r.Ours.Median
	if row.Unit {
		r.Ratio = r.Ours.Median / r.Rival.Median
	}
}

// fastest tries all rivals and returns those that may be the fastest: within a fifth of the best trial, at most three. The final
// samples decide between them. Those for the record are tried only, and so, with a single sample, are those that are hopeless.
func (r *Result) fastest(o measure.Options, rivals []workload.Rival) []workload.Rival {
	const hopeless, margin, most = 4, 1.2, 3
	if len(rivals) == 1 {
		return rivals
	}
	once := measure.Interleave(measure.Options{Samples: 1, Sample: 1, Procs: o.Procs, Waits: o.Waits}, sides(rivals)...)
	var tried []workload.Rival
	for i, rival := range rivals {
		if once[i].Median > hopeless*best(once, rivals) {
			r.Trials = append(r.Trials, once[i])
			continue
		}
		tried = append(tried, rival)
	}
	trials := measure.Interleave(o, sides(tried)...)
	r.Trials = append(r.Trials, trials...)
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
