//go:build !purego

// A block of bits to memory that is not read soon: past the caches, by stores that do
// not fetch the line first. Other stores may overtake them, up to the next fence.
//
//	DI  where it goes, on a multiple of 32     SI  the block     CX  what is left of it

#include "textflag.h"

// func streamAVX2(d *Words, p *byte)
TEXT ·streamAVX2(SB), NOSPLIT, $0-16
	MOVQ d+0(FP), DI
	MOVQ p+8(FP), SI
	MOVL $8192, CX
loop:
	VMOVDQU (SI), Y0
	VMOVDQU 32(SI), Y1
	VMOVDQU 64(SI), Y2
	VMOVDQU 96(SI), Y3
	VMOVNTDQ Y0, (DI)
	VMOVNTDQ Y1, 32(DI)
	VMOVNTDQ Y2, 64(DI)
	VMOVNTDQ Y3, 96(DI)
	ADDQ $128, SI
	ADDQ $128, DI
	SUBL $128, CX
	JNE  loop
	VZEROUPPER
	RET

// func streamFence()
TEXT ·streamFence(SB), NOSPLIT, $0-0
	SFENCE
	RET
