//go:build !purego

// An array's values looked up in the bits of a block: every value is written, and
// its bit goes to the carry flag, and from there into the number of those kept.
//
//	DI  w     SI  end of a     CX  values to go, negative     DX  out
//	R8  kept so far     R9  keep     AX  value     BX  its word

#include "textflag.h"

// KEEP writes a value and leaves its bit in the carry flag.
#define KEEP(off) \
	MOVWLZX off(SI)(CX*2), AX; \
	MOVW AX, (DX)(R8*2); \
	MOVL AX, BX; \
	SHRL $6, BX; \
	MOVQ (DI)(BX*8), BX; \
	BTQ  AX, BX

// func filterBitsAVX2(out *uint16, a []uint16, w *Words, keep bool) int
TEXT ·filterBitsAVX2(SB), NOSPLIT, $0-56
	MOVQ out+0(FP), DX
	MOVQ a_base+8(FP), SI
	MOVQ a_len+16(FP), CX
	MOVQ w+32(FP), DI
	MOVBLZX keep+40(FP), R9
	XORL R8, R8
	LEAQ (SI)(CX*2), SI
	NEGQ CX
	JZ   done
	TESTL R9, R9
	JZ   without
	TESTL $1, CX
	JZ   with
	KEEP(0)
	ADCQ $0, R8
	INCQ CX
	JZ   done
with:
	KEEP(0)
	ADCQ $0, R8
	KEEP(2)
	ADCQ $0, R8
	ADDQ $2, CX
	JNZ  with
	JMP  done
without:
	TESTL $1, CX
	JZ   pairs
	KEEP(0)
	SBBQ $-1, R8
	INCQ CX
	JZ   done
pairs:
	KEEP(0)
	SBBQ $-1, R8
	KEEP(2)
	SBBQ $-1, R8
	ADDQ $2, CX
	JNZ  pairs
done:
	MOVQ R8, ret+48(FP)
	RET
