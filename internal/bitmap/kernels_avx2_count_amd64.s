//go:build !purego

// Counts on AVX2, of one operand and of the combinations of two, which are never
// written anywhere. How bits are counted, and in which registers, is told in
// kernels_avx2_amd64.h; the steps of 256 bytes are fed to it from
//
//	SI  a or p     DX  b     CX  steps to go

#include "textflag.h"
#include "kernels_avx2_amd64.h"

// COMBINE makes Y0-Y7 of a's and b's vectors; a is what VPANDN takes from.
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

// func countAVX2(p *uint64, steps int) int
TEXT ·countAVX2(SB), NOSPLIT, $0-24
	MOVQ p+0(FP), SI
	MOVQ steps+8(FP), CX
	COUNT_BEGIN
	TESTQ CX, CX
	JZ   done
loop:
	VMOVDQU (SI), Y0
	VMOVDQU 32(SI), Y1
	VMOVDQU 64(SI), Y2
	VMOVDQU 96(SI), Y3
	VMOVDQU 128(SI), Y4
	VMOVDQU 160(SI), Y5
	VMOVDQU 192(SI), Y6
	VMOVDQU 224(SI), Y7
	ADDQ $256, SI
	COUNT_STEP
	DECQ CX
	JNZ  loop
done:
	COUNT_END
	MOVQ AX, ret+16(FP)
	RET

// func andCountAVX2(a, b *Words) int
TEXT ·andCountAVX2(SB), NOSPLIT, $0-24
	MOVQ a+0(FP), SI
	MOVQ b+8(FP), DX
	MOVL $32, CX
	COUNT_BEGIN
loop:
	COMBINE(VPAND)
	COUNT_STEP
	DECL CX
	JNZ  loop
	COUNT_END
	MOVQ AX, ret+16(FP)
	RET

// func andNotCountAVX2(a, b *Words) int
TEXT ·andNotCountAVX2(SB), NOSPLIT, $0-24
	MOVQ a+0(FP), SI
	MOVQ b+8(FP), DX
	MOVL $32, CX
	COUNT_BEGIN
loop:
	COMBINE(VPANDN)
	COUNT_STEP
	DECL CX
	JNZ  loop
	COUNT_END
	MOVQ AX, ret+16(FP)
	RET

// STARTS leaves in x, which holds four words, those bits that are set after a clear
// one. before holds the same words moved up by one, the word before them first.
#define STARTS(x, before) \
	VPSRLQ $63, before, before; \
	VPADDQ x, x, Y12; \
	VPOR Y12, before, before; \
	VPANDN x, before, x

// func countStartsAVX2(w *Words) int
//
// The number of runs is the number of bits set after a clear one. Words moved up
// by one are read 8 bytes before the words themselves; the first are made of what
// was read already, as there is nothing before them.
TEXT ·countStartsAVX2(SB), NOSPLIT, $0-16
	MOVQ w+0(FP), SI
	MOVL $32, CX
	COUNT_BEGIN
	VPERMQ $0x90, (SI), Y1       // words 0, 0, 1, 2
	VPBLENDD $0x03, Y13, Y1, Y1  // none, 0, 1, 2
	JMP first
loop:
	VMOVDQU -8(SI), Y1
first:
	VMOVDQU (SI), Y0
	STARTS(Y0, Y1)
	VMOVDQU 32(SI), Y1
	VMOVDQU 24(SI), Y2
	STARTS(Y1, Y2)
	VMOVDQU 64(SI), Y2
	VMOVDQU 56(SI), Y3
	STARTS(Y2, Y3)
	VMOVDQU 96(SI), Y3
	VMOVDQU 88(SI), Y4
	STARTS(Y3, Y4)
	VMOVDQU 128(SI), Y4
	VMOVDQU 120(SI), Y5
	STARTS(Y4, Y5)
	VMOVDQU 160(SI), Y5
	VMOVDQU 152(SI), Y6
	STARTS(Y5, Y6)
	VMOVDQU 192(SI), Y6
	VMOVDQU 184(SI), Y7
	STARTS(Y6, Y7)
	VMOVDQU 224(SI), Y7
	VMOVDQU 216(SI), Y13 // no other is free
	STARTS(Y7, Y13)
	VPXOR Y13, Y13, Y13
	ADDQ $256, SI
	COUNT_STEP
	DECL CX
	JNZ  loop
	COUNT_END
	MOVQ AX, ret+8(FP)
	RET
