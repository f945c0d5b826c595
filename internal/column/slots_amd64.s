//go:build !purego

// The kernels of slots.go on AVX2: 64 offsets a step, whose bits are one word of the
// result. There is no unsigned comparison of vectors; x ≤ y is min(x, y) = x. Packing
// two vectors of masks to one of half the width takes them half vector by half
// vector, so that the parts must be put in order afterwards.
//
//	DI  the result       SI  the offsets       R8  their lower halves, of 24 bits
//	CX  words to go      AX BX  bits of the upper and lower 32 slots
//	Y8-Y15  the constants

#include "textflag.h"

// ARGS loads what all take.
#define ARGS(words, lo, hi) \
	MOVQ words, CX; \
	MOVQ lo, DX; \
	MOVQ hi, R9

// func between8AVX2(out *uint64, p *uint8, words int, lo, hi uint64)
TEXT ·between8AVX2(SB), NOSPLIT, $0-40
	MOVQ out+0(FP), DI
	MOVQ p+8(FP), SI
	ARGS(words+16(FP), lo+24(FP), hi+32(FP))
	SUBQ DX, R9
	MOVQ DX, X14
	MOVQ R9, X15
	VPBROADCASTB X14, Y14 // lo
	VPBROADCASTB X15, Y15 // hi − lo
loop:
	VMOVDQU (SI), Y0
	VMOVDQU 32(SI), Y1
	VPSUBB Y14, Y0, Y0
	VPSUBB Y14, Y1, Y1
	VPMINUB Y15, Y0, Y2
	VPMINUB Y15, Y1, Y3
	VPCMPEQB Y0, Y2, Y0
	VPCMPEQB Y1, Y3, Y1
	VPMOVMSKB Y0, BX
	VPMOVMSKB Y1, AX
	SHLQ $32, AX
	ORQ BX, AX
	ORQ AX, (DI)
	ADDQ $64, SI
	ADDQ $8, DI
	DECQ CX
	JNZ loop
	VZEROUPPER
	RET

// IN16 is the mask of the 32 offsets of 16 bits in a and b, in a.
#define IN16(a, b) \
	VPSUBW Y14, a, a; \
	VPSUBW Y14, b, b; \
	VPMINUW Y15, a, Y8; \
	VPMINUW Y15, b, Y9; \
	VPCMPEQW a, Y8, a; \
	VPCMPEQW b, Y9, b; \
	VPACKSSWB b, a, a; \
	VPERMQ $0xd8, a, a

// func between16AVX2(out *uint64, p *uint16, words int, lo, hi uint64)
TEXT ·between16AVX2(SB), NOSPLIT, $0-40
	MOVQ out+0(FP), DI
	MOVQ p+8(FP), SI
	ARGS(words+16(FP), lo+24(FP), hi+32(FP))
	SUBQ DX, R9
	MOVQ DX, X14
	MOVQ R9, X15
	VPBROADCASTW X14, Y14
	VPBROADCASTW X15, Y15
loop:
	VMOVDQU (SI), Y0
	VMOVDQU 32(SI), Y1
	VMOVDQU 64(SI), Y2
	VMOVDQU 96(SI), Y3
	IN16(Y0, Y1)
	IN16(Y2, Y3)
	VPMOVMSKB Y0, BX
	VPMOVMSKB Y2, AX
	SHLQ $32, AX
	ORQ BX, AX
	ORQ AX, (DI)
	ADDQ $128, SI
	ADDQ $8, DI
	DECQ CX
	JNZ loop
	VZEROUPPER
	RET

// IN32 is the mask of the 16 offsets of 32 bits in a and b, in a, half vector by half
// vector.
#define IN32(a, b) \
	VPSUBD Y14, a, a; \
	VPSUBD Y14, b, b; \
	VPMINUD Y15, a, Y8; \
	VPMINUD Y15, b, Y9; \
	VPCMPEQD a, Y8, a; \
	VPCMPEQD b, Y9, b; \
	VPACKSSDW b, a, a

// func between32AVX2(out *uint64, p *uint32, words int, lo, hi uint64)
TEXT ·between32AVX2(SB), NOSPLIT, $0-40
	MOVQ out+0(FP), DI
	MOVQ p+8(FP), SI
	ARGS(words+16(FP), lo+24(FP), hi+32(FP))
	SUBQ DX, R9
	MOVQ DX, X14
	MOVQ R9, X15
	VPBROADCASTD X14, Y14
	VPBROADCASTD X15, Y15
	VMOVDQU inOrder<>(SB), Y13
loop:
	VMOVDQU (SI), Y0
	VMOVDQU 32(SI), Y1
	VMOVDQU 64(SI), Y2
	VMOVDQU 96(SI), Y3
	VMOVDQU 128(SI), Y4
	VMOVDQU 160(SI), Y5
	VMOVDQU 192(SI), Y6
	VMOVDQU 224(SI), Y7
	IN32(Y0, Y1)
	IN32(Y2, Y3)
	IN32(Y4, Y5)
	IN32(Y6, Y7)
	VPACKSSWB Y2, Y0, Y0
	VPACKSSWB Y6, Y4, Y4
	VPERMD Y0, Y13, Y0
	VPERMD Y4, Y13, Y4
	VPMOVMSKB Y0, BX
	VPMOVMSKB Y4, AX
	SHLQ $32, AX
	ORQ BX, AX
	ORQ AX, (DI)
	ADDQ $256, SI
	ADDQ $8, DI
	DECQ CX
	JNZ loop
	VZEROUPPER
	RET

DATA inOrder<>+0(SB)/8, $0x0000000400000000
DATA inOrder<>+8(SB)/8, $0x0000000500000001
DATA inOrder<>+16(SB)/8, $0x0000000600000002
DATA inOrder<>+24(SB)/8, $0x0000000700000003
GLOBL inOrder<>(SB), RODATA|NOPTR, $32

// IN24 is the mask of 32 offsets of 24 bits in in: those whose upper byte, at high, is
// from that of lo to that of hi, but for those where it is the same as lo's and the
// lower half is below lo's, or the same as hi's and the lower half is above. l0 to l3
// are the lower halves. What saturates at 0 is not below, and packing keeps it so.
#define IN24(high, l0, l1, l2, l3, in) \
	VMOVDQU high, Y2; \
	VMOVDQU l0, X6; \
	VMOVDQU l1, X7; \
	VINSERTI128 $1, l2, Y6, Y6; \
	VINSERTI128 $1, l3, Y7, Y7; \
	VPSUBB Y15, Y2, in; \
	VPCMPEQB Y14, Y2, Y3; \
	VPCMPEQB Y15, Y2, Y2; \
	VPMINUB Y11, in, Y4; \
	VPCMPEQB in, Y4, in; \
	VPSUBUSW Y6, Y13, Y8; \
	VPSUBUSW Y7, Y13, Y9; \
	VPSUBUSW Y12, Y6, Y6; \
	VPSUBUSW Y12, Y7, Y7; \
	VPACKSSWB Y9, Y8, Y8; \
	VPACKSSWB Y7, Y6, Y6; \
	VPAND Y8, Y2, Y8; \
	VPAND Y6, Y3, Y6; \
	VPOR Y8, Y6, Y8; \
	VPCMPEQB Y10, Y8, Y8; \
	VPAND in, Y8, in

// func between24AVX2(out *uint64, low *uint16, high *uint8, words int, lo, hi uint64)
//
// It reads all lower halves, though only those matter whose upper byte is the same as
// that of lo or hi: a branch that is taken as the values fall took longer. Two streams
// of short pieces are more than the processor foresees by itself.
TEXT ·between24AVX2(SB), NOSPLIT, $0-48
	MOVQ out+0(FP), DI
	MOVQ low+8(FP), R8
	MOVQ high+16(FP), SI
	ARGS(words+24(FP), lo+32(FP), hi+40(FP))
	MOVQ DX, X13
	MOVQ R9, X12
	VPBROADCASTW X13, Y13 // lower half of lo
	VPBROADCASTW X12, Y12 // of hi
	SHRQ $16, DX
	SHRQ $16, R9
	MOVQ DX, X15
	MOVQ R9, X14
	VPBROADCASTB X15, Y15 // upper byte of lo
	VPBROADCASTB X14, Y14 // of hi
	VPSUBB Y15, Y14, Y11
	VPXOR Y10, Y10, Y10
loop:
	PREFETCHT0 1024(SI)
	PREFETCHT0 1024(R8)
	PREFETCHT0 1088(R8)
	IN24((SI), (R8), 16(R8), 32(R8), 48(R8), Y0)
	IN24(32(SI), 64(R8), 80(R8), 96(R8), 112(R8), Y1)
	VPMOVMSKB Y0, BX
	VPMOVMSKB Y1, AX
	SHLQ $32, AX
	ORQ BX, AX
	ORQ AX, (DI)
	ADDQ $64, SI
	ADDQ $128, R8
	ADDQ $8, DI
	DECQ CX
	JNZ loop
	VZEROUPPER
	RET

// func depositBMI2(out, ms *uint64, words int, slots *slotBits)
TEXT ·depositBMI2(SB), NOSPLIT, $0-32
	MOVQ out+0(FP), DI
	MOVQ ms+8(FP), SI
	MOVQ words+16(FP), R8
	MOVQ slots+24(FP), R9
	XORL CX, CX // slots before
loop:
	MOVQ (SI), AX
	MOVQ CX, DX
	SHRQ $6, DX
	MOVQ (R9)(DX*8), R10
	MOVQ 8(R9)(DX*8), R11
	SHRQ CX, R11, R10
	PDEPQ AX, R10, R12
	MOVQ R12, (DI)
	POPCNTQ AX, AX
	ADDQ AX, CX
	ADDQ $8, SI
	ADDQ $8, DI
	DECQ R8
	JNZ loop
	RET
