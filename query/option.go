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

// Workers is how many goroutines may share one call of Count, Set, SetInto, Top or
// Facets, or the sorting of a whole order, the caller's among them. It is GOMAXPROCS
// at the time of the call unless set; n ≤ 0 means that, and 1 the caller's alone,
// which is right where enough calls come at once to keep all processors busy. What
// takes less than about a hundred microseconds is the caller's alone in any case.
// Results are the same whatever n is. Each goroutine takes scratch memory of its own
// while it works, and none outlives the call.
func Workers(n int) Option {
	return func(o *options) { o.workers = max(n, 0) }
}
