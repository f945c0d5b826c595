package query

import "time"

// Option changes how a query is compiled.
type Option func(*options)

// options is what the Options of one Compile add up to.
type options struct {
	zone *time.Location // nil: UTC
}

func optionsOf(list []Option) options {
	var o options
	for _, set := range list {
		set(&o)
	}
	return o
}

// Zone is the time zone of civil days: of dates without a time, and of
// durations in days, weeks, months and years. It is UTC unless set; nil means
// UTC.
func Zone(zone *time.Location) Option {
	return func(o *options) { o.zone = zone }
}
