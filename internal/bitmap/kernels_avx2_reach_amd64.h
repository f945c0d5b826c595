// Counting up to a few on AVX2: what kernels_avx2_reach_amd64.s and
// kernels_avx2_stairs_amd64.s share. x is used up.

// ADD leaves the sum of s, a and b in s and the carry in a.
#define ADD(s, a, b, x) \
	VPXOR a, s, x; \
	VPAND a, s, a; \
	VPXOR b, x, s; \
	VPAND b, x, b; \
	VPOR  a, b, a

// REACH adds a to those in one and those in two.
#define REACH(one, two, a, x) \
	VPAND a, one, x; \
	VPOR  a, one, one; \
	VPOR  x, two, two
