//go:build !race

package tagset_test

// Which bits of a snapshot the tests flip: all of header, heads, index and end,
// and every 61st of the payloads; of sealed ones, which say no more of what they
// hold, those and every 9,973rd of larger chunks.
const (
	flipFrame   = 1
	flipPayload = 61
	flipSealed  = 9_973
	cutSealed   = 1_999
)

// slowed tells that the race detector is on: what has no concurrency and much
// data is left out.
const slowed = false
