//go:build !purego

// Which members are in at least t of three or of five operands, on AVX2: all
// counting stays in registers, and each t has its own loop, as in kernels_atleast.go.
// Words go four at a time. The last four are computed once more if their number is
// no multiple of four, which does not change them.
//
//	DI  the result     SI DX R8 R9 R10  a, b, c, d, e
//	AX  offset in bytes     CX  that of the last four words     BX  t
//	Y0-Y4  a, b, c, d, e; what is made of them as told below     Y5 Y6  between

#include "textflag.h"

#define LOAD3 \
	VMOVDQU (SI)(AX*1), Y0; \
	VMOVDQU (DX)(AX*1), Y1; \
	VMOVDQU (R8)(AX*1), Y2

#define LOAD5 \
	LOAD3; \
	VMOVDQU (R9)(AX*1), Y3; \
	VMOVDQU (R10)(AX*1), Y4

// ADD5 is two full adders: a+b+c+d+e = Y4 + 2(Y0+Y2).
#define ADD5 \
	VPXOR Y0, Y1, Y5; \
	VPAND Y0, Y1, Y0; \
	VPAND Y5, Y2, Y6; \
	VPXOR Y5, Y2, Y5; \
	VPOR  Y0, Y6, Y0; \
	VPXOR Y5, Y3, Y6; \
	VPAND Y5, Y3, Y2; \
	VPAND Y6, Y4, Y5; \
	VPXOR Y6, Y4, Y4; \
	VPOR  Y2, Y5, Y2

// NEXT stores Y0 and goes back to loop, unless these were the last words.
#define NEXT(loop) \
	VMOVDQU Y0, (DI)(AX*1); \
	CMPQ AX, CX; \
	JEQ  done; \
	ADDQ $32, AX; \
	CMPQ AX, CX; \
	CMOVQGT CX, AX; \
	JMP  loop

// func atLeast3AVX2(d *uint64, n int, s *[3]*Words, at, t int)
//
// n is at least 4.
TEXT ·atLeast3AVX2(SB), NOSPLIT, $0-40
	MOVQ d+0(FP), DI
	MOVQ n+8(FP), CX
	LEAQ -32(CX*8), CX
	MOVQ s+16(FP), R11
	MOVQ at+24(FP), R12
	MOVQ (R11), SI
	MOVQ 8(R11), DX
	MOVQ 16(R11), R8
	LEAQ (SI)(R12*8), SI
	LEAQ (DX)(R12*8), DX
	LEAQ (R8)(R12*8), R8
	XORL AX, AX
	MOVQ t+32(FP), BX
	CMPQ BX, $2
	JLT  one
	JEQ  two
all:
	LOAD3
	VPAND Y0, Y1, Y0
	VPAND Y0, Y2, Y0
	NEXT(all)
two:
	LOAD3
	VPAND Y0, Y1, Y5
	VPOR  Y0, Y1, Y0
	VPAND Y0, Y2, Y0
	VPOR  Y0, Y5, Y0
	NEXT(two)
one:
	LOAD3
	VPOR Y0, Y1, Y0
	VPOR Y0, Y2, Y0
	NEXT(one)
done:
	VZEROUPPER
	RET

// func atLeast5AVX2(d *uint64, n int, s *[5]*Words, at, t int)
//
// n is at least 4.
TEXT ·atLeast5AVX2(SB), NOSPLIT, $0-40
	MOVQ d+0(FP), DI
	MOVQ n+8(FP), CX
	LEAQ -32(CX*8), CX
	MOVQ s+16(FP), R11
	MOVQ at+24(FP), R12
	MOVQ (R11), SI
	MOVQ 8(R11), DX
	MOVQ 16(R11), R8
	MOVQ 24(R11), R9
	MOVQ 32(R11), R10
	LEAQ (SI)(R12*8), SI
	LEAQ (DX)(R12*8), DX
	LEAQ (R8)(R12*8), R8
	LEAQ (R9)(R12*8), R9
	LEAQ (R10)(R12*8), R10
	XORL AX, AX
	MOVQ t+32(FP), BX
	CMPQ BX, $2
	JLT  one
	JEQ  two
	CMPQ BX, $4
	JLT  three
	JEQ  four
all:
	LOAD5
	VPAND Y0, Y1, Y0
	VPAND Y2, Y3, Y2
	VPAND Y0, Y4, Y0
	VPAND Y0, Y2, Y0
	NEXT(all)
four:
	LOAD5
	ADD5
	VPAND Y0, Y2, Y0
	NEXT(four)
three:
	LOAD5
	ADD5
	VPAND Y0, Y2, Y5
	VPOR  Y0, Y2, Y0
	VPAND Y0, Y4, Y0
	VPOR  Y0, Y5, Y0
	NEXT(three)
two:
	LOAD5
	ADD5
	VPOR Y0, Y2, Y0
	NEXT(two)
one:
	LOAD5
	VPOR Y0, Y1, Y0
	VPOR Y2, Y3, Y2
	VPOR Y0, Y4, Y0
	VPOR Y0, Y2, Y0
	NEXT(one)
done:
	VZEROUPPER
	RET
