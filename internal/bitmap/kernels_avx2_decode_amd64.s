//go:build !purego

// Bits to values. A loop over the bits of a word spends most of its time on
// mispredicting its end; here every word writes as many values as it may have, right
// or wrong, and the next one overwrites those past its members. A word of up to four
// members writes four (TZCNT, BLSR), others eight for each byte, whose places are
// looked up and widened (D. Lemire, "Iterating over set bits quickly (SIMD edition)",
// 2018). It ends where there is no room for a word's 64 values, members or not.
//
//	DI  where the next value goes     CX  the last place with room for a word
//	SI  the next word     R8  the end of the words     DX  places of each byte's bits
//	AX  the word     BX  a byte, its members     R9  the word's base
//	R11  a member of a word of few
//	Y0  the byte's base     Y1  its values     Y8  8 in each

#include "textflag.h"

// FEW writes a member and goes on to the next.
#define FEW(off) \
	TZCNTQ AX, R11; \
	ADDL R9, R11; \
	MOVL R11, off(DI); \
	BLSRQ AX, AX

// BYTE32 writes eight values of the lowest byte of AX.
#define BYTE32 \
	MOVBLZX AX, BX; \
	VPMOVZXBD (DX)(BX*8), Y1; \
	VPADDD Y0, Y1, Y1; \
	VPADDD Y8, Y0, Y0; \
	VMOVDQU Y1, (DI); \
	POPCNTL BX, BX; \
	SHRQ $8, AX; \
	LEAQ (DI)(BX*4), DI

// func decodeAVX2(dst *uint32, room int, w *uint64, words int, base uint32, places *[256]uint64) (n, done int)
TEXT ·decodeAVX2(SB), NOSPLIT, $0-64
	MOVQ dst+0(FP), DI
	MOVQ room+8(FP), CX
	LEAQ -256(DI)(CX*4), CX
	MOVQ w+16(FP), SI
	MOVQ words+24(FP), R8
	LEAQ (SI)(R8*8), R8
	MOVL base+32(FP), R9
	MOVQ places+40(FP), DX
	MOVL $8, AX
	VMOVD AX, X8
	VPBROADCASTD X8, Y8
loop:
	CMPQ SI, R8
	JEQ  done
	CMPQ DI, CX
	JHI  done
	MOVQ (SI), AX
	POPCNTQ AX, BX
	CMPQ BX, $4
	JHI  many
	FEW(0)
	FEW(4)
	FEW(8)
	FEW(12)
	LEAQ (DI)(BX*4), DI
next:
	ADDQ $8, SI
	ADDL $64, R9
	JMP  loop
many:
	VMOVD R9, X0
	VPBROADCASTD X0, Y0
	BYTE32
	BYTE32
	BYTE32
	BYTE32
	BYTE32
	BYTE32
	BYTE32
	BYTE32
	JMP next
done:
	SUBQ dst+0(FP), DI
	SHRQ $2, DI
	MOVQ DI, n+48(FP)
	SUBQ w+16(FP), SI
	SHRQ $3, SI
	MOVQ SI, done+56(FP)
	VZEROUPPER
	RET
