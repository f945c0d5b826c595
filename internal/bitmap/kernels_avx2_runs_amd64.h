// Runs by vectors of 256 members: most runs begin and end in the same or in the next
// one, where a loop over words ends sooner or later with every run and is mispredicted.
//
// The bits of a vector from a run's start on, and those up to its last, come from
// shifting all ones in each word by its distance from the run's end, where a
// subtraction that stops at 0 takes care of the words before it, and a shift by 64
// or more of those after it.
//
//	SI  the next run     AX, BX  places of the vectors of start and last, in bytes
//	Y0  from the start on     Y1  up to the last
//	Y12  last member of each word     Y13  first, and 65,535 in what is no place
//	Y14  255 in each 16 bits     Y15  ones
//
// Of a run that ends before it begins, which no set has, only the two vectors of its
// ends are written: whatever the runs are, nothing beside the block is touched.

// RUNS_BEGIN sets all that lasts from run to run.
#define RUNS_BEGIN \
	VPCMPEQB Y15, Y15, Y15; \
	VPSRLW $8, Y15, Y14; \
	VMOVDQU firstOfWord<>(SB), Y13; \
	VMOVDQU lastOfWord<>(SB), Y12

// ENDS compares the vectors of the next run's ends.
#define ENDS \
	VPBROADCASTW (SI), Y0; \
	VPBROADCASTW 2(SI), Y1; \
	MOVBLZX 1(SI), AX; \
	MOVBLZX 3(SI), BX; \
	ADDQ $4, SI; \
	VPAND Y14, Y0, Y0; \
	VPAND Y14, Y1, Y1; \
	VPSUBUSW Y13, Y0, Y0; \
	VPSUBUSW Y1, Y12, Y1; \
	VPSLLVQ Y0, Y15, Y0; \
	VPSRLVQ Y1, Y15, Y1; \
	SHLL $5, AX; \
	SHLL $5, BX; \
	CMPL AX, BX

// BETWEEN goes on to fill, with AX at the next vector, unless that is the last one's.
#define BETWEEN(fill) \
	ADDL $32, AX; \
	CMPL AX, BX; \
	JLT  fill

DATA firstOfWord<>+0(SB)/8, $0xffffffffffff0000
DATA firstOfWord<>+8(SB)/8, $0xffffffffffff0040
DATA firstOfWord<>+16(SB)/8, $0xffffffffffff0080
DATA firstOfWord<>+24(SB)/8, $0xffffffffffff00c0
GLOBL firstOfWord<>(SB), RODATA|NOPTR, $32

DATA lastOfWord<>+0(SB)/8, $0x3f
DATA lastOfWord<>+8(SB)/8, $0x7f
DATA lastOfWord<>+16(SB)/8, $0xbf
DATA lastOfWord<>+24(SB)/8, $0xff
GLOBL lastOfWord<>(SB), RODATA|NOPTR, $32
