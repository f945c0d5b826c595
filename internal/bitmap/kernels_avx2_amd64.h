// Counting bits on AVX2, for the kernels that count what they combine: the
// Harley-Seal method of W. Muła, N. Kurz, D. Lemire, "Faster Population Counts
// Using AVX2 Instructions", Computer Journal 61(1), 2018.
//
// Carry-save adders add up eight vectors bit by bit, so that only one vector of
// eight, that of weight 8, goes through the costly count of its bits: half bytes
// looked up by VPSHUFB, summed by VPSADBW. What is left below weight 8 stays in
// ones, twos and fours for the next step, and is counted after the last. The paper
// adds up sixteen; eight leave all else in registers and take as many operations.
//
//	Y0-Y7   the eight vectors of a step, used up
//	Y8      ones     Y9  twos     Y10  fours
//	Y11     the sum so far, four counters of 64 bits
//	Y12     between the operations of an adder
//	Y13     zero
//	Y14     number of bits of each half byte
//	Y15     low half of each byte

// COUNT_BEGIN sets all that lasts from step to step.
#define COUNT_BEGIN \
	VPXOR Y8, Y8, Y8; \
	VPXOR Y9, Y9, Y9; \
	VPXOR Y10, Y10, Y10; \
	VPXOR Y11, Y11, Y11; \
	VPXOR Y13, Y13, Y13; \
	VMOVDQU nibbleBits<>(SB), Y14; \
	VMOVDQU nibbleMask<>(SB), Y15

// ADD3 leaves the sum of a, b and c in c and the carry in a.
#define ADD3(a, b, c) \
	VPXOR a, b, Y12; \
	VPAND a, b, a; \
	VPAND Y12, c, b; \
	VPXOR Y12, c, c; \
	VPOR a, b, a

// BITS64 counts the bits of v in each 64 of it; tmp is used up.
#define BITS64(v, tmp) \
	VPAND v, Y15, tmp; \
	VPSRLW $4, v, v; \
	VPAND v, Y15, v; \
	VPSHUFB tmp, Y14, tmp; \
	VPSHUFB v, Y14, v; \
	VPADDB v, tmp, v; \
	VPSADBW Y13, v, v

// COUNT_STEP counts Y0-Y7.
#define COUNT_STEP \
	ADD3(Y0, Y1, Y8); \
	ADD3(Y2, Y3, Y8); \
	ADD3(Y0, Y2, Y9); \
	ADD3(Y4, Y5, Y8); \
	ADD3(Y6, Y7, Y8); \
	ADD3(Y4, Y6, Y9); \
	ADD3(Y0, Y4, Y10); \
	BITS64(Y0, Y1); \
	VPADDQ Y0, Y11, Y11

// COUNT_END leaves the number of bits in AX: that of the steps times 8, and what
// they left. BX and the vectors are used up.
#define COUNT_END \
	BITS64(Y8, Y0); \
	BITS64(Y9, Y0); \
	BITS64(Y10, Y0); \
	VPSLLQ $3, Y11, Y11; \
	VPSLLQ $1, Y9, Y9; \
	VPSLLQ $2, Y10, Y10; \
	VPADDQ Y8, Y11, Y11; \
	VPADDQ Y9, Y10, Y10; \
	VPADDQ Y10, Y11, Y11; \
	VEXTRACTI128 $1, Y11, X0; \
	VPADDQ X0, X11, X11; \
	VPEXTRQ $1, X11, BX; \
	VMOVQ X11, AX; \
	ADDQ BX, AX; \
	VZEROUPPER

// Both in each half of the vector, for VPSHUFB.
DATA nibbleBits<>+0(SB)/8, $0x0302020102010100
DATA nibbleBits<>+8(SB)/8, $0x0403030203020201
DATA nibbleBits<>+16(SB)/8, $0x0302020102010100
DATA nibbleBits<>+24(SB)/8, $0x0403030203020201
GLOBL nibbleBits<>(SB), RODATA|NOPTR, $32

DATA nibbleMask<>+0(SB)/8, $0x0f0f0f0f0f0f0f0f
DATA nibbleMask<>+8(SB)/8, $0x0f0f0f0f0f0f0f0f
DATA nibbleMask<>+16(SB)/8, $0x0f0f0f0f0f0f0f0f
DATA nibbleMask<>+24(SB)/8, $0x0f0f0f0f0f0f0f0f
GLOBL nibbleMask<>(SB), RODATA|NOPTR, $32
