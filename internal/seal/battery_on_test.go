//go:build battery

package seal_test

// Every bit and every length of the larger sample is tried.
const (
	flipStep = 1
	cutStep  = 1
)
