//go:build !purego

// Bits to values on AVX-512. A word is a mask of the numbers from 0 to 63, one in a
// byte, of which VPCOMPRESSB moves those of the members together (in registers: what
// writes them to memory at once is microcode on Zen 4). They are widened, the word's
// base is added, and as many are written as a vector holds, right or wrong; the next
// word overwrites those past its members. What more a word has follows the same way,
// so that there is a branch on a word's number of members, but no other on the data. It
// ends where there is no room for a word's 64 values, members or not.
//
// VPCOMPRESSB leaves the numbers in what it does not write. Nobody reads that, but Bochs
// (to 3.0), in which this is tested, takes a mask of all 64 for one of none, and is right
// with the numbers.
//
//	DI  where the next value goes     CX  the last place with room for a word
//	SI  the next word     R8  the end of the words     AX  number of members
//	K1  the word     Z0  its members     Z1-Z4  values of them
//	Z14  the word's base     Z15  64     Z13  numbers from 0 to 63

#include "textflag.h"

DATA numbers<>+0x00(SB)/8, $0x0706050403020100
DATA numbers<>+0x08(SB)/8, $0x0f0e0d0c0b0a0908
DATA numbers<>+0x10(SB)/8, $0x1716151413121110
DATA numbers<>+0x18(SB)/8, $0x1f1e1d1c1b1a1918
DATA numbers<>+0x20(SB)/8, $0x2726252423222120
DATA numbers<>+0x28(SB)/8, $0x2f2e2d2c2b2a2928
DATA numbers<>+0x30(SB)/8, $0x3736353433323130
DATA numbers<>+0x38(SB)/8, $0x3f3e3d3c3b3a3938
GLOBL numbers<>(SB), RODATA|NOPTR, $64

// func decodeAVX512(dst *uint32, room int, w *uint64, words int, base uint32) (n, done int)
TEXT ·decodeAVX512(SB), NOSPLIT, $0-56
	MOVQ dst+0(FP), DI
	MOVQ room+8(FP), CX
	LEAQ -256(DI)(CX*4), CX
	MOVQ w+16(FP), SI
	MOVQ words+24(FP), R8
	LEAQ (SI)(R8*8), R8
	MOVL base+32(FP), AX
	VPBROADCASTD AX, Z14
	MOVL $64, AX
	VPBROADCASTD AX, Z15
	VMOVDQU64 numbers<>(SB), Z13
loop:
	CMPQ SI, R8
	JEQ  done
	CMPQ DI, CX
	JHI  done
	KMOVQ (SI), K1
	POPCNTQ (SI), AX
	VMOVDQA64 Z13, Z0
	VPCOMPRESSB Z13, K1, Z0
	VPMOVZXBD X0, Z1
	VPADDD Z14, Z1, Z1
	VMOVDQU32 Z1, (DI)
	CMPQ AX, $16
	JHI  many
next:
	VPADDD Z15, Z14, Z14
	LEAQ (DI)(AX*4), DI
	ADDQ $8, SI
	JMP  loop
many:
	VEXTRACTI128 $1, Y0, X2
	VPMOVZXBD X2, Z2
	VPADDD Z14, Z2, Z2
	VMOVDQU32 Z2, 64(DI)
	CMPQ AX, $32
	JLS  next
	VEXTRACTI32X4 $2, Z0, X3
	VEXTRACTI32X4 $3, Z0, X4
	VPMOVZXBD X3, Z3
	VPMOVZXBD X4, Z4
	VPADDD Z14, Z3, Z3
	VPADDD Z14, Z4, Z4
	VMOVDQU32 Z3, 128(DI)
	VMOVDQU32 Z4, 192(DI)
	JMP  next
done:
	SUBQ dst+0(FP), DI
	SHRQ $2, DI
	MOVQ DI, n+40(FP)
	SUBQ w+16(FP), SI
	SHRQ $3, SI
	MOVQ SI, done+48(FP)
	VZEROUPPER
	RET

// func decodeLowAVX512(dst *uint16, room int, w *Words) (n, words int)
TEXT ·decodeLowAVX512(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ room+8(FP), CX
	LEAQ -128(DI)(CX*2), CX
	MOVQ w+16(FP), SI
	LEAQ 8192(SI), R8
	VPXORQ Z14, Z14, Z14
	MOVL $64, AX
	VPBROADCASTW AX, Z15
	VMOVDQU64 numbers<>(SB), Z13
loop:
	CMPQ SI, R8
	JEQ  done
	CMPQ DI, CX
	JHI  done
	KMOVQ (SI), K1
	POPCNTQ (SI), AX
	VMOVDQA64 Z13, Z0
	VPCOMPRESSB Z13, K1, Z0
	VPMOVZXBW Y0, Z1
	VPADDW Z14, Z1, Z1
	VMOVDQU16 Z1, (DI)
	CMPQ AX, $32
	JHI  many
next:
	VPADDW Z15, Z14, Z14
	LEAQ (DI)(AX*2), DI
	ADDQ $8, SI
	JMP  loop
many:
	VEXTRACTI64X4 $1, Z0, Y2
	VPMOVZXBW Y2, Z2
	VPADDW Z14, Z2, Z2
	VMOVDQU16 Z2, 64(DI)
	JMP  next
done:
	SUBQ dst+0(FP), DI
	SHRQ $1, DI
	MOVQ DI, n+24(FP)
	SUBQ w+16(FP), SI
	SHRQ $3, SI
	MOVQ SI, words+32(FP)
	VZEROUPPER
	RET
