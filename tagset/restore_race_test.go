//go:build race

package tagset_test

// Under the race detector, which slows restoring forty times, fewer bits.
const (
	flipFrame   = 17
	flipPayload = 1999
	cutStep     = 397
	flipSealed  = 99_991
	cutSealed   = 19_997
)

const slowed = true
