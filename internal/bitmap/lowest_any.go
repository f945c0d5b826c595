//go:build !amd64 || amd64.v3

package bitmap

import "math/bits"

// lowest is the position of the lowest bit set in x; of none, anything.
func lowest(x uint64) uint16 { return uint16(bits.TrailingZeros64(x)) }
