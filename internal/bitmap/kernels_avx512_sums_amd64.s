//go:build !purego

// Sums of weights on AVX-512: 32 bits are a mask of 32 counters, to which is added in
// one go. So a member costs as much as nobody. 256 members without any are passed over.
//
//	AX  offset of the words in bytes, from 0 to 8192
//	SI DX  the words     DI  the counters     BX  a word, then its upper half
//	Y0  256 bits     Z1, Z2  32 counters each     Z14  what is added

#include "textflag.h"

// WORD adds to 64 counters, of the word at off and the counters at 16 times that.
#define WORD(off) \
	MOVQ off(SI)(AX*1), BX; \
	ANDQ off(DX)(AX*1), BX; \
	VMOVDQU64 (16*off)(DI), Z1; \
	VMOVDQU64 (16*off+64)(DI), Z2; \
	KMOVD BX, K1; \
	SHRQ $32, BX; \
	KMOVD BX, K2; \
	VPADDW Z14, Z1, K1, Z1; \
	VPADDW Z14, Z2, K2, Z2; \
	VMOVDQU64 Z1, (16*off)(DI); \
	VMOVDQU64 Z2, (16*off+64)(DI)

// func addBothAVX512(d *Sums, a, b *Words, x uint16)
TEXT ·addBothAVX512(SB), NOSPLIT, $0-26
	MOVQ d+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	VPBROADCASTW x+24(FP), Z14
	XORL AX, AX
loop:
	VMOVDQU (SI)(AX*1), Y0
	VPTEST (DX)(AX*1), Y0
	JZ   next
	WORD(0)
	WORD(8)
	WORD(16)
	WORD(24)
next:
	ADDQ $512, DI
	ADDQ $32, AX
	CMPQ AX, $8192
	JLT  loop
	VZEROUPPER
	RET
