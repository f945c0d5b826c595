package query

import (
	"time"

	"github.com/tagroar/tagroar/internal/eval"
)

// Option changes how a query is compiled.
type Option func(*options)

// options is what the Options of one Compile add up to.
type options struct {
	zone    *time.Location // nil: UTC
	workers int            // 0: GOMAXPROCS at the time of the call

	alwaysSplit bool // whatever there is little to do: for tests
}

func optionsOf(list []Option) options {
	var o options
	for _, set := range list {
		set(&o)
	}
	return o
}

// evaluation is the evaluator's part of the options.
func (o options) evaluation() eval.Options {
	workers := eval.AllWorkers
	if o.workers > 0 {
		workers = o.workers
	}
	return eval.Options{Workers: workers, AlwaysSplit: o.alwaysSplit}
}

// Zone is the time zone of civil days: of dates without a time, and of
// durations in days, weeks, months and years. It is UTC unless set; nil means
// UTC.
func Zone(zone *time.Location) Option {
	return func(o *options) { o.zone = zone }
}

// Workers is how many goroutines may evaluate a Count, a Set, a Top, the whole of an
// order or Facets at a time, the caller's among them, unless there is little to do,
// which the caller's does alone. It is GOMAXPROCS at the time of the call unless set;
// n ≤ 0 means that, and 1 the caller's alone. Results are the same whatever n is. No
// goroutine outlives the call that it works for.
func Workers(n int) Option {
	return func(o *options) { o.workers = max(n, 0) }
}
