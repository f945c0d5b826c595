//go:build !purego

// Runs into the bits of a block, by vectors as kernels_avx2_runs_amd64.h has them.
//
//	DI  w     CX  runs to go

#include "textflag.h"
#include "kernels_avx2_runs_amd64.h"

// BEGIN leaves the flag Z if there are no runs, and asks for their lines all at once.
#define BEGIN \
	MOVQ w+0(FP), DI; \
	MOVQ rs_base+8(FP), SI; \
	MOVQ rs_len+16(FP), CX; \
	RUNS_BEGIN; \
	LEAQ (SI)(CX*4), BX; \
	LEAQ 64(SI), AX; \
	CMPQ AX, BX; \
	JCC 5(PC); \
	PREFETCHT0 (AX); \
	ADDQ $64, AX; \
	CMPQ AX, BX; \
	JCS -3(PC); \
	TESTQ CX, CX

// func setRunsAVX2(w *Words, rs []Run)
TEXT ·setRunsAVX2(SB), NOSPLIT, $0-32
	BEGIN
	JZ done
loop:
	ENDS
	JNE  several
	VPAND Y0, Y1, Y0
	VPOR (DI)(AX*1), Y0, Y0
	VMOVDQU Y0, (DI)(AX*1)
	DECQ CX
	JNZ  loop
	JMP  done
several:
	VPOR (DI)(AX*1), Y0, Y0
	VPOR (DI)(BX*1), Y1, Y1
	VMOVDQU Y0, (DI)(AX*1)
	VMOVDQU Y1, (DI)(BX*1)
	JMP  between
fill:
	VMOVDQU Y15, (DI)(AX*1)
between:
	BETWEEN(fill)
	DECQ CX
	JNZ  loop
done:
	VZEROUPPER
	RET

// func dropRunsAVX2(w *Words, rs []Run)
TEXT ·dropRunsAVX2(SB), NOSPLIT, $0-32
	BEGIN
	JZ done
	VPXOR Y11, Y11, Y11
loop:
	ENDS
	JNE  several
	VPAND Y0, Y1, Y0
	VPANDN (DI)(AX*1), Y0, Y0
	VMOVDQU Y0, (DI)(AX*1)
	DECQ CX
	JNZ  loop
	JMP  done
several:
	VPANDN (DI)(AX*1), Y0, Y0
	VPANDN (DI)(BX*1), Y1, Y1
	VMOVDQU Y0, (DI)(AX*1)
	VMOVDQU Y1, (DI)(BX*1)
	JMP  between
fill:
	VMOVDQU Y11, (DI)(AX*1)
between:
	BETWEEN(fill)
	DECQ CX
	JNZ  loop
done:
	VZEROUPPER
	RET
