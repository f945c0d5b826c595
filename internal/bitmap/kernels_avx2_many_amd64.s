//go:build !purego

// Combinations of any number of operands on AVX2, with or without a destination.
// A step combines 256 bytes of all operands in eight vectors, which then are
// written or counted: whatever their number, each operand is read once and the
// destination is written once, and not before all of its place has been read, so
// that d may be any of the operands.
//
//	R9   the list of the union: s or neg     R10  its length
//	R11  the list of the intersection: s or pos     R12  its length
//	R8   one operand's words     R13  index in the list
//	DX   offset of the step in bytes     DI  d
//	Y0-Y7  the step; all others as kernels_avx2_amd64.h has them

#include "textflag.h"
#include "kernels_avx2_amd64.h"

#define LOAD \
	VMOVDQU (R8), Y0; \
	VMOVDQU 32(R8), Y1; \
	VMOVDQU 64(R8), Y2; \
	VMOVDQU 96(R8), Y3; \
	VMOVDQU 128(R8), Y4; \
	VMOVDQU 160(R8), Y5; \
	VMOVDQU 192(R8), Y6; \
	VMOVDQU 224(R8), Y7

// WITH combines Y0-Y7 with the operand at R8, from which VPANDN takes them away.
#define WITH(op) \
	op (R8), Y0, Y0; \
	op 32(R8), Y1, Y1; \
	op 64(R8), Y2, Y2; \
	op 96(R8), Y3, Y3; \
	op 128(R8), Y4, Y4; \
	op 160(R8), Y5, Y5; \
	op 192(R8), Y6, Y6; \
	op 224(R8), Y7, Y7

#define STORE \
	LEAQ (DI)(DX*1), R8; \
	VMOVDQU Y0, (R8); \
	VMOVDQU Y1, 32(R8); \
	VMOVDQU Y2, 64(R8); \
	VMOVDQU Y3, 96(R8); \
	VMOVDQU Y4, 128(R8); \
	VMOVDQU Y5, 160(R8); \
	VMOVDQU Y6, 192(R8); \
	VMOVDQU Y7, 224(R8)

// OPERAND points R8 to the step in the operand at place i of the list.
#define OPERAND(list, i) \
	MOVQ (list)(i*8), R8; \
	ADDQ DX, R8

#define FIRST(list) \
	MOVQ (list), R8; \
	ADDQ DX, R8

// UNION makes Y0-Y7 the step of the union of the list at R9, which is not empty.
#define UNION \
	FIRST(R9); \
	LOAD; \
	MOVL $1, R13; \
	CMPQ R13, R10; \
	JGE  united; \
unite: \
	OPERAND(R9, R13); \
	WITH(VPOR); \
	INCQ R13; \
	CMPQ R13, R10; \
	JLT  unite; \
united:

// CUT makes Y0-Y7 the step of the intersection of the list at R11, which is not empty,
// without the union of the one at R9, if that is not: it comes first, as VPANDN takes
// what is in the vectors from what is in memory.
#define CUT \
	TESTQ R10, R10; \
	JZ   positive; \
	UNION; \
	FIRST(R11); \
	WITH(VPANDN); \
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
	WITH(VPAND); \
	INCQ R13; \
	CMPQ R13, R12; \
	JLT  next; \
whole:

// NEXT goes on with the next step.
#define NEXT \
	ADDQ $256, DX; \
	CMPQ DX, $8192; \
	JLT  step

// func orManyAVX2(d *Words, s []*Words)
//
// s is not empty.
TEXT ·orManyAVX2(SB), NOSPLIT, $0-32
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

// func orManyCountAVX2(s []*Words) int
//
// s is not empty.
TEXT ·orManyCountAVX2(SB), NOSPLIT, $0-32
	MOVQ s_base+0(FP), R9
	MOVQ s_len+8(FP), R10
	COUNT_BEGIN
	XORL DX, DX
step:
	UNION
	COUNT_STEP
	NEXT
	COUNT_END
	MOVQ AX, ret+24(FP)
	RET

// func andNotManyAVX2(d *Words, pos, neg []*Words)
//
// pos is not empty.
TEXT ·andNotManyAVX2(SB), NOSPLIT, $0-56
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

// func andNotManyCountAVX2(pos, neg []*Words) int
//
// pos is not empty.
TEXT ·andNotManyCountAVX2(SB), NOSPLIT, $0-56
	MOVQ pos_base+0(FP), R11
	MOVQ pos_len+8(FP), R12
	MOVQ neg_base+24(FP), R9
	MOVQ neg_len+32(FP), R10
	COUNT_BEGIN
	XORL DX, DX
step:
	CUT
	COUNT_STEP
	NEXT
	COUNT_END
	MOVQ AX, ret+48(FP)
	RET
