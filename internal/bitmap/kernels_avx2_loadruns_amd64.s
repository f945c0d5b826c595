//go:build !purego

// Runs from the portable format, a start and a length − 1 of 16 bits each, to starts and
// last members, eight at a time in lanes of 32 bits:
//
//	last = start + length − 1     16 bits, if the run is within the block
//	gap  = next start − last − 2  not negative, if it is apart from the next
//
//	SI  the next runs     DI  where they go     CX  steps left
//	Y8  lengths − 1, summed up     Y9  all lasts     Y10  all gaps
//	Y14  0xffff     Y15  2

#include "textflag.h"

// func loadRunsAVX2(rs *Run, p *byte, steps int) (more int, wrong bool)
TEXT ·loadRunsAVX2(SB), NOSPLIT, $0-33
	MOVQ rs+0(FP), DI
	MOVQ p+8(FP), SI
	MOVQ steps+16(FP), CX
	VPXOR Y8, Y8, Y8
	VPXOR Y9, Y9, Y9
	VPXOR Y10, Y10, Y10
	VPCMPEQD Y15, Y15, Y15
	VPSRLD $16, Y15, Y14
	VPSRLD $31, Y15, Y15
	VPADDD Y15, Y15, Y15
	TESTQ CX, CX
	JEQ  done
loop:
	VMOVDQU (SI), Y0
	VPAND 4(SI), Y14, Y3
	VPAND Y14, Y0, Y1
	VPSRLD $16, Y0, Y0
	VPADDD Y0, Y8, Y8
	VPADDD Y0, Y1, Y2
	VPOR Y2, Y9, Y9
	VPSUBD Y2, Y3, Y3
	VPSUBD Y15, Y3, Y3
	VPOR Y3, Y10, Y10
	VPSLLD $16, Y2, Y2
	VPOR Y1, Y2, Y2
	VMOVDQU Y2, (DI)
	ADDQ $32, SI
	ADDQ $32, DI
	DECQ CX
	JNE  loop
done:
	VPSRLD $16, Y9, Y9
	VPSRLD $31, Y10, Y10
	VPOR Y9, Y10, Y10
	VPTEST Y10, Y10
	SETNE wrong+32(FP)
	VEXTRACTI128 $1, Y8, X0
	VPADDD X0, X8, X0
	VPSHUFD $0x4e, X0, X1
	VPADDD X1, X0, X0
	VPSHUFD $0xb1, X0, X1
	VPADDD X1, X0, X0
	VMOVD X0, AX
	MOVQ AX, more+24(FP)
	VZEROUPPER
	RET
