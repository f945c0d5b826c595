//go:build !purego

// Circuits of adders on AVX2: the adders of kernels_adders.go, each one vector at a
// time, 16 to a lane, and the comparison of their sums, the 16 vectors of a lane in
// all 16 registers.

#include "textflag.h"
#include "kernels_avx2_amd64.h"

// LANE loads the address of the lane whose index is at off in the adder.
#define LANE(off, reg) \
	MOVLQSX off(DI), AX; \
	MOVQ (R13)(AX*8), reg

#define NEXT(loop) \
	ADDQ $32, AX; \
	CMPQ AX, $512; \
	JLT  loop; \
	JMP  next

// func addUpAVX2(at **Lane, ops *Adder, n int)
//
//	DI  the adder     R13  the lanes' addresses, until all are loaded
//	SI DX R8-R12  those of the operands     BX CX R13  those of sum and carries
//	AX  index of a lane, and then offset in bytes, from 0 to 512
//	Y0-Y6  the vectors; Y12 as ADD3 of kernels_avx2_amd64.h has it
TEXT ·addUpAVX2(SB), NOSPLIT, $0-24
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
	VMOVDQU Y2, (BX)(AX*1)
	VMOVDQU Y5, (CX)(AX*1)
	VMOVDQU Y0, (R13)(AX*1)
	NEXT(seven)
five:
	LANE(40, R13)
	XORL AX, AX
loop5:
	VMOVDQU (SI)(AX*1), Y0
	VMOVDQU (DX)(AX*1), Y1
	VMOVDQU (R8)(AX*1), Y2
	VMOVDQU (R9)(AX*1), Y3
	VMOVDQU (R10)(AX*1), Y4
	ADD3(Y0, Y1, Y2)
	ADD3(Y3, Y4, Y2)
	VMOVDQU Y2, (BX)(AX*1)
	VMOVDQU Y0, (CX)(AX*1)
	VMOVDQU Y3, (R13)(AX*1)
	NEXT(loop5)
three:
	XORL AX, AX
loop3:
	VMOVDQU (SI)(AX*1), Y0
	VMOVDQU (DX)(AX*1), Y1
	VMOVDQU (R8)(AX*1), Y2
	ADD3(Y0, Y1, Y2)
	VMOVDQU Y2, (BX)(AX*1)
	VMOVDQU Y0, (CX)(AX*1)
	NEXT(loop3)
two:
	XORL AX, AX
loop2:
	VMOVDQU (SI)(AX*1), Y0
	VMOVDQU (DX)(AX*1), Y1
	VPXOR Y0, Y1, Y2
	VPAND Y0, Y1, Y0
	VMOVDQU Y2, (BX)(AX*1)
	VMOVDQU Y0, (CX)(AX*1)
	NEXT(loop2)
next:
	ADDQ $44, DI
	DECQ n+16(FP)
	JNZ  op
	VZEROUPPER
	RET

// func aboveAVX2(d *Lane, at **Lane, planes *int32, n int, t uint64) (some bool)
//
//	R13  the lanes' addresses     SI CX  the next plane, and how many there are
//	BX  its lane     DX  what is left of t     Y0-Y15  greater so far
TEXT ·aboveAVX2(SB), NOSPLIT, $0-41
	MOVQ d+0(FP), DI
	MOVQ at+8(FP), R13
	MOVQ planes+16(FP), SI
	MOVQ n+24(FP), CX
	MOVQ t+32(FP), DX
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	VPXOR Y4, Y4, Y4
	VPXOR Y5, Y5, Y5
	VPXOR Y6, Y6, Y6
	VPXOR Y7, Y7, Y7
	VPXOR Y8, Y8, Y8
	VPXOR Y9, Y9, Y9
	VPXOR Y10, Y10, Y10
	VPXOR Y11, Y11, Y11
	VPXOR Y12, Y12, Y12
	VPXOR Y13, Y13, Y13
	VPXOR Y14, Y14, Y14
	VPXOR Y15, Y15, Y15
plane:
	MOVLQSX (SI), AX
	MOVQ (R13)(AX*8), BX
	ADDQ $4, SI
	SHRQ $1, DX
	JCS  and
	VPOR 0(BX), Y0, Y0
	VPOR 32(BX), Y1, Y1
	VPOR 64(BX), Y2, Y2
	VPOR 96(BX), Y3, Y3
	VPOR 128(BX), Y4, Y4
	VPOR 160(BX), Y5, Y5
	VPOR 192(BX), Y6, Y6
	VPOR 224(BX), Y7, Y7
	VPOR 256(BX), Y8, Y8
	VPOR 288(BX), Y9, Y9
	VPOR 320(BX), Y10, Y10
	VPOR 352(BX), Y11, Y11
	VPOR 384(BX), Y12, Y12
	VPOR 416(BX), Y13, Y13
	VPOR 448(BX), Y14, Y14
	VPOR 480(BX), Y15, Y15
	DECQ CX
	JNZ  plane
	JMP  done
and:
	VPAND 0(BX), Y0, Y0
	VPAND 32(BX), Y1, Y1
	VPAND 64(BX), Y2, Y2
	VPAND 96(BX), Y3, Y3
	VPAND 128(BX), Y4, Y4
	VPAND 160(BX), Y5, Y5
	VPAND 192(BX), Y6, Y6
	VPAND 224(BX), Y7, Y7
	VPAND 256(BX), Y8, Y8
	VPAND 288(BX), Y9, Y9
	VPAND 320(BX), Y10, Y10
	VPAND 352(BX), Y11, Y11
	VPAND 384(BX), Y12, Y12
	VPAND 416(BX), Y13, Y13
	VPAND 448(BX), Y14, Y14
	VPAND 480(BX), Y15, Y15
	DECQ CX
	JNZ  plane
done:
	VPAND 0(DI), Y0, Y0
	VPAND 32(DI), Y1, Y1
	VPAND 64(DI), Y2, Y2
	VPAND 96(DI), Y3, Y3
	VPAND 128(DI), Y4, Y4
	VPAND 160(DI), Y5, Y5
	VPAND 192(DI), Y6, Y6
	VPAND 224(DI), Y7, Y7
	VPAND 256(DI), Y8, Y8
	VPAND 288(DI), Y9, Y9
	VPAND 320(DI), Y10, Y10
	VPAND 352(DI), Y11, Y11
	VPAND 384(DI), Y12, Y12
	VPAND 416(DI), Y13, Y13
	VPAND 448(DI), Y14, Y14
	VPAND 480(DI), Y15, Y15
	VMOVDQU Y0, 0(DI)
	VMOVDQU Y1, 32(DI)
	VMOVDQU Y2, 64(DI)
	VMOVDQU Y3, 96(DI)
	VMOVDQU Y4, 128(DI)
	VMOVDQU Y5, 160(DI)
	VMOVDQU Y6, 192(DI)
	VMOVDQU Y7, 224(DI)
	VMOVDQU Y8, 256(DI)
	VMOVDQU Y9, 288(DI)
	VMOVDQU Y10, 320(DI)
	VMOVDQU Y11, 352(DI)
	VMOVDQU Y12, 384(DI)
	VMOVDQU Y13, 416(DI)
	VMOVDQU Y14, 448(DI)
	VMOVDQU Y15, 480(DI)
	VPOR Y8, Y0, Y0
	VPOR Y9, Y1, Y1
	VPOR Y10, Y2, Y2
	VPOR Y11, Y3, Y3
	VPOR Y12, Y4, Y4
	VPOR Y13, Y5, Y5
	VPOR Y14, Y6, Y6
	VPOR Y15, Y7, Y7
	VPOR Y4, Y0, Y0
	VPOR Y5, Y1, Y1
	VPOR Y6, Y2, Y2
	VPOR Y7, Y3, Y3
	VPOR Y2, Y0, Y0
	VPOR Y3, Y1, Y1
	VPOR Y1, Y0, Y0
	VPTEST Y0, Y0
	SETNE some+40(FP)
	VZEROUPPER
	RET

// func invertAVX2(d, a *Lane)
TEXT ·invertAVX2(SB), NOSPLIT, $0-16
	MOVQ d+0(FP), DI
	MOVQ a+8(FP), SI
	VPCMPEQD Y1, Y1, Y1
	XORL AX, AX
loop:
	VPXOR (SI)(AX*1), Y1, Y0
	VMOVDQU Y0, (DI)(AX*1)
	ADDQ $32, AX
	CMPQ AX, $512
	JLT  loop
	VZEROUPPER
	RET
