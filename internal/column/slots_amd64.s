//go:build !purego

// The kernels of slots.go on AVX2: 64 offsets a step, whose bits are one word of the
// result. There is no unsigned comparison of vectors, so what is compared is x − lo
// and hi − lo, both less half of what the width holds, signed; its result is the
// offsets outside. Packing two vectors of results to one of half the width takes them
// half vector by half vector, so that the parts must be put in order afterwards.
//
//	DI  the result       SI  the offsets       CX  words to go
//	AX BX  bits of the upper and lower 32 slots
//	Y14  lo and half     Y15  hi − lo − half   Y12 Y13  other constants

#include "textflag.h"

// AHEAD is how far before its use memory is asked for. The processor by itself stops
// at the end of a page of 4 KiB, of which a chunk has few. What is past the chunk is
// asked for in vain, and harmlessly.
#define AHEAD 2048

// ARGS loads the arguments of all, with half to the constants' lowest places.
#define ARGS(half) \
	MOVQ out+0(FP), DI; \
	MOVQ p+8(FP), SI; \
	MOVQ words+16(FP), CX; \
	MOVQ lo+24(FP), DX; \
	MOVQ hi+32(FP), R9; \
	SUBQ DX, R9; \
	ADDL half, DX; \
	SUBL half, R9; \
	MOVQ DX, X14; \
	MOVQ R9, X15

// NEXT adds a step's result, of the masks of those outside, and goes on.
#define NEXT(low, high, bytes) \
	VPMOVMSKB low, BX; \
	VPMOVMSKB high, AX; \
	SHLQ $32, AX; \
	ORQ BX, AX; \
	NOTQ AX; \
	ORQ AX, (DI); \
	ADDQ bytes, SI; \
	ADDQ $8, DI; \
	DECQ CX; \
	JNZ loop; \
	VZEROUPPER

// func between8AVX2(out *uint64, p *uint8, words int, lo, hi uint64)
TEXT ·between8AVX2(SB), NOSPLIT, $0-40
	ARGS($0x80)
	VPBROADCASTB X14, Y14
	VPBROADCASTB X15, Y15
loop:
	PREFETCHT0 (AHEAD)(SI)
	VMOVDQU (SI), Y0
	VMOVDQU 32(SI), Y1
	VPSUBB Y14, Y0, Y0
	VPSUBB Y14, Y1, Y1
	VPCMPGTB Y15, Y0, Y0
	VPCMPGTB Y15, Y1, Y1
	NEXT(Y0, Y1, $64)
	RET

// OUT16 is the mask of the 32 offsets of 16 bits in a and b, in a.
#define OUT16(a, b) \
	VPSUBW Y14, a, a; \
	VPSUBW Y14, b, b; \
	VPCMPGTW Y15, a, a; \
	VPCMPGTW Y15, b, b; \
	VPACKSSWB b, a, a; \
	VPERMQ $0xd8, a, a

// func between16AVX2(out *uint64, p *uint16, words int, lo, hi uint64)
TEXT ·between16AVX2(SB), NOSPLIT, $0-40
	ARGS($0x8000)
	VPBROADCASTW X14, Y14
	VPBROADCASTW X15, Y15
loop:
	PREFETCHT0 (AHEAD)(SI)
	PREFETCHT0 (AHEAD+64)(SI)
	VMOVDQU (SI), Y0
	VMOVDQU 32(SI), Y1
	VMOVDQU 64(SI), Y2
	VMOVDQU 96(SI), Y3
	OUT16(Y0, Y1)
	OUT16(Y2, Y3)
	NEXT(Y0, Y2, $128)
	RET

// OUT32 is the mask of the 32 offsets of 32 bits in a, b, c and d, in a.
#define OUT32(a, b, c, d) \
	VPSUBD Y14, a, a; \
	VPSUBD Y14, b, b; \
	VPSUBD Y14, c, c; \
	VPSUBD Y14, d, d; \
	VPCMPGTD Y15, a, a; \
	VPCMPGTD Y15, b, b; \
	VPCMPGTD Y15, c, c; \
	VPCMPGTD Y15, d, d; \
	VPACKSSDW b, a, a; \
	VPACKSSDW d, c, c; \
	VPACKSSWB c, a, a; \
	VPERMD a, Y13, a

// func between32AVX2(out *uint64, p *uint32, words int, lo, hi uint64)
TEXT ·between32AVX2(SB), NOSPLIT, $0-40
	ARGS($0x80000000)
	VPBROADCASTD X14, Y14
	VPBROADCASTD X15, Y15
	VMOVDQU inOrder<>(SB), Y13
loop:
	PREFETCHT0 (AHEAD)(SI)
	PREFETCHT0 (AHEAD+64)(SI)
	PREFETCHT0 (AHEAD+128)(SI)
	PREFETCHT0 (AHEAD+192)(SI)
	VMOVDQU (SI), Y0
	VMOVDQU 32(SI), Y1
	VMOVDQU 64(SI), Y2
	VMOVDQU 96(SI), Y3
	VMOVDQU 128(SI), Y4
	VMOVDQU 160(SI), Y5
	VMOVDQU 192(SI), Y6
	VMOVDQU 224(SI), Y7
	OUT32(Y0, Y1, Y2, Y3)
	OUT32(Y4, Y5, Y6, Y7)
	NEXT(Y0, Y4, $256)
	RET

// TRIPLES makes integers of the eight triples at at: of the first four from the first
// 16 of their 24 bytes, of the others from the last 16.
#define TRIPLES(at, y, x) \
	VMOVDQU at(SI), x; \
	VINSERTI128 $1, (at+8)(SI), y, y; \
	VPSHUFB Y12, y, y

// func between24AVX2(out *uint64, p *triple, words int, lo, hi uint64)
TEXT ·between24AVX2(SB), NOSPLIT, $0-40
	ARGS($0x80000000)
	VPBROADCASTD X14, Y14
	VPBROADCASTD X15, Y15
	VMOVDQU inOrder<>(SB), Y13
	VMOVDQU triples<>(SB), Y12
loop:
	PREFETCHT0 (AHEAD)(SI)
	PREFETCHT0 (AHEAD+64)(SI)
	PREFETCHT0 (AHEAD+128)(SI)
	TRIPLES(0, Y0, X0)
	TRIPLES(24, Y1, X1)
	TRIPLES(48, Y2, X2)
	TRIPLES(72, Y3, X3)
	TRIPLES(96, Y4, X4)
	TRIPLES(120, Y5, X5)
	TRIPLES(144, Y6, X6)
	TRIPLES(168, Y7, X7)
	OUT32(Y0, Y1, Y2, Y3)
	OUT32(Y4, Y5, Y6, Y7)
	NEXT(Y0, Y4, $192)
	RET

// The order of the parts that OUT32 has packed, for VPERMD.
DATA inOrder<>+0(SB)/8, $0x0000000400000000
DATA inOrder<>+8(SB)/8, $0x0000000500000001
DATA inOrder<>+16(SB)/8, $0x0000000600000002
DATA inOrder<>+24(SB)/8, $0x0000000700000003
GLOBL inOrder<>(SB), RODATA|NOPTR, $32

// The bytes of four triples, and 0, for VPSHUFB: from the first byte on in the lower
// half of the vector, from the fifth on in the upper.
DATA triples<>+0(SB)/8, $0x8005040380020100
DATA triples<>+8(SB)/8, $0x800b0a0980080706
DATA triples<>+16(SB)/8, $0x8009080780060504
DATA triples<>+24(SB)/8, $0x800f0e0d800c0b0a
GLOBL triples<>(SB), RODATA|NOPTR, $32

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
