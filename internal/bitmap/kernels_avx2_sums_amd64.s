//go:build !purego

// Sums of weights on AVX2. 16 bits become 16 counters' masks: spread to every one of
// them, cut to its own bit each, compared with that. So a member costs as much as
// nobody, and 256 of them less than one whose place has to be found. 256 without any
// are passed over.
//
//	AX  offset of the words in bytes, from 0 to 8192
//	SI DX  the words     DI  the counters
//	Y0  256 bits     Y1  64 of them, in both halves     Y2  16, then their masks
//	Y10-Y13  where 16 of the 64 are, for VPSHUFB     Y14  what is added     Y15  the bits

#include "textflag.h"

// SIXTEEN adds to 16 counters.
#define SIXTEEN(place, off) \
	VPSHUFB place, Y1, Y2; \
	VPAND Y15, Y2, Y2; \
	VPCMPEQW Y15, Y2, Y2; \
	VPAND Y14, Y2, Y2; \
	VPADDW off(DI), Y2, Y2; \
	VMOVDQU Y2, off(DI)

#define WORD(n, off) \
	VPERMQ $(0x55*n), Y0, Y1; \
	SIXTEEN(Y10, (off)); \
	SIXTEEN(Y11, (off+32)); \
	SIXTEEN(Y12, (off+64)); \
	SIXTEEN(Y13, (off+96))

// func addBothAVX2(d *Sums, a, b *Words, x uint16)
TEXT ·addBothAVX2(SB), NOSPLIT, $0-26
	MOVQ d+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	VPBROADCASTW x+24(FP), Y14
	VMOVDQU sixteenBits<>(SB), Y15
	MOVL $0x0100, AX
	VMOVD AX, X10
	VPBROADCASTW X10, Y10
	MOVL $0x0302, AX
	VMOVD AX, X11
	VPBROADCASTW X11, Y11
	MOVL $0x0504, AX
	VMOVD AX, X12
	VPBROADCASTW X12, Y12
	MOVL $0x0706, AX
	VMOVD AX, X13
	VPBROADCASTW X13, Y13
	XORL AX, AX
loop:
	VMOVDQU (SI)(AX*1), Y0
	VPAND (DX)(AX*1), Y0, Y0
	VPTEST Y0, Y0
	JZ   next
	WORD(0, 0)
	WORD(1, 128)
	WORD(2, 256)
	WORD(3, 384)
next:
	ADDQ $512, DI
	ADDQ $32, AX
	CMPQ AX, $8192
	JLT  loop
	VZEROUPPER
	RET

DATA sixteenBits<>+0(SB)/8, $0x0008000400020001
DATA sixteenBits<>+8(SB)/8, $0x0080004000200010
DATA sixteenBits<>+16(SB)/8, $0x0800040002000100
DATA sixteenBits<>+24(SB)/8, $0x8000400020001000
GLOBL sixteenBits<>(SB), RODATA|NOPTR, $32
