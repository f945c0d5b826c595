//go:build !purego

// Which members are in at least t of any number of operands, on AVX-512, 2 ≤ t ≤ 8: as
// in kernels_avx2_reach_amd64.s, by steps of 128 bytes, and with full adders of two
// operations.
//
//	R9   s     R10  its length     R13  index     R8 R11  operands     BX  t
//	DX   offset of the step in bytes     DI  d
//	Z0 Z1  weight one     Z2 Z3  weight two, or in one     Z4 Z5  in one, or in two
//	Z6 Z7  in two         Z8-Z11  operands and carries     Z12  between

#include "textflag.h"
#include "kernels_avx512_amd64.h"

#define TWO(off) \
	MOVQ (off)(R9)(R13*8), R8; \
	MOVQ (off+8)(R9)(R13*8), R11; \
	VMOVDQU64 (R8)(DX*1), Z8; \
	VMOVDQU64 64(R8)(DX*1), Z9; \
	VMOVDQU64 (R11)(DX*1), Z10; \
	VMOVDQU64 64(R11)(DX*1), Z11

#define ONE \
	MOVQ (R9)(R13*8), R8; \
	VMOVDQU64 (R8)(DX*1), Z8; \
	VMOVDQU64 64(R8)(DX*1), Z9; \
	INCQ R13

// FIRST takes the first operand as it is.
#define FIRST \
	MOVQ (R9), R8; \
	VMOVDQU64 (R8)(DX*1), Z0; \
	VMOVDQU64 64(R8)(DX*1), Z1; \
	MOVL $1, R13; \
	VPXORQ Z2, Z2, Z2; \
	VPXORQ Z3, Z3, Z3; \
	VPXORQ Z4, Z4, Z4; \
	VPXORQ Z5, Z5, Z5

// DONE stores a and b, and goes on with the next step.
#define DONE(a, b, step) \
	VMOVDQU64 a, (DI)(DX*1); \
	VMOVDQU64 b, 64(DI)(DX*1); \
	ADDQ $128, DX; \
	CMPQ DX, $8192; \
	JLT  step; \
	VZEROUPPER; \
	RET

// BOTH adds a and b to those in one and those in two.
#define BOTH(one, two, a, b) \
	VMOVDQA64 one, Z12; \
	VPTERNLOGQ MAJORITY, b, a, Z12; \
	VPTERNLOGQ OR3, b, a, one; \
	VPORQ Z12, two, two

// func atLeastManyAVX512(d *Words, s []*Words, t int)
//
// s is not empty.
TEXT ·atLeastManyAVX512(SB), NOSPLIT, $0-40
	MOVQ d+0(FP), DI
	MOVQ s_base+8(FP), R9
	MOVQ s_len+16(FP), R10
	MOVQ t+32(FP), BX
	XORL DX, DX
	CMPQ BX, $4
	JGT  fours
	CMPQ BX, $2
	JGT  pairs

two: // Z0 Z1  in one     Z2 Z3  in two
	FIRST
	LEAQ -1(R10), R12
	CMPQ R13, R12
	JGE  twoLast
twoNext:
	TWO(0)
	BOTH(Z0, Z2, Z8, Z10)
	BOTH(Z1, Z3, Z9, Z11)
	ADDQ $2, R13
	CMPQ R13, R12
	JLT  twoNext
twoLast:
	CMPQ R13, R10
	JGE  twoDone
	ONE
	REACH(Z0, Z2, Z8)
	REACH(Z1, Z3, Z9)
twoDone:
	DONE(Z2, Z3, two)

pairs: // Z0 Z1  parity     Z2 Z3  one carry     Z4 Z5  two
	FIRST
	LEAQ -1(R10), R12
	CMPQ R13, R12
	JGE  pairsLast
pairsNext:
	TWO(0)
	ADD3(Z8, Z10, Z0)
	ADD3(Z9, Z11, Z1)
	REACH(Z2, Z4, Z8)
	REACH(Z3, Z5, Z9)
	ADDQ $2, R13
	CMPQ R13, R12
	JLT  pairsNext
pairsLast:
	CMPQ R13, R10
	JGE  pairsDone
	ONE
	HALF(Z0, Z8)
	HALF(Z1, Z9)
	REACH(Z2, Z4, Z8)
	REACH(Z3, Z5, Z9)
pairsDone:
	CMPQ BX, $3
	JGT  pairsStore
	VPTERNLOGQ OR_BOTH, Z0, Z2, Z4
	VPTERNLOGQ OR_BOTH, Z1, Z3, Z5
pairsStore:
	DONE(Z4, Z5, pairs)

fours: // Z0 Z1  weight one     Z2 Z3  weight two     Z4 Z5  one of weight four     Z6 Z7  two
	FIRST
	VPXORQ Z6, Z6, Z6
	VPXORQ Z7, Z7, Z7
	LEAQ -3(R10), R12
	CMPQ R13, R12
	JGE  foursRest
foursNext: // Z13 Z14  what the first two operands carry
	TWO(0)
	ADD3(Z8, Z10, Z0)
	ADD3(Z9, Z11, Z1)
	VMOVDQA64 Z8, Z13
	VMOVDQA64 Z9, Z14
	TWO(16)
	ADD3(Z8, Z10, Z0)
	ADD3(Z9, Z11, Z1)
	ADD3(Z8, Z13, Z2)
	ADD3(Z9, Z14, Z3)
	REACH(Z4, Z6, Z8)
	REACH(Z5, Z7, Z9)
	ADDQ $4, R13
	CMPQ R13, R12
	JLT  foursNext
foursRest:
	CMPQ R13, R10
	JGE  foursDone
foursOne:
	ONE
	HALF(Z0, Z8)
	HALF(Z1, Z9)
	HALF(Z2, Z8)
	HALF(Z3, Z9)
	REACH(Z4, Z6, Z8)
	REACH(Z5, Z7, Z9)
	CMPQ R13, R10
	JLT  foursOne
foursDone: // t is 4 and what Z4 must meet in weights two and one
	CMPQ BX, $6
	JGT  seven
	JEQ  six
	VPORQ Z0, Z2, Z2
	VPORQ Z1, Z3, Z3
	JMP  six
seven:
	CMPQ BX, $7
	JGT  foursStore
	VPANDQ Z0, Z2, Z2
	VPANDQ Z1, Z3, Z3
six:
	VPTERNLOGQ OR_BOTH, Z2, Z4, Z6
	VPTERNLOGQ OR_BOTH, Z3, Z5, Z7
foursStore:
	DONE(Z6, Z7, fours)

// func stairsAVX512(p, s []*Words)
//
// The stairs of kernels_stairs.go, built like pairs. p has 2 to 4 steps; s is not empty.
//
//	BX   p     CX   its length     DI  a step     R12  one less than the length of s
//	Z0 Z1  parity     Z2 Z3  in one carry     Z4 Z5  in two
TEXT ·stairsAVX512(SB), NOSPLIT, $0-48
	MOVQ p_base+0(FP), BX
	MOVQ p_len+8(FP), CX
	MOVQ s_base+24(FP), R9
	MOVQ s_len+32(FP), R10
	LEAQ -1(R10), R12
	XORL DX, DX
loop:
	FIRST
	CMPQ R13, R12
	JGE  last
pair:
	TWO(0)
	ADD3(Z8, Z10, Z0)
	ADD3(Z9, Z11, Z1)
	REACH(Z2, Z4, Z8)
	REACH(Z3, Z5, Z9)
	ADDQ $2, R13
	CMPQ R13, R12
	JLT  pair
last:
	CMPQ R13, R10
	JGE  store
	ONE
	HALF(Z0, Z8)
	HALF(Z1, Z9)
	REACH(Z2, Z4, Z8)
	REACH(Z3, Z5, Z9)
store:
	VPORQ Z0, Z2, Z6
	VPORQ Z1, Z3, Z7
	MOVQ (BX), DI
	VMOVDQU64 Z6, (DI)(DX*1)
	VMOVDQU64 Z7, 64(DI)(DX*1)
	MOVQ 8(BX), DI
	VMOVDQU64 Z2, (DI)(DX*1)
	VMOVDQU64 Z3, 64(DI)(DX*1)
	CMPQ CX, $3
	JLT  next
	MOVQ 16(BX), DI
	VMOVDQA64 Z4, Z6
	VMOVDQA64 Z5, Z7
	VPTERNLOGQ OR_BOTH, Z0, Z2, Z6
	VPTERNLOGQ OR_BOTH, Z1, Z3, Z7
	VMOVDQU64 Z6, (DI)(DX*1)
	VMOVDQU64 Z7, 64(DI)(DX*1)
	JEQ  next
	MOVQ 24(BX), DI
	VMOVDQU64 Z4, (DI)(DX*1)
	VMOVDQU64 Z5, 64(DI)(DX*1)
next:
	ADDQ $128, DX
	CMPQ DX, $8192
	JLT  loop
	VZEROUPPER
	RET
