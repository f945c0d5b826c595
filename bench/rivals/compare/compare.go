// Package compare loads a population into every engine, checks that all give our answers, and times them beside each other.
//
// An engine's best way is found first: its ways run in turn, which is also the check, one that takes much longer than an earlier one
// is given up where it can be, and those that are near the fastest are tried against each other. Then the samples of the engines are
// interleaved, ours among them, so that a machine whose speed drifts slows all alike. Engines of one pace are timed together, as a
// slow one would leave a fast one few samples; each ratio is against our time in the same company.
package compare

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/rivals/engine"
	"github.com/tagroar/tagroar/bench/workload"
)

// Options say what to compare and how long to measure.
type Options struct {
	Kinds      []engine.Kind // ours first
	Population *engine.Population
	Questions  []workload.Question

	Final, Trial measure.Options
	Progress     func(what string) // may be nil
}

// A Report is everything that was measured. Slices by question and by engine are in the order of the options.
type Report struct {
	Made    time.Time       `json:"made"`
	Machine measure.Machine `json:"machine"`
	Options measure.Options `json:"sampling"`
	Took    float64         `json:"took_seconds"`

	Population  string   `json:"population"`
	Members     int      `json:"members"`
	Tags        int      `json:"tags"`
	Memberships int      `json:"memberships"`
	Questions   []Asked  `json:"questions"`
	Engines     []Engine `json:"engines"`
}

// Asked is a question of the report.
type Asked struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// An Engine is what one engine did.
type Engine struct {
	Name    string `json:"name"`
	About   string `json:"about"`
	Version string `json:"version,omitempty"`
	Absent  string `json:"absent,omitempty"` // why it is not here: then nothing else is set

	Load      Load     `json:"load"`
	Size      Size     `json:"size"`
	RoundTrip float64  `json:"round_trip_ns,omitempty"` // to the server and back for nothing
	Answers   []Answer `json:"answers"`                 // by question
}

// A Load is the median of one or, where it is short, three.
type Load struct {
	Median  float64   `json:"median_ns"`
	Samples []float64 `json:"samples_ns"`
	Ratio   float64   `json:"ratio"` // to ours
}

// Size is in bytes.
type Size struct {
	Bytes uint64  `json:"bytes"`
	By    string  `json:"by"`
	Ratio float64 `json:"ratio"` // to ours
}

// An Answer is how an engine answered a question.
type Answer struct {
	Way    string           `json:"way,omitempty"` // empty: it has no statement for this
	Result *measure.Result  `json:"result,omitempty"`
	Ratio  float64          `json:"ratio,omitempty"`     // its time ÷ ours
	Server float64          `json:"server_ns,omitempty"` // of that in the server alone, by its own account
	Trials []measure.Result `json:"trials,omitempty"`
	Error  string           `json:"error,omitempty"` // it failed, or its answer differs; then it is not timed
}

// Differs tells whether any engine failed or gave another answer than ours.
func (r *Report) Differs() bool {
	for _, e := range r.Engines {
		for _, a := range e.Answers {
			if a.Error != "" {
				return true
			}
		}
	}
	return false
}

// Run makes the report. Every engine that it opened is closed when it returns, however it does.
func Run(ctx context.Context, o Options) (_ *Report, err error) {
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	began := time.Now()
	p := o.Population
	r := &Report{
		Made: began.UTC().Truncate(time.Second), Machine: measure.This(), Options: o.Final,
		Population: p.Name, Members: p.Size, Tags: len(p.Tags), Memberships: p.Memberships,
	}
	var all []*loaded
	defer func() {
		for _, l := range all {
			err = errors.Join(err, l.close())
		}
	}()
	for _, k := range o.Kinds {
		o.Progress("loading " + k.Name)
		l, err := load(ctx, k, p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k.Name, err)
		}
		all = append(all, l)
	}
	for i, q := range o.Questions {
		r.Questions = append(r.Questions, Asked{q.ID, q.Title})
		if err := ask(ctx, o, q, all, fmt.Sprintf("%s (%d of %d)", q.ID, i+1, len(o.Questions))); err != nil {
			return nil, fmt.Errorf("%s: %w", q.ID, err)
		}
	}
	for _, l := range all {
		if l.report.Absent == "" {
			if err := l.roundTrip(ctx, o.Trial); err != nil {
				return nil, fmt.Errorf("%s: %w", l.kind.Name, err)
			}
			l.report.Load.Ratio = l.report.Load.Median / all[0].report.Load.Median
			l.report.Size.Ratio = float64(l.report.Size.Bytes) / float64(all[0].report.Size.Bytes)
		}
		r.Engines = append(r.Engines, l.report)
	}
	r.Took = time.Since(began).Seconds()
	return r, nil
}
