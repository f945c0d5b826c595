//go:build !purego

// Which members are in at least t of any number of operands, on AVX2, 2 ≤ t ≤ 8. A
// step of 64 bytes goes through all operands, and what it counts stays in registers:
//
//	t ≤ 2  those in one and in two so far
//	t ≤ 4  two operands a time into a full adder with the parity; of what it
//	       carries, which weighs two, again those in one and in two
//	t ≤ 8  four operands a time: two adders at weight one, one at weight two, and
//	       of what that carries those in one and in two
//
// Each operand is read once, and no step is written before all of it has been read,
// so that d may be any of them.
//
//	R9   s     R10  its length     R13  index     R8 R11  operands     BX  t
//	DX   offset of the step in bytes     DI  d
//	Y0 Y1  weight one     Y2 Y3  weight two, or in one     Y4 Y5  in one, or in two
//	Y6 Y7  in two         Y8-Y15  between

#include "textflag.h"
#include "kernels_avx2_reach_amd64.h"

// ADDMEM is ADD with b in memory.
#define ADDMEM(s, a, b, x) \
	VPXOR a, s, x; \
	VPAND a, s, a; \
	VPXOR b, x, s; \
	VPAND b, x, x; \
	VPOR  a, x, a

// HALF leaves the sum of s and a in s and the carry in a.
#define HALF(s, a, x) \
	VPAND a, s, x; \
	VPXOR a, s, s; \
	VMOVDQA x, a

#define TWO \
	MOVQ (R9)(R13*8), R8; \
	MOVQ 8(R9)(R13*8), R11; \
	VMOVDQU (R8)(DX*1), Y8; \
	VMOVDQU 32(R8)(DX*1), Y9; \
	VMOVDQU (R11)(DX*1), Y10; \
	VMOVDQU 32(R11)(DX*1), Y11; \
	ADDQ $2, R13

#define ONE \
	MOVQ (R9)(R13*8), R8; \
	VMOVDQU (R8)(DX*1), Y8; \
	VMOVDQU 32(R8)(DX*1), Y9; \
	INCQ R13

// FIRST takes the first operand as it is.
#define FIRST \
	MOVQ (R9), R8; \
	VMOVDQU (R8)(DX*1), Y0; \
	VMOVDQU 32(R8)(DX*1), Y1; \
	MOVL $1, R13; \
	VPXOR Y2, Y2, Y2; \
	VPXOR Y3, Y3, Y3; \
	VPXOR Y4, Y4, Y4; \
	VPXOR Y5, Y5, Y5

// DONE stores a and b, and goes on with the next step.
#define DONE(a, b, step) \
	VMOVDQU a, (DI)(DX*1); \
	VMOVDQU b, 32(DI)(DX*1); \
	ADDQ $64, DX; \
	CMPQ DX, $8192; \
	JLT  step; \
	VZEROUPPER; \
	RET

// func atLeastManyAVX2(d *Words, s []*Words, t int)
//
// s is not empty.
TEXT ·atLeastManyAVX2(SB), NOSPLIT, $0-40
	MOVQ d+0(FP), DI
	MOVQ s_base+8(FP), R9
	MOVQ s_len+16(FP), R10
	MOVQ t+32(FP), BX
	XORL DX, DX
	CMPQ BX, $4
	JGT  fours
	CMPQ BX, $2
	JGT  pairs

two: // Y0 Y1  in one     Y2 Y3  in two
	FIRST
	LEAQ -1(R10), R12
	CMPQ R13, R12
	JGE  twoLast
twoNext:
	TWO
	VPOR  Y8, Y10, Y12
	VPOR  Y9, Y11, Y13
	VPAND Y8, Y10, Y8
	VPAND Y9, Y11, Y9
	VPAND Y12, Y0, Y10
	VPAND Y13, Y1, Y11
	VPOR  Y8, Y2, Y2
	VPOR  Y9, Y3, Y3
	VPOR  Y12, Y0, Y0
	VPOR  Y13, Y1, Y1
	VPOR  Y10, Y2, Y2
	VPOR  Y11, Y3, Y3
	CMPQ R13, R12
	JLT  twoNext
twoLast:
	CMPQ R13, R10
	JGE  twoDone
	ONE
	REACH(Y0, Y2, Y8, Y10)
	REACH(Y1, Y3, Y9, Y11)
twoDone:
	DONE(Y2, Y3, two)

pairs: // Y0 Y1  parity     Y2 Y3  one carry     Y4 Y5  two
	FIRST
	LEAQ -1(R10), R12
	CMPQ R13, R12
	JGE  pairsLast
pairsNext:
	TWO
	ADD(Y0, Y8, Y10, Y12)
	ADD(Y1, Y9, Y11, Y13)
	REACH(Y2, Y4, Y8, Y10)
	REACH(Y3, Y5, Y9, Y11)
	CMPQ R13, R12
	JLT  pairsNext
pairsLast:
	CMPQ R13, R10
	JGE  pairsDone
	ONE
	HALF(Y0, Y8, Y10)
	HALF(Y1, Y9, Y11)
	REACH(Y2, Y4, Y8, Y10)
	REACH(Y3, Y5, Y9, Y11)
pairsDone:
	CMPQ BX, $3
	JGT  pairsStore
	VPAND Y0, Y2, Y0
	VPAND Y1, Y3, Y1
	VPOR  Y0, Y4, Y4
	VPOR  Y1, Y5, Y5
pairsStore:
	DONE(Y4, Y5, pairs)

fours: // Y0 Y1  weight one     Y2 Y3  weight two     Y4 Y5  one of weight four     Y6 Y7  two
	FIRST
	VPXOR Y6, Y6, Y6
	VPXOR Y7, Y7, Y7
	LEAQ -3(R10), R12
	CMPQ R13, R12
	JGE  foursRest
foursNext:
	MOVQ (R9)(R13*8), R8
	MOVQ 8(R9)(R13*8), R11
	VMOVDQU (R8)(DX*1), Y8
	VMOVDQU 32(R8)(DX*1), Y9
	ADDMEM(Y0, Y8, (R11)(DX*1), Y12)
	ADDMEM(Y1, Y9, 32(R11)(DX*1), Y13)
	MOVQ 16(R9)(R13*8), R8
	MOVQ 24(R9)(R13*8), R11
	VMOVDQU (R8)(DX*1), Y10
	VMOVDQU 32(R8)(DX*1), Y11
	ADDMEM(Y0, Y10, (R11)(DX*1), Y12)
	ADDMEM(Y1, Y11, 32(R11)(DX*1), Y13)
	ADD(Y2, Y8, Y10, Y12)
	ADD(Y3, Y9, Y11, Y13)
	REACH(Y4, Y6, Y8, Y10)
	REACH(Y5, Y7, Y9, Y11)
	ADDQ $4, R13
	CMPQ R13, R12
	JLT  foursNext
foursRest:
	CMPQ R13, R10
	JGE  foursDone
foursOne:
	ONE
	HALF(Y0, Y8, Y10)
	HALF(Y1, Y9, Y11)
	HALF(Y2, Y8, Y10)
	HALF(Y3, Y9, Y11)
	REACH(Y4, Y6, Y8, Y10)
	REACH(Y5, Y7, Y9, Y11)
	CMPQ R13, R10
	JLT  foursOne
foursDone: // t is 4 and what Y4 must meet in weights two and one
	CMPQ BX, $6
	JGT  seven
	JEQ  six
	VPOR Y0, Y2, Y2
	VPOR Y1, Y3, Y3
	JMP  six
seven:
	CMPQ BX, $7
	JGT  foursStore
	VPAND Y0, Y2, Y2
	VPAND Y1, Y3, Y3
six:
	VPAND Y2, Y4, Y4
	VPAND Y3, Y5, Y5
	VPOR  Y4, Y6, Y6
	VPOR  Y5, Y7, Y7
foursStore:
	DONE(Y6, Y7, fours)
