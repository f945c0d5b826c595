//go:build !battery

package seal_test

// How many bits and lengths of the larger sample are tried.
const (
	flipStep = 1999
	cutStep  = 101
)
