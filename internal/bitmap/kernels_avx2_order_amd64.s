//go:build !purego

// The order of an array, 16 neighbours at a time: what is left of y − x, or 0 instead of
// less, is 0 where they do not ascend, and 1 where they are of one run.
//
//	SI  the next x; y is the value after it     CX  steps to go
//	Y0  y − x     Y1  where it is 0, or 1     Y2  0     Y3  1
//	Y4  where any was 0     Y5  how many were 1, in each half of a lane

#include "textflag.h"

// func ascendsAVX2(p *uint16, steps int) (adjacent int, ok bool)
TEXT ·ascendsAVX2(SB), NOSPLIT, $0-25
	MOVQ p+0(FP), SI
	MOVQ steps+8(FP), CX
	VPXOR Y2, Y2, Y2
	VPCMPEQW Y3, Y3, Y3
	VPSRLW $15, Y3, Y3
	VPXOR Y4, Y4, Y4
	VPXOR Y5, Y5, Y5
	TESTQ CX, CX
	JEQ  done
loop:
	VMOVDQU 2(SI), Y0
	VPSUBUSW (SI), Y0, Y0
	VPCMPEQW Y2, Y0, Y1
	VPOR Y1, Y4, Y4
	VPCMPEQW Y3, Y0, Y1
	VPSUBW Y1, Y5, Y5
	ADDQ $32, SI
	DECQ CX
	JNE  loop
done:
	VPMADDWD Y3, Y5, Y5
	VEXTRACTI128 $1, Y5, X1
	VPADDD X1, X5, X5
	VPSHUFD $0x4e, X5, X1
	VPADDD X1, X5, X5
	VPSHUFD $0xb1, X5, X1
	VPADDD X1, X5, X5
	VMOVD X5, AX
	MOVQ AX, adjacent+16(FP)
	VPTEST Y4, Y4
	SETEQ ok+24(FP)
	VZEROUPPER
	RET
