//go:build !purego

// And, Or, AndNot and Xor on AVX-512: eight vectors of 64 bytes a step, 16 steps a
// block. All of a step is read before any of it is written, and the steps do not
// overlap, so that d may be a or b.
//
//	DI  d     SI  a     DX  b     CX  steps to go
//	Z0-Z7  the step

#include "textflag.h"

// COMBINE makes Z0-Z7 of a's and b's vectors. The operation is written
// op(b, a, result), and a is what VPANDNQ takes from memory.
#define COMBINE(op) \
	VMOVDQU64 (DX), Z0; \
	VMOVDQU64 64(DX), Z1; \
	VMOVDQU64 128(DX), Z2; \
	VMOVDQU64 192(DX), Z3; \
	VMOVDQU64 256(DX), Z4; \
	VMOVDQU64 320(DX), Z5; \
	VMOVDQU64 384(DX), Z6; \
	VMOVDQU64 448(DX), Z7; \
	op (SI), Z0, Z0; \
	op 64(SI), Z1, Z1; \
	op 128(SI), Z2, Z2; \
	op 192(SI), Z3, Z3; \
	op 256(SI), Z4, Z4; \
	op 320(SI), Z5, Z5; \
	op 384(SI), Z6, Z6; \
	op 448(SI), Z7, Z7; \
	ADDQ $512, SI; \
	ADDQ $512, DX

#define STORE \
	VMOVDQU64 Z0, (DI); \
	VMOVDQU64 Z1, 64(DI); \
	VMOVDQU64 Z2, 128(DI); \
	VMOVDQU64 Z3, 192(DI); \
	VMOVDQU64 Z4, 256(DI); \
	VMOVDQU64 Z5, 320(DI); \
	VMOVDQU64 Z6, 384(DI); \
	VMOVDQU64 Z7, 448(DI); \
	ADDQ $512, DI

#define ARGUMENTS \
	MOVQ d+0(FP), DI; \
	MOVQ a+8(FP), SI; \
	MOVQ b+16(FP), DX; \
	MOVL $16, CX

// func andAVX512(d, a, b *Words)
TEXT ·andAVX512(SB), NOSPLIT, $0-24
	ARGUMENTS
loop:
	COMBINE(VPANDQ)
	STORE
	DECL CX
	JNZ  loop
	VZEROUPPER
	RET

// func orAVX512(d, a, b *Words)
TEXT ·orAVX512(SB), NOSPLIT, $0-24
	ARGUMENTS
loop:
	COMBINE(VPORQ)
	STORE
	DECL CX
	JNZ  loop
	VZEROUPPER
	RET

// func andNotAVX512(d, a, b *Words)
TEXT ·andNotAVX512(SB), NOSPLIT, $0-24
	ARGUMENTS
loop:
	COMBINE(VPANDNQ)
	STORE
	DECL CX
	JNZ  loop
	VZEROUPPER
	RET

// func xorAVX512(d, a, b *Words)
TEXT ·xorAVX512(SB), NOSPLIT, $0-24
	ARGUMENTS
loop:
	COMBINE(VPXORQ)
	STORE
	DECL CX
	JNZ  loop
	VZEROUPPER
	RET

