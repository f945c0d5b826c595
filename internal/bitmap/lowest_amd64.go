//go:build !amd64.v3

package bitmap

import "math/bits"

// lowest is the position of the lowest bit set in x; of none, anything. Before
// GOAMD64=v3 there is no TZCNT, and BSF, which is, takes four cycles on AMD's
// processors; counting the bits up to the lowest takes one.
func lowest(x uint64) uint16 { return uint16(bits.OnesCount64(x^(x-1)) - 1) }
