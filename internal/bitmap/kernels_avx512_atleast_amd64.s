//go:build !purego

// Which members are in at least t of three or of five operands, on AVX-512: all
// counting stays in registers, and each t has its own loop, as in kernels_atleast.go.
// Words go eight at a time. The last eight are computed once more if their number is
// no multiple of eight, which does not change them.
//
//	DI  the result     SI DX R8 R9 R10  a, b, c, d, e
//	AX  offset in bytes     CX  that of the last eight words     BX  t
//	Z0-Z4  a, b, c, d, e; what is made of them as told below     Z12  between

#include "textflag.h"
#include "kernels_avx512_amd64.h"

#define LOAD3 \
	VMOVDQU64 (SI)(AX*1), Z0; \
	VMOVDQU64 (DX)(AX*1), Z1; \
	VMOVDQU64 (R8)(AX*1), Z2

#define LOAD5 \
	LOAD3; \
	VMOVDQU64 (R9)(AX*1), Z3; \
	VMOVDQU64 (R10)(AX*1), Z4

// ADD5 is two full adders: a+b+c+d+e = Z4 + 2(Z0+Z2).
#define ADD5 \
	ADD3(Z0, Z1, Z2); \
	ADD3(Z2, Z3, Z4)

// NEXT stores Z0 and goes back to loop, unless these were the last words.
#define NEXT(loop) \
	VMOVDQU64 Z0, (DI)(AX*1); \
	CMPQ AX, CX; \
	JEQ  done; \
	ADDQ $64, AX; \
	CMPQ AX, CX; \
	CMOVQGT CX, AX; \
	JMP  loop

// func atLeast3AVX512(d *uint64, n int, s *[3]*Words, at, t int)
//
// n is at least 8.
TEXT ·atLeast3AVX512(SB), NOSPLIT, $0-40
	MOVQ d+0(FP), DI
	MOVQ n+8(FP), CX
	LEAQ -64(CX*8), CX
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
	VPTERNLOGQ AND3, Z2, Z1, Z0
	NEXT(all)
two:
	LOAD3
	VPTERNLOGQ MAJORITY, Z2, Z1, Z0
	NEXT(two)
one:
	LOAD3
	VPTERNLOGQ OR3, Z2, Z1, Z0
	NEXT(one)
done:
	VZEROUPPER
	RET

// func atLeast5AVX512(d *uint64, n int, s *[5]*Words, at, t int)
//
// n is at least 8.
TEXT ·atLeast5AVX512(SB), NOSPLIT, $0-40
	MOVQ d+0(FP), DI
	MOVQ n+8(FP), CX
	LEAQ -64(CX*8), CX
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
	VPTERNLOGQ AND3, Z2, Z1, Z0
	VPTERNLOGQ AND3, Z4, Z3, Z0
	NEXT(all)
four:
	LOAD5
	ADD5
	VPANDQ Z0, Z2, Z0
	NEXT(four)
three:
	LOAD5
	ADD5
	VPTERNLOGQ MAJORITY, Z4, Z2, Z0
	NEXT(three)
two:
	LOAD5
	ADD5
	VPORQ Z0, Z2, Z0
	NEXT(two)
one:
	LOAD5
	VPTERNLOGQ OR3, Z2, Z1, Z0
	VPTERNLOGQ OR3, Z4, Z3, Z0
	NEXT(one)
done:
	VZEROUPPER
	RET
