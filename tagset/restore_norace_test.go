//go:build !race

package tagset_test

// Which bits of a snapshot the tests flip: every third of header, heads, index and end,
// and every 241st of the payloads; of sealed ones, which say no more of what they
// hold, those and every 29,989th of larger chunks. And to which lengths they cut it.
const (
	flipFrame   = 3
	flipPayload = 241
	cutFrame    = 1
	cutPayload  = 61
	flipSealed  = 29_989
	cutSealed   = 1_999
)
