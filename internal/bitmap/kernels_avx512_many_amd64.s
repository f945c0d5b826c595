//go:build !purego

// Combinations of any number of operands on AVX-512, with or without a destination.
// A step combines 512 bytes of all operands in eight vectors, which then are
// written or counted: whatever their number, each operand is read once and the
// destination is written once, and not before all of its place has been read, so
// that d may be any of the operands.
//
//	R9   the list of the union: s or neg     R10  its length
//	R11  the list of the intersection: s or pos     R12  its length
//	R8   one operand's words     R13  index in the list
//	DX   offset of the step in bytes     DI  d
//	Z0-Z7  the step; all others as kernels_avx512_amd64.h has them

#include "textflag.h"
#include "kernels_avx512_amd64.h"

#define LOAD \
	VMOVDQU64 (R8), Z0; \
	VMOVDQU64 64(R8), Z1; \
	VMOVDQU64 128(R8), Z2; \
	VMOVDQU64 192(R8), Z3; \
	VMOVDQU64 256(R8), Z4; \
	VMOVDQU64 320(R8), Z5; \
	VMOVDQU64 384(R8), Z6; \
	VMOVDQU64 448(R8), Z7

// WITH combines Z0-Z7 with the operand at R8, from which VPANDNQ takes them away.
#define WITH(op) \
	op (R8), Z0, Z0; \
	op 64(R8), Z1, Z1; \
	op 128(R8), Z2, Z2; \
	op 192(R8), Z3, Z3; \
	op 256(R8), Z4, Z4; \
	op 320(R8), Z5, Z5; \
	op 384(R8), Z6, Z6; \
	op 448(R8), Z7, Z7

#define STORE \
	LEAQ (DI)(DX*1), R8; \
	VMOVDQU64 Z0, (R8); \
	VMOVDQU64 Z1, 64(R8); \
	VMOVDQU64 Z2, 128(R8); \
	VMOVDQU64 Z3, 192(R8); \
	VMOVDQU64 Z4, 256(R8); \
	VMOVDQU64 Z5, 320(R8); \
	VMOVDQU64 Z6, 384(R8); \
	VMOVDQU64 Z7, 448(R8)

// OPERAND points R8 to the step in the operand at place i of the list.
#define OPERAND(list, i) \
	MOVQ (list)(i*8), R8; \
	ADDQ DX, R8

#define FIRST(list) \
	MOVQ (list), R8; \
	ADDQ DX, R8

// UNION makes Z0-Z7 the step of the union of the list at R9, which is not empty.
#define UNION \
	FIRST(R9); \
	LOAD; \
	MOVL $1, R13; \
	CMPQ R13, R10; \
	JGE  united; \
unite: \
	OPERAND(R9, R13); \
	WITH(VPORQ); \
	INCQ R13; \
	CMPQ R13, R10; \
	JLT  unite; \
united:

// CUT makes Z0-Z7 the step of the intersection of the list at R11, which is not empty,
// without the union of the one at R9, if that is not: it comes first, as VPANDNQ takes
// what is in the vectors from what is in memory.
#define CUT \
	TESTQ R10, R10; \
	JZ   positive; \
	UNION; \
	FIRST(R11); \
	WITH(VPANDNQ); \
	JMP  rest; \
positive: \
	FIRST(R11); \
	LOAD; \
rest: \
	MOVL $1, R13; \
	CMPQ R13, R12; \
	JGE  whole; \
next: \
	OPERAND(R11, R13); \
	WITH(VPANDQ); \
	INCQ R13; \
	CMPQ R13, R12; \
	JLT  next; \
whole:

// NEXT goes on with the next step.
#define NEXT \
	ADDQ $512, DX; \
	CMPQ DX, $8192; \
	JLT  step

// func orManyAVX512(d *Words, s []*Words)
//
// s is not empty.
TEXT ·orManyAVX512(SB), NOSPLIT, $0-32
	MOVQ d+0(FP), DI
	MOVQ s_base+8(FP), R9
	MOVQ s_len+16(FP), R10
	XORL DX, DX
step:
	UNION
	STORE
	NEXT
	VZEROUPPER
	RET

// func orManyCountAVX512(s []*Words) int
//
// s is not empty.
TEXT ·orManyCountAVX512(SB), NOSPLIT, $0-32
	MOVQ s_base+0(FP), R9
	MOVQ s_len+8(FP), R10
	COUNT_BEGIN
	XORL DX, DX
step:
	UNION
	COUNT_FOUR(Z0, Z1, Z2, Z3)
	COUNT_FOUR(Z4, Z5, Z6, Z7)
	NEXT
	COUNT_END
	MOVQ AX, ret+24(FP)
	RET

// func andNotManyAVX512(d *Words, pos, neg []*Words)
//
// pos is not empty.
TEXT ·andNotManyAVX512(SB), NOSPLIT, $0-56
	MOVQ d+0(FP), DI
	MOVQ pos_base+8(FP), R11
	MOVQ pos_len+16(FP), R12
	MOVQ neg_base+32(FP), R9
	MOVQ neg_len+40(FP), R10
	XORL DX, DX
step:
	CUT
	STORE
	NEXT
	VZEROUPPER
	RET

// func andNotManyCountAVX512(pos, neg []*Words) int
//
// pos is not empty.
TEXT ·andNotManyCountAVX512(SB), NOSPLIT, $0-56
	MOVQ pos_base+0(FP), R11
	MOVQ pos_len+8(FP), R12
	MOVQ neg_base+24(FP), R9
	MOVQ neg_len+32(FP), R10
	COUNT_BEGIN
	XORL DX, DX
step:
	CUT
	COUNT_FOUR(Z0, Z1, Z2, Z3)
	COUNT_FOUR(Z4, Z5, Z6, Z7)
	NEXT
	COUNT_END
	MOVQ AX, ret+48(FP)
	RET
