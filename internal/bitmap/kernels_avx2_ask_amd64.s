//go:build !purego

// A number added to the sums of those who are in the bits of a block: a list of
// members is asked for one after the other, and each answer goes from the carry flag
// into a mask for the number. It beats gathering eight words at a time, which measured
// 9 % slower in the nearest cache and twice as slow out of it.
//
//	DI  w     SI  end of a     DX  end of the sums     CX  values to go, negative
//	R9  the number     AX, R10  value     BX, R11  its word
//	R8, R12  the number or 0

#include "textflag.h"

#define ASK(i, value, word, some) \
	MOVWLZX (2*i)(SI)(CX*2), value; \
	MOVL value, word; \
	SHRL $6, word; \
	MOVQ (DI)(word*8), word; \
	BTQ  value, word; \
	SBBQ some, some; \
	ANDQ R9, some; \
	ADDQ some, (8*i)(DX)(CX*8)

// func addWhereAVX2(sums []int64, a []uint16, w *Words, x int64)
TEXT ·addWhereAVX2(SB), NOSPLIT, $0-64
	MOVQ sums_base+0(FP), DX
	MOVQ a_base+24(FP), SI
	MOVQ a_len+32(FP), CX
	MOVQ w+48(FP), DI
	MOVQ x+56(FP), R9
	LEAQ (SI)(CX*2), SI
	LEAQ (DX)(CX*8), DX
	NEGQ CX
	JZ   done
odd: // until there are a multiple of four to go
	TESTL $3, CX
	JZ   four
	ASK(0, AX, BX, R8)
	INCQ CX
	JNZ  odd
	RET
four:
	ASK(0, AX, BX, R8)
	ASK(1, R10, R11, R12)
	ASK(2, AX, BX, R8)
	ASK(3, R10, R11, R12)
	ADDQ $4, CX
	JNZ  four
done:
	RET
