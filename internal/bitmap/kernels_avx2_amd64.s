//go:build !purego

// And, Or, AndNot and Xor on AVX2: eight vectors of 32 bytes a step, 32 steps a
// block. All of a step is read before any of it is written, and the steps do not
// overlap, so that d may be a or b.
//
//	DI  d     SI  a     DX  b     CX  steps to go
//	Y0-Y7  the step

#include "textflag.h"

// COMBINE makes Y0-Y7 of a's and b's vectors. The operation is written
// op(b, a, result), and a is what VPANDN takes from memory.
#define COMBINE(op) \
	VMOVDQU (DX), Y0; \
	VMOVDQU 32(DX), Y1; \
	VMOVDQU 64(DX), Y2; \
	VMOVDQU 96(DX), Y3; \
	VMOVDQU 128(DX), Y4; \
	VMOVDQU 160(DX), Y5; \
	VMOVDQU 192(DX), Y6; \
	VMOVDQU 224(DX), Y7; \
	op (SI), Y0, Y0; \
	op 32(SI), Y1, Y1; \
	op 64(SI), Y2, Y2; \
	op 96(SI), Y3, Y3; \
	op 128(SI), Y4, Y4; \
	op 160(SI), Y5, Y5; \
	op 192(SI), Y6, Y6; \
	op 224(SI), Y7, Y7; \
	ADDQ $256, SI; \
	ADDQ $256, DX

#define STORE \
	VMOVDQU Y0, (DI); \
	VMOVDQU Y1, 32(DI); \
	VMOVDQU Y2, 64(DI); \
	VMOVDQU Y3, 96(DI); \
	VMOVDQU Y4, 128(DI); \
	VMOVDQU Y5, 160(DI); \
	VMOVDQU Y6, 192(DI); \
	VMOVDQU Y7, 224(DI); \
	ADDQ $256, DI

#define ARGUMENTS \
	MOVQ d+0(FP), DI; \
	MOVQ a+8(FP), SI; \
	MOVQ b+16(FP), DX; \
	MOVL $32, CX

// func andAVX2(d, a, b *Words)
TEXT ·andAVX2(SB), NOSPLIT, $0-24
	ARGUMENTS
loop:
	COMBINE(VPAND)
	STORE
	DECL CX
	JNZ  loop
	VZEROUPPER
	RET

// func orAVX2(d, a, b *Words)
TEXT ·orAVX2(SB), NOSPLIT, $0-24
	ARGUMENTS
loop:
	COMBINE(VPOR)
	STORE
	DECL CX
	JNZ  loop
	VZEROUPPER
	RET

// func andNotAVX2(d, a, b *Words)
TEXT ·andNotAVX2(SB), NOSPLIT, $0-24
	ARGUMENTS
loop:
	COMBINE(VPANDN)
	STORE
	DECL CX
	JNZ  loop
	VZEROUPPER
	RET

// func xorAVX2(d, a, b *Words)
TEXT ·xorAVX2(SB), NOSPLIT, $0-24
	ARGUMENTS
loop:
	COMBINE(VPXOR)
	STORE
	DECL CX
	JNZ  loop
	VZEROUPPER
	RET
