//go:build !purego

// Counters in bit planes on AVX-512: the full adders of kernels_lanes.go, one vector
// at a time, 8 to a lane. Everything between what is read and what is written stays
// in registers.
//
//	AX  offset in bytes, from 0 to 512
//	DI BX CX  the planes or lanes that are written
//	SI DX R8-R12  the operands
//	Z0-Z6  the vectors; Z12 as ADD3 of kernels_avx512_amd64.h has it

#include "textflag.h"
#include "kernels_avx512_amd64.h"

#define NEXT \
	ADDQ $64, AX; \
	CMPQ AX, $512; \
	JLT  loop; \
	VZEROUPPER

// func setSevenAVX512(p0, p1, p2 *Lane, s *[7]*Words, at int)
TEXT ·setSevenAVX512(SB), NOSPLIT, $0-40
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
	VMOVDQU64 (SI)(AX*1), Z0
	VMOVDQU64 (DX)(AX*1), Z1
	VMOVDQU64 (R8)(AX*1), Z2
	VMOVDQU64 (R9)(AX*1), Z3
	VMOVDQU64 (R10)(AX*1), Z4
	VMOVDQU64 (R11)(AX*1), Z5
	VMOVDQU64 (R12)(AX*1), Z6
	ADD3(Z0, Z1, Z2)
	ADD3(Z3, Z4, Z2)
	ADD3(Z5, Z6, Z2)
	ADD3(Z0, Z3, Z5)
	VMOVDQU64 Z2, (DI)(AX*1)
	VMOVDQU64 Z5, (BX)(AX*1)
	VMOVDQU64 Z0, (CX)(AX*1)
	NEXT
	RET

// func setFiveAVX512(p0, p1, p2 *Lane, s *[5]*Words, at int)
TEXT ·setFiveAVX512(SB), NOSPLIT, $0-40
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
	VMOVDQU64 (SI)(AX*1), Z0
	VMOVDQU64 (DX)(AX*1), Z1
	VMOVDQU64 (R8)(AX*1), Z2
	VMOVDQU64 (R9)(AX*1), Z3
	VMOVDQU64 (R10)(AX*1), Z4
	ADD3(Z0, Z1, Z2)
	ADD3(Z3, Z4, Z2)
	VPXORQ Z0, Z3, Z4
	VPANDQ Z0, Z3, Z0
	VMOVDQU64 Z2, (DI)(AX*1)
	VMOVDQU64 Z4, (BX)(AX*1)
	VMOVDQU64 Z0, (CX)(AX*1)
	NEXT
	RET

// func addFourAVX512(p0, p1, carry, a, b, c, d *Lane)
TEXT ·addFourAVX512(SB), NOSPLIT, $0-56
	MOVQ p0+0(FP), DI
	MOVQ p1+8(FP), BX
	MOVQ carry+16(FP), CX
	MOVQ a+24(FP), SI
	MOVQ b+32(FP), DX
	MOVQ c+40(FP), R8
	MOVQ d+48(FP), R9
	XORL AX, AX
loop:
	VMOVDQU64 (SI)(AX*1), Z0
	VMOVDQU64 (DX)(AX*1), Z1
	VMOVDQU64 (R8)(AX*1), Z2
	VMOVDQU64 (R9)(AX*1), Z3
	VMOVDQU64 (DI)(AX*1), Z4
	VMOVDQU64 (BX)(AX*1), Z5
	ADD3(Z0, Z1, Z4)
	ADD3(Z2, Z3, Z4)
	ADD3(Z0, Z2, Z5)
	VPORQ (CX)(AX*1), Z0, Z0
	VMOVDQU64 Z4, (DI)(AX*1)
	VMOVDQU64 Z5, (BX)(AX*1)
	VMOVDQU64 Z0, (CX)(AX*1)
	NEXT
	RET

// func addTwoAVX512(p0, p1, carry, a, b *Lane)
TEXT ·addTwoAVX512(SB), NOSPLIT, $0-40
	MOVQ p0+0(FP), DI
	MOVQ p1+8(FP), BX
	MOVQ carry+16(FP), CX
	MOVQ a+24(FP), SI
	MOVQ b+32(FP), DX
	XORL AX, AX
loop:
	VMOVDQU64 (SI)(AX*1), Z0
	VMOVDQU64 (DX)(AX*1), Z1
	VMOVDQU64 (DI)(AX*1), Z4
	VMOVDQU64 (BX)(AX*1), Z5
	ADD3(Z0, Z1, Z4)
	VPANDQ Z0, Z5, Z1
	VPXORQ Z0, Z5, Z5
	VPORQ (CX)(AX*1), Z1, Z1
	VMOVDQU64 Z4, (DI)(AX*1)
	VMOVDQU64 Z5, (BX)(AX*1)
	VMOVDQU64 Z1, (CX)(AX*1)
	NEXT
	RET

// func addCarryAVX512(p, carry *Lane) (some bool)
TEXT ·addCarryAVX512(SB), NOSPLIT, $0-17
	MOVQ p+0(FP), DI
	MOVQ carry+8(FP), CX
	XORL AX, AX
	VPXORQ Z4, Z4, Z4
loop:
	VMOVDQU64 (DI)(AX*1), Z0
	VMOVDQU64 (CX)(AX*1), Z1
	VPXORQ Z0, Z1, Z2
	VPANDQ Z0, Z1, Z1
	VPORQ Z1, Z4, Z4
	VMOVDQU64 Z2, (DI)(AX*1)
	VMOVDQU64 Z1, (CX)(AX*1)
	ADDQ $64, AX
	CMPQ AX, $512
	JLT  loop
	VPTESTMQ Z4, Z4, K1
	KORTESTB K1, K1
	SETNE some+16(FP)
	VZEROUPPER
	RET

// func compareAVX512(more, equal, p *Lane, bit uint64)
TEXT ·compareAVX512(SB), NOSPLIT, $0-32
	MOVQ more+0(FP), DI
	MOVQ equal+8(FP), CX
	MOVQ p+16(FP), SI
	VPBROADCASTQ bit+24(FP), Z5
	XORL AX, AX
loop:
	VMOVDQU64 (SI)(AX*1), Z0
	VMOVDQU64 (CX)(AX*1), Z1
	VMOVDQA64 Z1, Z2
	VPTERNLOGQ $0x40, Z5, Z0, Z2 // equal, in p and not in bit
	VPTERNLOGQ $0x90, Z5, Z0, Z1 // equal, in both or in none
	VPORQ (DI)(AX*1), Z2, Z2
	VMOVDQU64 Z1, (CX)(AX*1)
	VMOVDQU64 Z2, (DI)(AX*1)
	NEXT
	RET
