//go:build !race

package tagset_test

// Which bits of a snapshot the tests flip: all of header, heads, index and end,
// and every 61st of the payloads.
const (
	flipFrame   = 1
	flipPayload = 61
)

// slowed tells that the race detector is on: what has no concurrency and much
// data is left out.
const slowed = false
