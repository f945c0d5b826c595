//go:build !purego

// Circuits of adders on AVX-512: the adders of kernels_adders.go, each one vector at a
// time, 8 to a lane, and the comparison of their sums, the 8 vectors of a lane in
// eight registers.

#include "textflag.h"
#include "kernels_avx512_amd64.h"

// LANE loads the address of the lane whose index is at off in the adder.
#define LANE(off, reg) \
	MOVLQSX off(DI), AX; \
	MOVQ (R13)(AX*8), reg

#define NEXT(loop) \
	ADDQ $64, AX; \
	CMPQ AX, $512; \
	JLT  loop; \
	JMP  next

// LANES combines Z0-Z7 with the lane at p.
#define LANES(op, p) \
	op 0(p), Z0, Z0; \
	op 64(p), Z1, Z1; \
	op 128(p), Z2, Z2; \
	op 192(p), Z3, Z3; \
	op 256(p), Z4, Z4; \
	op 320(p), Z5, Z5; \
	op 384(p), Z6, Z6; \
	op 448(p), Z7, Z7

// func addUpAVX512(at **Lane, ops *Adder, n int)
//
//	DI  the adder     R13  the lanes' addresses, until all are loaded
//	SI DX R8-R12  those of the operands     BX CX R13  those of sum and carries
//	AX  index of a lane, and then offset in bytes, from 0 to 512
//	Z0-Z6  the vectors; Z12 as ADD3 of kernels_avx512_amd64.h has it
TEXT ·addUpAVX512(SB), NOSPLIT, $0-24
	MOVQ ops+8(FP), DI
op:
	MOVQ at+0(FP), R13
	LANE(4, SI)
	LANE(8, DX)
	LANE(32, BX)
	LANE(36, CX)
	CMPL (DI), $3
	JLT  two
	LANE(12, R8)
	JEQ  three
	LANE(16, R9)
	LANE(20, R10)
	CMPL (DI), $5
	JEQ  five
	LANE(24, R11)
	LANE(28, R12)
	LANE(40, R13)
	XORL AX, AX
seven:
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
	VMOVDQU64 Z2, (BX)(AX*1)
	VMOVDQU64 Z5, (CX)(AX*1)
	VMOVDQU64 Z0, (R13)(AX*1)
	NEXT(seven)
five:
	LANE(40, R13)
	XORL AX, AX
loop5:
	VMOVDQU64 (SI)(AX*1), Z0
	VMOVDQU64 (DX)(AX*1), Z1
	VMOVDQU64 (R8)(AX*1), Z2
	VMOVDQU64 (R9)(AX*1), Z3
	VMOVDQU64 (R10)(AX*1), Z4
	ADD3(Z0, Z1, Z2)
	ADD3(Z3, Z4, Z2)
	VMOVDQU64 Z2, (BX)(AX*1)
	VMOVDQU64 Z0, (CX)(AX*1)
	VMOVDQU64 Z3, (R13)(AX*1)
	NEXT(loop5)
three:
	XORL AX, AX
loop3:
	VMOVDQU64 (SI)(AX*1), Z0
	VMOVDQU64 (DX)(AX*1), Z1
	VMOVDQU64 (R8)(AX*1), Z2
	ADD3(Z0, Z1, Z2)
	VMOVDQU64 Z2, (BX)(AX*1)
	VMOVDQU64 Z0, (CX)(AX*1)
	NEXT(loop3)
two:
	XORL AX, AX
loop2:
	VMOVDQU64 (SI)(AX*1), Z0
	VMOVDQU64 (DX)(AX*1), Z1
	VPXORQ Z0, Z1, Z2
	VPANDQ Z0, Z1, Z0
	VMOVDQU64 Z2, (BX)(AX*1)
	VMOVDQU64 Z0, (CX)(AX*1)
	NEXT(loop2)
next:
	ADDQ $44, DI
	DECQ n+16(FP)
	JNZ  op
	VZEROUPPER
	RET

// func aboveAVX512(d *Lane, at **Lane, planes *int32, n int, t uint64) (some bool)
//
//	R13  the lanes' addresses     SI CX  the next plane, and how many there are
//	BX  its lane     DX  what is left of t     Z0-Z7  greater so far
TEXT ·aboveAVX512(SB), NOSPLIT, $0-41
	MOVQ d+0(FP), DI
	MOVQ at+8(FP), R13
	MOVQ planes+16(FP), SI
	MOVQ n+24(FP), CX
	MOVQ t+32(FP), DX
	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	VPXORQ Z2, Z2, Z2
	VPXORQ Z3, Z3, Z3
	VPXORQ Z4, Z4, Z4
	VPXORQ Z5, Z5, Z5
	VPXORQ Z6, Z6, Z6
	VPXORQ Z7, Z7, Z7
plane:
	MOVLQSX (SI), AX
	MOVQ (R13)(AX*8), BX
	ADDQ $4, SI
	SHRQ $1, DX
	JCS  and
	LANES(VPORQ, BX)
	DECQ CX
	JNZ  plane
	JMP  done
and:
	LANES(VPANDQ, BX)
	DECQ CX
	JNZ  plane
done:
	LANES(VPANDQ, DI)
	VMOVDQU64 Z0, 0(DI)
	VMOVDQU64 Z1, 64(DI)
	VMOVDQU64 Z2, 128(DI)
	VMOVDQU64 Z3, 192(DI)
	VMOVDQU64 Z4, 256(DI)
	VMOVDQU64 Z5, 320(DI)
	VMOVDQU64 Z6, 384(DI)
	VMOVDQU64 Z7, 448(DI)
	VPTERNLOGQ OR3, Z1, Z2, Z0
	VPTERNLOGQ OR3, Z3, Z4, Z5
	VPTERNLOGQ OR3, Z6, Z7, Z0
	VPORQ Z5, Z0, Z0
	VPTESTMQ Z0, Z0, K1
	KORTESTB K1, K1
	SETNE some+40(FP)
	VZEROUPPER
	RET

// func invertAVX512(d, a *Lane)
TEXT ·invertAVX512(SB), NOSPLIT, $0-16
	MOVQ d+0(FP), DI
	MOVQ a+8(FP), SI
	VPTERNLOGQ $0xff, Z1, Z1, Z1 // all ones
	XORL AX, AX
loop:
	VPXORQ (SI)(AX*1), Z1, Z0
	VMOVDQU64 Z0, (DI)(AX*1)
	ADDQ $64, AX
	CMPQ AX, $512
	JLT  loop
	VZEROUPPER
	RET
