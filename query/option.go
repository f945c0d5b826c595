package query

// Option changes how a query is compiled. There is none yet: the first ones
// come with times (the zone of a civil date) and with parallel evaluation.
type Option func(*options)

// options is what the Options of one Compile add up to.
type options struct{}

func optionsOf(list []Option) options {
	var o options
	for _, set := range list {
		set(&o)
	}
	return o
}
