//go:build !purego

// Members one by one into the bits of a block. Values ascend, so neighbours often
// share a word, and changing a word just written waits for that write: an array is
// walked in eight pieces side by side. Keeping the word in a register until it is
// full instead costs a comparison and a choice a value, and measured three times
// slower.
//
//	DI  w     SI  the first piece's next value     DX  1
//	R8, R10, R11, R12  1, 3, 5 and 7 times the length of a piece
//	R13  values of a piece to go     CX  values to go after the pieces
//	AX, BX  used up

#include "textflag.h"

#define SET(value) \
	MOVWLZX value, AX; \
	SHLXQ AX, DX, BX; \
	SHRL $6, AX; \
	ORQ BX, (DI)(AX*8)

#define DROP(value) \
	MOVWLZX value, AX; \
	SHLXQ AX, DX, BX; \
	SHRL $6, AX; \
	NOTQ BX; \
	ANDQ BX, (DI)(AX*8)

#define EIGHT(op) \
	op((SI)); \
	op((SI)(R8*2)); \
	op((SI)(R8*4)); \
	op((SI)(R10*2)); \
	op((SI)(R8*8)); \
	op((SI)(R11*2)); \
	op((SI)(R10*4)); \
	op((SI)(R12*2)); \
	ADDQ $2, SI

// PIECES leaves the flag Z if there are none.
#define PIECES \
	MOVQ w+0(FP), DI; \
	MOVQ a_base+8(FP), SI; \
	MOVQ a_len+16(FP), CX; \
	MOVL $1, DX; \
	MOVQ CX, R8; \
	ANDL $7, CX; \
	SHRQ $3, R8; \
	LEAQ (R8)(R8*2), R10; \
	LEAQ (R8)(R8*4), R11; \
	LEAQ (R10)(R8*4), R12; \
	MOVQ R8, R13; \
	TESTQ R13, R13

// func setArrayAVX2(w *Words, a []uint16)
TEXT ·setArrayAVX2(SB), NOSPLIT, $0-32
	PIECES
	JZ rest
loop:
	EIGHT(SET)
	DECQ R13
	JNZ  loop
	LEAQ (SI)(R12*2), SI
rest:
	TESTL CX, CX
	JZ    done
one:
	SET((SI))
	ADDQ $2, SI
	DECL CX
	JNZ  one
done:
	RET

// func dropArrayAVX2(w *Words, a []uint16)
TEXT ·dropArrayAVX2(SB), NOSPLIT, $0-32
	PIECES
	JZ rest
loop:
	EIGHT(DROP)
	DECQ R13
	JNZ  loop
	LEAQ (SI)(R12*2), SI
rest:
	TESTL CX, CX
	JZ    done
one:
	DROP((SI))
	ADDQ $2, SI
	DECL CX
	JNZ  one
done:
	RET
