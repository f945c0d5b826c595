//go:build !purego

// Stairs on AVX2: see kernels_stairs.go. They are built of operands in bits 64 bytes
// at a time, as in kernels_avx2_reach_amd64.s, and then runs climb them by vectors of
// 256 members, as they are set in kernels_avx2_runs_amd64.s.

#include "textflag.h"
#include "kernels_avx2_reach_amd64.h"
#include "kernels_avx2_runs_amd64.h"

// func stairsAVX2(p, s []*Words)
//
// p has 2 to 4 steps; s is not empty.
//
//	R9   s     R10  its length, R12 less one     R13  index     R8 R11  operands
//	BX   p     CX   its length     DI  a step     DX  offset in bytes
//	Y0 Y1  parity     Y2 Y3  in one carry     Y4 Y5  in two     Y6-Y11  between
TEXT ·stairsAVX2(SB), NOSPLIT, $0-48
	MOVQ p_base+0(FP), BX
	MOVQ p_len+8(FP), CX
	MOVQ s_base+24(FP), R9
	MOVQ s_len+32(FP), R10
	LEAQ -1(R10), R12
	XORL DX, DX
loop:
	MOVQ (R9), R8
	VMOVDQU (R8)(DX*1), Y0
	VMOVDQU 32(R8)(DX*1), Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	VPXOR Y4, Y4, Y4
	VPXOR Y5, Y5, Y5
	MOVL $1, R13
	CMPQ R13, R12
	JGE  last
pair:
	MOVQ (R9)(R13*8), R8
	MOVQ 8(R9)(R13*8), R11
	VMOVDQU (R8)(DX*1), Y6
	VMOVDQU 32(R8)(DX*1), Y7
	VMOVDQU (R11)(DX*1), Y8
	VMOVDQU 32(R11)(DX*1), Y9
	ADDQ $2, R13
	ADD(Y0, Y6, Y8, Y10)
	ADD(Y1, Y7, Y9, Y11)
	REACH(Y2, Y4, Y6, Y8)
	REACH(Y3, Y5, Y7, Y9)
	CMPQ R13, R12
	JLT  pair
last:
	CMPQ R13, R10
	JGE  store
	MOVQ (R9)(R13*8), R8
	VMOVDQU (R8)(DX*1), Y6
	VMOVDQU 32(R8)(DX*1), Y7
	VPAND Y6, Y0, Y8
	VPAND Y7, Y1, Y9
	VPXOR Y6, Y0, Y0
	VPXOR Y7, Y1, Y1
	REACH(Y2, Y4, Y8, Y10)
	REACH(Y3, Y5, Y9, Y11)
store:
	VPOR Y0, Y2, Y6
	VPOR Y1, Y3, Y7
	MOVQ (BX), DI
	VMOVDQU Y6, (DI)(DX*1)
	VMOVDQU Y7, 32(DI)(DX*1)
	MOVQ 8(BX), DI
	VMOVDQU Y2, (DI)(DX*1)
	VMOVDQU Y3, 32(DI)(DX*1)
	CMPQ CX, $3
	JLT  next
	VPAND Y0, Y2, Y6
	VPAND Y1, Y3, Y7
	VPOR  Y4, Y6, Y6
	VPOR  Y5, Y7, Y7
	MOVQ 16(BX), DI
	VMOVDQU Y6, (DI)(DX*1)
	VMOVDQU Y7, 32(DI)(DX*1)
	CMPQ CX, $4
	JLT  next
	MOVQ 24(BX), DI
	VMOVDQU Y4, (DI)(DX*1)
	VMOVDQU Y5, 32(DI)(DX*1)
next:
	ADDQ $64, DX
	CMPQ DX, $8192
	JLT  loop
	VZEROUPPER
	RET

// CLIMB2, CLIMB3 and CLIMB4 move the members x of a vector one step up.
#define CLIMB2(x, at) \
	VMOVDQU (R8)(at*1), Y2; \
	VPAND Y2, x, Y3; \
	VPOR  (R9)(at*1), Y3, Y3; \
	VPOR  Y2, x, Y2; \
	VMOVDQU Y3, (R9)(at*1); \
	VMOVDQU Y2, (R8)(at*1)

#define CLIMB3(x, at) \
	VMOVDQU (R9)(at*1), Y4; \
	VPAND Y4, x, Y5; \
	VPOR  (R10)(at*1), Y5, Y5; \
	VMOVDQU Y5, (R10)(at*1); \
	VMOVDQU (R8)(at*1), Y2; \
	VPAND Y2, x, Y3; \
	VPOR  Y4, Y3, Y3; \
	VPOR  Y2, x, Y2; \
	VMOVDQU Y3, (R9)(at*1); \
	VMOVDQU Y2, (R8)(at*1)

#define CLIMB4(x, at) \
	VMOVDQU (R10)(at*1), Y6; \
	VPAND Y6, x, Y7; \
	VPOR  (R11)(at*1), Y7, Y7; \
	VMOVDQU Y7, (R11)(at*1); \
	VMOVDQU (R9)(at*1), Y4; \
	VPAND Y4, x, Y5; \
	VPOR  Y6, Y5, Y5; \
	VMOVDQU Y5, (R10)(at*1); \
	VMOVDQU (R8)(at*1), Y2; \
	VPAND Y2, x, Y3; \
	VPOR  Y4, Y3, Y3; \
	VPOR  Y2, x, Y2; \
	VMOVDQU Y3, (R9)(at*1); \
	VMOVDQU Y2, (R8)(at*1)

// func climbRunsAVX2(p []*Words, rs []Run)
//
// p has 2 to 4 steps; rs is not empty.
//
//	R8 R9 R10 R11  the steps     SI  the next run     CX  runs to go
//	Y2-Y7  between     Y12-Y15  as in kernels_avx2_runs_amd64.h
TEXT ·climbRunsAVX2(SB), NOSPLIT, $0-48
	MOVQ p_base+0(FP), DI
	MOVQ p_len+8(FP), DX
	MOVQ rs_base+24(FP), SI
	MOVQ rs_len+32(FP), CX
	RUNS_BEGIN
	MOVQ (DI), R8
	MOVQ 8(DI), R9
	CMPQ DX, $3
	JLT  two
	MOVQ 16(DI), R10
	JEQ  three
	MOVQ 24(DI), R11
four:
	ENDS
	JNE  several4
	VPAND Y0, Y1, Y0
	CLIMB4(Y0, AX)
	DECQ CX
	JNZ  four
	JMP  done
several4:
	CLIMB4(Y0, AX)
	CLIMB4(Y1, BX)
	JMP  between4
fill4:
	CLIMB4(Y15, AX)
between4:
	BETWEEN(fill4)
	DECQ CX
	JNZ  four
	JMP  done
three:
	ENDS
	JNE  several3
	VPAND Y0, Y1, Y0
	CLIMB3(Y0, AX)
	DECQ CX
	JNZ  three
	JMP  done
several3:
	CLIMB3(Y0, AX)
	CLIMB3(Y1, BX)
	JMP  between3
fill3:
	CLIMB3(Y15, AX)
between3:
	BETWEEN(fill3)
	DECQ CX
	JNZ  three
	JMP  done
two:
	ENDS
	JNE  several2
	VPAND Y0, Y1, Y0
	CLIMB2(Y0, AX)
	DECQ CX
	JNZ  two
	JMP  done
several2:
	CLIMB2(Y0, AX)
	CLIMB2(Y1, BX)
	JMP  between2
fill2:
	CLIMB2(Y15, AX)
between2:
	BETWEEN(fill2)
	DECQ CX
	JNZ  two
done:
	VZEROUPPER
	RET
