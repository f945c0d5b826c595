//go:build !purego

// The kernels of slots.go on AVX-512: 64 offsets a step, whose bits are one word of the
// result. Vectors are compared unsigned, and to masks, so that the masks of a step need
// only be put side by side.
//
//	DI  the result       SI  the offsets       CX  words to go
//	AX  bits of a step   Z0-Z3  the offsets, less lo
//	Z14  lo              Z15  hi − lo          Z12 Z13 K7  other constants

#include "textflag.h"

// AHEAD is as in slots_amd64.s.
#define AHEAD 2048

#define ARGS \
	MOVQ out+0(FP), DI; \
	MOVQ p+8(FP), SI; \
	MOVQ words+16(FP), CX; \
	MOVQ lo+24(FP), DX; \
	MOVQ hi+32(FP), R9; \
	SUBQ DX, R9

// NEXT adds a step's result, and goes on.
#define NEXT(mask, bytes) \
	KMOVQ mask, AX; \
	ORQ AX, (DI); \
	ADDQ bytes, SI; \
	ADDQ $8, DI; \
	DECQ CX; \
	JNZ loop; \
	VZEROUPPER

// ATMOST is the comparison of VPCMPU: the second operand in Go's order is not greater
// than the first.
#define ATMOST $2

// func between8AVX512(out *uint64, p *uint8, words int, lo, hi uint64)
TEXT ·between8AVX512(SB), NOSPLIT, $0-40
	ARGS
	VPBROADCASTB DX, Z14
	VPBROADCASTB R9, Z15
loop:
	PREFETCHT0 (AHEAD)(SI)
	VMOVDQU8 (SI), Z0
	VPSUBB Z14, Z0, Z0
	VPCMPUB ATMOST, Z15, Z0, K1
	NEXT(K1, $64)
	RET

// func between16AVX512(out *uint64, p *uint16, words int, lo, hi uint64)
TEXT ·between16AVX512(SB), NOSPLIT, $0-40
	ARGS
	VPBROADCASTW DX, Z14
	VPBROADCASTW R9, Z15
loop:
	PREFETCHT0 (AHEAD)(SI)
	PREFETCHT0 (AHEAD+64)(SI)
	VMOVDQU16 (SI), Z0
	VMOVDQU16 64(SI), Z1
	VPSUBW Z14, Z0, Z0
	VPSUBW Z14, Z1, Z1
	VPCMPUW ATMOST, Z15, Z0, K1
	VPCMPUW ATMOST, Z15, Z1, K2
	KUNPCKDQ K1, K2, K1
	NEXT(K1, $128)
	RET

// WITHIN32 is the mask, in K1, of the 64 offsets in Z0-Z3.
#define WITHIN32 \
	VPSUBD Z14, Z0, Z0; \
	VPSUBD Z14, Z1, Z1; \
	VPSUBD Z14, Z2, Z2; \
	VPSUBD Z14, Z3, Z3; \
	VPCMPUD ATMOST, Z15, Z0, K1; \
	VPCMPUD ATMOST, Z15, Z1, K2; \
	VPCMPUD ATMOST, Z15, Z2, K3; \
	VPCMPUD ATMOST, Z15, Z3, K4; \
	KUNPCKWD K1, K2, K1; \
	KUNPCKWD K3, K4, K3; \
	KUNPCKDQ K1, K3, K1

// func between32AVX512(out *uint64, p *uint32, words int, lo, hi uint64)
TEXT ·between32AVX512(SB), NOSPLIT, $0-40
	ARGS
	VPBROADCASTD DX, Z14
	VPBROADCASTD R9, Z15
loop:
	PREFETCHT0 (AHEAD)(SI)
	PREFETCHT0 (AHEAD+64)(SI)
	PREFETCHT0 (AHEAD+128)(SI)
	PREFETCHT0 (AHEAD+192)(SI)
	VMOVDQU32 (SI), Z0
	VMOVDQU32 64(SI), Z1
	VMOVDQU32 128(SI), Z2
	VMOVDQU32 192(SI), Z3
	WITHIN32
	NEXT(K1, $256)
	RET

// func between24AVX512(out *uint64, p *triple, words int, lo, hi uint64)
//
// 16 triples are 48 bytes of the 64 that are read: the first 48, and of the last 16 the
// last 48, since there may be no more.
TEXT ·between24AVX512(SB), NOSPLIT, $0-40
	ARGS
	VPBROADCASTD DX, Z14
	VPBROADCASTD R9, Z15
	VMOVDQU8 triples16<>(SB), Z13
	MOVL $16, AX
	VPBROADCASTB AX, Z12
	VPADDB Z13, Z12, Z12
	MOVQ $0x7777777777777777, AX
	KMOVQ AX, K7
loop:
	PREFETCHT0 (AHEAD)(SI)
	PREFETCHT0 (AHEAD+64)(SI)
	PREFETCHT0 (AHEAD+128)(SI)
	VPERMB.Z (SI), Z13, K7, Z0
	VPERMB.Z 48(SI), Z13, K7, Z1
	VPERMB.Z 96(SI), Z13, K7, Z2
	VPERMB.Z 128(SI), Z12, K7, Z3
	WITHIN32
	NEXT(K1, $192)
	RET

// The bytes of 16 triples, and 0 after each three, for VPERMB.
DATA triples16<>+0x00(SB)/8, $0x0005040300020100
DATA triples16<>+0x08(SB)/8, $0x000b0a0900080706
DATA triples16<>+0x10(SB)/8, $0x0011100f000e0d0c
DATA triples16<>+0x18(SB)/8, $0x0017161500141312
DATA triples16<>+0x20(SB)/8, $0x001d1c1b001a1918
DATA triples16<>+0x28(SB)/8, $0x0023222100201f1e
DATA triples16<>+0x30(SB)/8, $0x0029282700262524
DATA triples16<>+0x38(SB)/8, $0x002f2e2d002c2b2a
GLOBL triples16<>(SB), RODATA|NOPTR, $64
