//go:build !purego

// Counts on AVX-512, of one operand and of the combinations of two, which are never
// written anywhere, by steps of four vectors.
//
//	SI  a or p     DX  b     CX  steps to go
//	Z0-Z3  the step; Z8-Z11 as kernels_avx512_amd64.h has them

#include "textflag.h"
#include "kernels_avx512_amd64.h"

// COMBINE makes Z0-Z3 of a's and b's vectors; a is what VPANDNQ takes from.
#define COMBINE(op) \
	VMOVDQU64 (DX), Z0; \
	VMOVDQU64 64(DX), Z1; \
	VMOVDQU64 128(DX), Z2; \
	VMOVDQU64 192(DX), Z3; \
	op (SI), Z0, Z0; \
	op 64(SI), Z1, Z1; \
	op 128(SI), Z2, Z2; \
	op 192(SI), Z3, Z3; \
	ADDQ $256, SI; \
	ADDQ $256, DX

// func countAVX512(p *uint64, steps int) int
TEXT ·countAVX512(SB), NOSPLIT, $0-24
	MOVQ p+0(FP), SI
	MOVQ steps+8(FP), CX
	COUNT_BEGIN
	TESTQ CX, CX
	JZ   done
loop:
	VPOPCNTQ (SI), Z0
	VPOPCNTQ 64(SI), Z1
	VPOPCNTQ 128(SI), Z2
	VPOPCNTQ 192(SI), Z3
	VPADDQ Z0, Z8, Z8
	VPADDQ Z1, Z9, Z9
	VPADDQ Z2, Z10, Z10
	VPADDQ Z3, Z11, Z11
	ADDQ $256, SI
	DECQ CX
	JNZ  loop
done:
	COUNT_END
	MOVQ AX, ret+16(FP)
	RET

// func andCountAVX512(a, b *Words) int
TEXT ·andCountAVX512(SB), NOSPLIT, $0-24
	MOVQ a+0(FP), SI
	MOVQ b+8(FP), DX
	MOVL $32, CX
	COUNT_BEGIN
loop:
	COMBINE(VPANDQ)
	COUNT_FOUR(Z0, Z1, Z2, Z3)
	DECL CX
	JNZ  loop
	COUNT_END
	MOVQ AX, ret+16(FP)
	RET

// func andNotCountAVX512(a, b *Words) int
TEXT ·andNotCountAVX512(SB), NOSPLIT, $0-24
	MOVQ a+0(FP), SI
	MOVQ b+8(FP), DX
	MOVL $32, CX
	COUNT_BEGIN
loop:
	COMBINE(VPANDNQ)
	COUNT_FOUR(Z0, Z1, Z2, Z3)
	DECL CX
	JNZ  loop
	COUNT_END
	MOVQ AX, ret+16(FP)
	RET

// STARTS counts in card the bits of the eight words at off, and in runs those that are
// set after a clear one. last holds the eight words before them, and x becomes the
// eight: VALIGNQ moves them up by one, the last one before them first.
#define STARTS(off, last, x, card, runs) \
	VMOVDQU64 off(SI), x; \
	VALIGNQ $7, last, x, Z4; \
	VPSHLDQ $1, Z4, x, Z4; \
	VPANDNQ x, Z4, Z4; \
	VPOPCNTQ x, Z5; \
	VPOPCNTQ Z4, Z4; \
	VPADDQ Z5, card, card; \
	VPADDQ Z4, runs, runs

// func countRunsAVX512(w *Words) (card, runs int)
//
//	Z0, Z1  the words, by turns     Z8, Z10  sums of card     Z9, Z11  of runs
TEXT ·countRunsAVX512(SB), NOSPLIT, $0-24
	MOVQ w+0(FP), SI
	MOVL $64, CX
	COUNT_BEGIN
	VPXORQ Z1, Z1, Z1
loop:
	STARTS(0, Z1, Z0, Z8, Z9)
	STARTS(64, Z0, Z1, Z10, Z11)
	ADDQ $128, SI
	DECL CX
	JNZ  loop
	VPADDQ Z10, Z8, Z8
	VPADDQ Z11, Z9, Z9
	SUM64(Z8, Y8, X8, Y10, X10, AX)
	SUM64(Z9, Y9, X9, Y10, X10, CX)
	VZEROUPPER
	MOVQ AX, card+8(FP)
	MOVQ CX, runs+16(FP)
	RET
