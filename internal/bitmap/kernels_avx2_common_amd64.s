//go:build !purego

// |a ∩ b| of two arrays: eight values of one are compared with eight of the other at
// a time, all with all, then the one whose last value is the smaller goes on to its
// next eight, without a branch (B. Schlegel, T. Willhalm, W. Lehner, "Fast
// Sorted-Set Intersection using SIMD Instructions", ADMS 2011). Both halves of a
// vector hold the same eight of a; those of b are turned by half a vector in the
// upper one, so that four turns compare all. Sixteen with sixteen would take four
// times the comparisons to get twice as far. A step waits for where the one before has
// got to; CMOV tells it two operations sooner than SETcc, a shift and an addition.
//
// When one has fewer than eight values left, its last eight, moved down over those
// that are done, meet what the other has left: eight at a time, and then its last
// eight, moved down alike. What moves in is the last value, which meets the same
// values again; so the matches of these steps are united, not added up.
//
//	SI, DX  next values of a and b     R8, R9  the last place with eight values
//	Y0  eight of a, twice     Y1  eight of b     Y2-Y4  turned, used up
//	Y8  matches so far in each place     Y15  turns b by half in the upper half
//	Y9  places of the last values of a     Y10  those that have matched
//	AX, BX  last values of the eight     CX, R10  the eight after them

#include "textflag.h"

DATA halfTurn<>+0(SB)/8, $0x0706050403020100
DATA halfTurn<>+8(SB)/8, $0x0f0e0d0c0b0a0908
DATA halfTurn<>+16(SB)/8, $0x0f0e0d0c0b0a0908
DATA halfTurn<>+24(SB)/8, $0x0706050403020100
GLOBL halfTurn<>(SB), RODATA|NOPTR, $32

// The 16 bytes from 2k on move eight values down by k.
DATA moveDown<>+0(SB)/8, $0x0706050403020100
DATA moveDown<>+8(SB)/8, $0x0f0e0d0c0b0a0908
DATA moveDown<>+16(SB)/8, $0x0f0e0f0e0f0e0f0e
DATA moveDown<>+24(SB)/8, $0x0f0e0f0e0f0e0f0e
GLOBL moveDown<>(SB), RODATA|NOPTR, $32

// The 16 bytes from 2k on are the places of 8-k values.
DATA movedDown<>+0(SB)/8, $0xffffffffffffffff
DATA movedDown<>+8(SB)/8, $0xffffffffffffffff
DATA movedDown<>+16(SB)/8, $0
DATA movedDown<>+24(SB)/8, $0
GLOBL movedDown<>(SB), RODATA|NOPTR, $32

// MATCH leaves in Y1 all ones where a value of Y0 is in Y1.
#define MATCH \
	VPSHUFB Y15, Y1, Y1; \
	VPALIGNR $2, Y1, Y1, Y2; \
	VPALIGNR $4, Y1, Y1, Y3; \
	VPALIGNR $6, Y1, Y1, Y4; \
	VPCMPEQW Y0, Y1, Y1; \
	VPCMPEQW Y0, Y2, Y2; \
	VPCMPEQW Y0, Y3, Y3; \
	VPCMPEQW Y0, Y4, Y4; \
	VPOR Y1, Y2, Y1; \
	VPOR Y3, Y4, Y3; \
	VPOR Y1, Y3, Y1

// func countCommonAVX2(a, b []uint16) int
TEXT ·countCommonAVX2(SB), NOSPLIT, $0-56
	MOVQ a_base+0(FP), SI
	MOVQ a_len+8(FP), R8
	MOVQ b_base+24(FP), DX
	MOVQ b_len+32(FP), R9
	LEAQ -16(SI)(R8*2), R8
	LEAQ -16(DX)(R9*2), R9
	VMOVDQU halfTurn<>(SB), Y15
	VPXOR Y8, Y8, Y8
loop:
	VBROADCASTI128 (SI), Y0
	VBROADCASTI128 (DX), Y1
	MOVWLZX 14(SI), AX
	MOVWLZX 14(DX), BX
	LEAQ 16(SI), CX
	LEAQ 16(DX), R10
	CMPL BX, AX
	CMOVQCC CX, SI
	CMPL AX, BX
	CMOVQCC R10, DX
	MATCH
	VPSUBW Y1, Y8, Y8
	CMPQ SI, R8
	JHI  few
	CMPQ DX, R9
	JLS  loop
	XCHGQ SI, DX
	XCHGQ R8, R9
few: // of a there are fewer than eight left
	SUBQ R8, SI
	CMPQ SI, $16
	JEQ  sum
	LEAQ moveDown<>(SB), R10
	LEAQ movedDown<>(SB), CX
	VBROADCASTI128 (R8), Y0
	VBROADCASTI128 (R10)(SI*1), Y1
	VPSHUFB Y1, Y0, Y0
	VBROADCASTI128 (CX)(SI*1), Y9
	VPXOR Y10, Y10, Y10
	MOVWLZX 14(R8), AX
	CMPQ DX, R9
	JHI  last
full:
	VBROADCASTI128 (DX), Y1
	MOVWLZX 14(DX), BX
	ADDQ $16, DX
	MATCH
	VPOR Y1, Y10, Y10
	CMPL AX, BX
	JLS  unite
	CMPQ DX, R9
	JLS  full
last:
	SUBQ R9, DX
	CMPQ DX, $16
	JEQ  unite
	VBROADCASTI128 (R9), Y1
	VBROADCASTI128 (R10)(DX*1), Y2
	VPSHUFB Y2, Y1, Y1
	MATCH
	VPOR Y1, Y10, Y10
unite:
	VEXTRACTI128 $1, Y10, X1
	VPOR X1, X10, X10
	VPAND X9, X10, X10
	VPSUBW Y10, Y8, Y8
sum: // the negatives of pairs of 16 bits, then all
	VPCMPEQW Y1, Y1, Y1
	VPMADDWD Y1, Y8, Y8
	VEXTRACTI128 $1, Y8, X0
	VPADDD X0, X8, X8
	VPSHUFD $0x4e, X8, X0
	VPADDD X0, X8, X8
	VPSHUFD $0xb1, X8, X0
	VPADDD X0, X8, X8
	VMOVD X8, AX
	NEGL AX
	MOVQ AX, ret+48(FP)
	VZEROUPPER
	RET
