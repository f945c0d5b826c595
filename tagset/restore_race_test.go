//go:build race

package tagset_test

// Under the race detector, which slows restoring forty times, fewer bits and lengths.
const (
	flipFrame   = 53
	flipPayload = 4999
	cutFrame    = 5
	cutPayload  = 397
	flipSealed  = 199_999
	cutSealed   = 19_997
)
