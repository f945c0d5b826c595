//go:build !purego

// Counters in bit planes on AVX2: the full adders of kernels_lanes.go, one vector
// at a time, 16 to a lane. Everything between what is read and what is written stays
// in registers.
//
//	AX  offset in bytes, from 0 to 512
//	DI BX CX  the planes or lanes that are written
//	SI DX R8-R12  the operands
//	Y0-Y6  the vectors; Y12 as ADD3 of kernels_avx2_amd64.h has it

#include "textflag.h"
#include "kernels_avx2_amd64.h"

#define NEXT \
	ADDQ $32, AX; \
	CMPQ AX, $512; \
	JLT  loop; \
	VZEROUPPER

// func setSevenAVX2(p0, p1, p2 *Lane, s *[7]*Words, at int)
TEXT ·setSevenAVX2(SB), NOSPLIT, $0-40
	MOVQ p0+0(FP), DI
	MOVQ p1+8(FP), BX
	MOVQ p2+16(FP), CX
	MOVQ s+24(FP), R13
	MOVQ at+32(FP), AX
	SHLQ $3, AX
	MOVQ (R13), SI
	MOVQ 8(R13), DX
	MOVQ 16(R13), R8
	MOVQ 24(R13), R9
	MOVQ 32(R13), R10
	MOVQ 40(R13), R11
	MOVQ 48(R13), R12
	ADDQ AX, SI
	ADDQ AX, DX
	ADDQ AX, R8
	ADDQ AX, R9
	ADDQ AX, R10
	ADDQ AX, R11
	ADDQ AX, R12
	XORL AX, AX
loop:
	VMOVDQU (SI)(AX*1), Y0
	VMOVDQU (DX)(AX*1), Y1
	VMOVDQU (R8)(AX*1), Y2
	VMOVDQU (R9)(AX*1), Y3
	VMOVDQU (R10)(AX*1), Y4
	VMOVDQU (R11)(AX*1), Y5
	VMOVDQU (R12)(AX*1), Y6
	ADD3(Y0, Y1, Y2)
	ADD3(Y3, Y4, Y2)
	ADD3(Y5, Y6, Y2)
	ADD3(Y0, Y3, Y5)
	VMOVDQU Y2, (DI)(AX*1)
	VMOVDQU Y5, (BX)(AX*1)
	VMOVDQU Y0, (CX)(AX*1)
	NEXT
	RET

// func setFiveAVX2(p0, p1, p2 *Lane, s *[5]*Words, at int)
TEXT ·setFiveAVX2(SB), NOSPLIT, $0-40
	MOVQ p0+0(FP), DI
	MOVQ p1+8(FP), BX
	MOVQ p2+16(FP), CX
	MOVQ s+24(FP), R13
	MOVQ at+32(FP), AX
	SHLQ $3, AX
	MOVQ (R13), SI
	MOVQ 8(R13), DX
	MOVQ 16(R13), R8
	MOVQ 24(R13), R9
	MOVQ 32(R13), R10
	ADDQ AX, SI
	ADDQ AX, DX
	ADDQ AX, R8
	ADDQ AX, R9
	ADDQ AX, R10
	XORL AX, AX
loop:
	VMOVDQU (SI)(AX*1), Y0
	VMOVDQU (DX)(AX*1), Y1
	VMOVDQU (R8)(AX*1), Y2
	VMOVDQU (R9)(AX*1), Y3
	VMOVDQU (R10)(AX*1), Y4
	ADD3(Y0, Y1, Y2)
	ADD3(Y3, Y4, Y2)
	VPXOR Y0, Y3, Y4
	VPAND Y0, Y3, Y0
	VMOVDQU Y2, (DI)(AX*1)
	VMOVDQU Y4, (BX)(AX*1)
	VMOVDQU Y0, (CX)(AX*1)
	NEXT
	RET

// func addFourAVX2(p0, p1, carry, a, b, c, d *Lane)
TEXT ·addFourAVX2(SB), NOSPLIT, $0-56
	MOVQ p0+0(FP), DI
	MOVQ p1+8(FP), BX
	MOVQ carry+16(FP), CX
	MOVQ a+24(FP), SI
	MOVQ b+32(FP), DX
	MOVQ c+40(FP), R8
	MOVQ d+48(FP), R9
	XORL AX, AX
loop:
	VMOVDQU (SI)(AX*1), Y0
	VMOVDQU (DX)(AX*1), Y1
	VMOVDQU (R8)(AX*1), Y2
	VMOVDQU (R9)(AX*1), Y3
	VMOVDQU (DI)(AX*1), Y4
	VMOVDQU (BX)(AX*1), Y5
	ADD3(Y0, Y1, Y4)
	ADD3(Y2, Y3, Y4)
	ADD3(Y0, Y2, Y5)
	VPOR (CX)(AX*1), Y0, Y0
	VMOVDQU Y4, (DI)(AX*1)
	VMOVDQU Y5, (BX)(AX*1)
	VMOVDQU Y0, (CX)(AX*1)
	NEXT
	RET

// func addTwoAVX2(p0, p1, carry, a, b *Lane)
TEXT ·addTwoAVX2(SB), NOSPLIT, $0-40
	MOVQ p0+0(FP), DI
	MOVQ p1+8(FP), BX
	MOVQ carry+16(FP), CX
	MOVQ a+24(FP), SI
	MOVQ b+32(FP), DX
	XORL AX, AX
loop:
	VMOVDQU (SI)(AX*1), Y0
	VMOVDQU (DX)(AX*1), Y1
	VMOVDQU (DI)(AX*1), Y4
	VMOVDQU (BX)(AX*1), Y5
	ADD3(Y0, Y1, Y4)
	VPAND Y0, Y5, Y1
	VPXOR Y0, Y5, Y5
	VPOR (CX)(AX*1), Y1, Y1
	VMOVDQU Y4, (DI)(AX*1)
	VMOVDQU Y5, (BX)(AX*1)
	VMOVDQU Y1, (CX)(AX*1)
	NEXT
	RET

// func addCarryAVX2(p, carry *Lane) (some bool)
TEXT ·addCarryAVX2(SB), NOSPLIT, $0-17
	MOVQ p+0(FP), DI
	MOVQ carry+8(FP), CX
	XORL AX, AX
	VPXOR Y4, Y4, Y4
loop:
	VMOVDQU (DI)(AX*1), Y0
	VMOVDQU (CX)(AX*1), Y1
	VPXOR Y0, Y1, Y2
	VPAND Y0, Y1, Y1
	VPOR Y1, Y4, Y4
	VMOVDQU Y2, (DI)(AX*1)
	VMOVDQU Y1, (CX)(AX*1)
	ADDQ $32, AX
	CMPQ AX, $512
	JLT  loop
	VPTEST Y4, Y4
	SETNE some+16(FP)
	VZEROUPPER
	RET

// func compareAVX2(more, equal, p *Lane, bit uint64)
TEXT ·compareAVX2(SB), NOSPLIT, $0-32
	MOVQ more+0(FP), DI
	MOVQ equal+8(FP), CX
	MOVQ p+16(FP), SI
	VPBROADCASTQ bit+24(FP), Y5
	XORL AX, AX
loop:
	VMOVDQU (SI)(AX*1), Y0
	VMOVDQU (CX)(AX*1), Y1
	VPANDN Y0, Y5, Y2
	VPXOR Y0, Y5, Y0
	VPAND Y1, Y2, Y2
	VPANDN Y1, Y0, Y1
	VPOR (DI)(AX*1), Y2, Y2
	VMOVDQU Y1, (CX)(AX*1)
	VMOVDQU Y2, (DI)(AX*1)
	NEXT
	RET
