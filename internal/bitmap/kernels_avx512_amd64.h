// What kernels on AVX-512 share: counting bits, and full adders.

// COUNT_BEGIN clears the sums: Z8-Z11, eight counters of 64 bits each, so that none has
// to wait for the one before.
#define COUNT_BEGIN \
	VPXORQ Z8, Z8, Z8; \
	VPXORQ Z9, Z9, Z9; \
	VPXORQ Z10, Z10, Z10; \
	VPXORQ Z11, Z11, Z11

// COUNT_FOUR counts the vectors a, b, c and d, which are used up.
#define COUNT_FOUR(a, b, c, d) \
	VPOPCNTQ a, a; \
	VPOPCNTQ b, b; \
	VPOPCNTQ c, c; \
	VPOPCNTQ d, d; \
	VPADDQ a, Z8, Z8; \
	VPADDQ b, Z9, Z9; \
	VPADDQ c, Z10, Z10; \
	VPADDQ d, Z11, Z11

// COUNT_END leaves the number of bits in AX. BX and the vectors are used up.
#define COUNT_END \
	VPADDQ Z9, Z8, Z8; \
	VPADDQ Z11, Z10, Z10; \
	VPADDQ Z10, Z8, Z8; \
	SUM64(Z8, Y8, X8, Y9, X9, AX); \
	VZEROUPPER

// SUM64 adds up the counters of z, whose lower parts are y and x; ty and tx are those
// of another that is used up, and so is BX.
#define SUM64(z, y, x, ty, tx, sum) \
	VEXTRACTI64X4 $1, z, ty; \
	VPADDQ ty, y, y; \
	VEXTRACTI128 $1, y, tx; \
	VPADDQ tx, x, x; \
	VPEXTRQ $1, x, BX; \
	VMOVQ x, sum; \
	ADDQ BX, sum

// The functions of three operands that VPTERNLOGQ is asked for. Bit 4x + 2y + z of the
// number is the result for x of the destination, y of the second operand in Go's
// order and z of the first.
#define XOR3 $0x96
#define MAJORITY $0xe8
#define AND3 $0x80
#define OR3 $0xfe
#define OR_BOTH $0xf8 // x, or y and z

// ADD3 leaves the sum of a, b and c in c and the carry in a. Z12 is used up.
#define ADD3(a, b, c) \
	VMOVDQA64 a, Z12; \
	VPTERNLOGQ MAJORITY, c, b, a; \
	VPTERNLOGQ XOR3, Z12, b, c

// REACH adds a to those in one and those in two.
#define REACH(one, two, a) \
	VPTERNLOGQ OR_BOTH, a, one, two; \
	VPORQ a, one, one

// HALF leaves the sum of s and a in s and the carry in a. Z12 is used up.
#define HALF(s, a) \
	VPANDQ a, s, Z12; \
	VPXORQ a, s, s; \
	VMOVDQA64 Z12, a
