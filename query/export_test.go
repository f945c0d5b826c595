package query

// AlwaysSplit has n goroutines share whatever a plan does, block by block, however
// little it is.
func AlwaysSplit(n int) Option {
	return func(o *options) { o.workers, o.alwaysSplit = n, true }
}
