//go:build !purego

// Bits to low halves, of four words at once. Each half of a word is a lane of 32 bits:
//
//	x & (x−1)        the members but the lowest
//	x ^ (x & (x−1))  2^k for the lowest member k; as a float32 its exponent is 127+k
//
// Four rounds give a lane's four lowest members, right or wrong; they are written with
// one store, and the next lane overwrites those that are none. If any lane has more,
// four more rounds are made, and if that is not enough either, the places of each byte's
// bits are looked up. Each of the three goes only as far as there is room for the most
// that it may write, so that nothing is written past it.
//
//	DI  where the next value goes     CX  the end of the room
//	SI  the next words     R8  their end     DX  places of each byte's bits
//	AX  a word     BX  a number of members     R9  a word's base     R10  a limit
//	Y0, Y1  the members left     Y2, Y4, Y5, Y7  members 1 and 2, 3 and 4, …, in the
//	        halves of a lane     Y3, Y6  others     Y8  −1     Y9  what of a half is exponent
//	Y10, Y11  base − 127 of lanes 0, 1, 4 and 5, and of 2, 3, 6 and 7
//	Y12  256 in each half     Y13, Y14  members by lane     X15  8 in each half

#include "textflag.h"

// Lanes 0, 1, 4 and 5; 2, 3, 6 and 7: their bases − 127, four times each.
DATA bases<>+0x00(SB)/8, $0xff81ff81ff81ff81
DATA bases<>+0x08(SB)/8, $0xffa1ffa1ffa1ffa1
DATA bases<>+0x10(SB)/8, $0x0001000100010001
DATA bases<>+0x18(SB)/8, $0x0021002100210021
DATA bases<>+0x20(SB)/8, $0xffc1ffc1ffc1ffc1
DATA bases<>+0x28(SB)/8, $0xffe1ffe1ffe1ffe1
DATA bases<>+0x30(SB)/8, $0x0041004100410041
DATA bases<>+0x38(SB)/8, $0x0061006100610061
GLOBL bases<>(SB), RODATA|NOPTR, $64

// LOWEST moves the lowest member of each lane of x, as a float, to e, and what is
// left of x to rest.
#define LOWEST(x, rest, e) \
	VPADDD Y8, x, rest; \
	VPAND x, rest, rest; \
	VPXOR x, rest, e; \
	VCVTDQ2PS e, e

// TWO moves the two lowest members of Y0, + 127, to the halves of the lanes of e.
#define TWO(e) \
	LOWEST(Y0, Y1, e); \
	LOWEST(Y1, Y0, Y3); \
	VPSRLD $23, e, e; \
	VPSRLD $7, Y3, Y3; \
	VPBLENDW $0xaa, Y3, e, e; \
	VPAND Y9, e, e

// PAST goes past the members of the half at off.
#define PAST(off) \
	POPCNTL off(SI), BX; \
	LEAQ (DI)(BX*2), DI

// BYTE writes eight values of the lowest byte of AX.
#define BYTE \
	MOVBLZX AX, BX; \
	VPMOVZXBW (DX)(BX*8), X1; \
	VPADDW X0, X1, X1; \
	VPADDW X15, X0, X0; \
	VMOVDQU X1, (DI); \
	POPCNTL BX, BX; \
	SHRQ $8, AX; \
	LEAQ (DI)(BX*2), DI

// WORD writes the word at off.
#define WORD(off, next) \
	MOVQ off(SI), AX; \
	TESTQ AX, AX; \
	JEQ  next; \
	VMOVD R9, X0; \
	VPBROADCASTW X0, X0; \
	BYTE; BYTE; BYTE; BYTE; BYTE; BYTE; BYTE; BYTE

// func decodeLowAVX2(dst *uint16, room int, w *Words, places *[256]uint64) (n, words int)
TEXT ·decodeLowAVX2(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ room+8(FP), CX
	LEAQ (DI)(CX*2), CX
	MOVQ w+16(FP), SI
	LEAQ 8192(SI), R8
	MOVQ places+24(FP), DX
	VPCMPEQD Y8, Y8, Y8
	VPSRLW $8, Y8, Y9
	VPSRLW $15, Y8, Y12
	VPSLLW $3, X12, X15
	VPSLLW $8, Y12, Y12
	VMOVDQU bases<>+0(SB), Y10
	VMOVDQU bases<>+32(SB), Y11
loop:
	CMPQ SI, R8
	JEQ  done
	VMOVDQU (SI), Y0
	TWO(Y2)
	TWO(Y4)
	VPTEST Y0, Y0
	JNE  more
	LEAQ 64(DI), R10
	CMPQ R10, CX
	JHI  done
	VPUNPCKLDQ Y4, Y2, Y13
	VPUNPCKHDQ Y4, Y2, Y14
	VPADDW Y10, Y13, Y13
	VPADDW Y11, Y14, Y14
	VMOVQ X13, (DI)
	PAST(0)
	VMOVHPS X13, (DI)
	PAST(4)
	VMOVQ X14, (DI)
	PAST(8)
	VMOVHPS X14, (DI)
	PAST(12)
	VEXTRACTI128 $1, Y13, X13
	VEXTRACTI128 $1, Y14, X14
	VMOVQ X13, (DI)
	PAST(16)
	VMOVHPS X13, (DI)
	PAST(20)
	VMOVQ X14, (DI)
	PAST(24)
	VMOVHPS X14, (DI)
	PAST(28)
next:
	VPADDW Y12, Y10, Y10
	VPADDW Y12, Y11, Y11
	ADDQ $32, SI
	JMP  loop
more:
	TWO(Y5)
	TWO(Y7)
	VPTEST Y0, Y0
	JNE  bytes
	LEAQ 128(DI), R10
	CMPQ R10, CX
	JHI  done
	VPUNPCKLDQ Y4, Y2, Y13
	VPUNPCKHDQ Y4, Y2, Y14
	VPADDW Y10, Y13, Y13
	VPADDW Y11, Y14, Y14
	VPUNPCKLDQ Y7, Y5, Y2
	VPUNPCKHDQ Y7, Y5, Y4
	VPADDW Y10, Y2, Y2
	VPADDW Y11, Y4, Y4
	VPUNPCKLQDQ Y2, Y13, Y5 // lanes 0 and 4
	VPUNPCKHQDQ Y2, Y13, Y6 // 1 and 5
	VPUNPCKLQDQ Y4, Y14, Y7 // 2 and 6
	VPUNPCKHQDQ Y4, Y14, Y3 // 3 and 7
	VMOVDQU X5, (DI)
	PAST(0)
	VMOVDQU X6, (DI)
	PAST(4)
	VMOVDQU X7, (DI)
	PAST(8)
	VMOVDQU X3, (DI)
	PAST(12)
	VEXTRACTI128 $1, Y5, (DI)
	PAST(16)
	VEXTRACTI128 $1, Y6, (DI)
	PAST(20)
	VEXTRACTI128 $1, Y7, (DI)
	PAST(24)
	VEXTRACTI128 $1, Y3, (DI)
	PAST(28)
	JMP  next
bytes:
	LEAQ 512(DI), R10
	CMPQ R10, CX
	JHI  done
	MOVQ SI, R9
	SUBQ w+16(FP), R9
	SHLQ $3, R9
	WORD(0, bytes1)
bytes1:
	ADDL $64, R9
	WORD(8, bytes2)
bytes2:
	ADDL $64, R9
	WORD(16, bytes3)
bytes3:
	ADDL $64, R9
	WORD(24, next)
	JMP  next
done:
	SUBQ dst+0(FP), DI
	SHRQ $1, DI
	MOVQ DI, n+32(FP)
	SUBQ w+16(FP), SI
	SHRQ $3, SI
	MOVQ SI, words+40(FP)
	VZEROUPPER
	RET
