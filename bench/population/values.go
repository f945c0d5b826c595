package population

import "math/rand/v2"

// ValueBits is how wide the values of the attribute are.
const ValueBits = 24

// Values makes the values of an attribute for the members 0 … n−1, each evenly drawn from 0 … 2^24−1: no order and no clustering, so
// that the least and the most of a stretch of members say nothing about it.
func Values(n int) []int32 {
	r := rand.New(rand.NewPCG(seed, Tags+1))
	values := make([]int32, n)
	for i := range values {
		values[i] = r.Int32N(1 << ValueBits)
	}
	return values
}
