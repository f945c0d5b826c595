//go:build !purego

package bitmap

import "golang.org/x/sys/cpu"

// The kernels of kernels_avx512*_amd64.s: vectors twice as wide as AVX2's, a count of the
// bits of each word (VPOPCNTQ), any function of three operands in one instruction
// (VPTERNLOGQ), and the values of a mask's bits moved together (VPCOMPRESSB).
//
// Those of AVX2 also serve where these are, for what the wider vectors do not help:
// countCommonAVX2, whose steps wait for one another and not for comparisons;
// filterBitsAVX2, since gathering words is slower than loading them one by one on
// AMD's processors and on Intel's with the mitigation of Downfall; setArrayAVX2 and
// dropArrayAVX2, which are scalar; setRunsAVX2, dropRunsAVX2 and climbRunsAVX2, most of
// whose runs are shorter than a vector; ascendsAVX2 and streamAVX2, which wait for memory.

// Their results are tested on an emulator, by .ci/emulate. Their speed has not been
// measured: none of the machines at hand has AVX-512. What there is, is the number of
// instructions in their loops, on AVX2 and here, which bounds no time:
//
//	And, Or, AndNot, Xor          928 →    464 a block
//	Count                       1,728 →    352
//	AndCount, AndNotCount       2,016 →    640
//	CountRuns                   4,768 →  1,216
//	AddBoth                    27,648 → 13,056
//	OrMany, AndMany, …             13 →      6.5 an operand and 256 bytes
//	AddUp of seven, of three      528 →    200 a lane, 208 → 88
//	Decode, words of few members   28 →     17 a word
//	DecodeLow, the same            16.5 →   17
//	between24 of column            61 →     24 a word of its result

// hasAVX512 tells that the processor has all that these kernels use: Intel's since Ice
// Lake, AMD's since Zen 4. Skylake-X and its like lack VPOPCNTDQ and VBMI2, and run
// those of AVX2; so does whoever sets GODEBUG=cpu.avx512f=off.
var hasAVX512 = hasAVX2 && cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512DQ &&
	cpu.X86.HasAVX512VL && cpu.X86.HasAVX512VPOPCNTDQ && cpu.X86.HasAVX512VBMI2

//go:noescape
func andAVX512(d, a, b *Words)

//go:noescape
func orAVX512(d, a, b *Words)

//go:noescape
func andNotAVX512(d, a, b *Words)

//go:noescape
func xorAVX512(d, a, b *Words)

// countAVX512 is the number of bits set in 256·steps bytes from p on.
//
//go:noescape
func countAVX512(p *uint64, steps int) int

//go:noescape
func countRunsAVX512(w *Words) (card, runs int)

//go:noescape
func andCountAVX512(a, b *Words) int

//go:noescape
func andNotCountAVX512(a, b *Words) int

//go:noescape
func orManyAVX512(d *Words, s []*Words)

//go:noescape
func orManyCountAVX512(s []*Words) int

//go:noescape
func andNotManyAVX512(d *Words, pos, neg []*Words)

//go:noescape
func andNotManyCountAVX512(pos, neg []*Words) int

//go:noescape
func atLeast3AVX512(d *uint64, n int, s *[3]*Words, at, t int)

//go:noescape
func atLeast5AVX512(d *uint64, n int, s *[5]*Words, at, t int)

//go:noescape
func atLeastManyAVX512(d *Words, s []*Words, t int)

//go:noescape
func stairsAVX512(p, s []*Words)

//go:noescape
func setSevenAVX512(p0, p1, p2 *Lane, s *[7]*Words, at int)

//go:noescape
func setFiveAVX512(p0, p1, p2 *Lane, s *[5]*Words, at int)

//go:noescape
func addFourAVX512(p0, p1, carry, a, b, c, d *Lane)

//go:noescape
func addTwoAVX512(p0, p1, carry, a, b *Lane)

//go:noescape
func addCarryAVX512(p, carry *Lane) (some bool)

//go:noescape
func compareAVX512(more, equal, p *Lane, bit uint64)

//go:noescape
func addUpAVX512(at **Lane, ops *Adder, n int)

//go:noescape
func aboveAVX512(d *Lane, at **Lane, planes *int32, n int, t uint64) (some bool)

//go:noescape
func invertAVX512(d, a *Lane)

//go:noescape
func addBothAVX512(d *Sums, a, b *Words, x uint16)

// decodeAVX512 is decodeAVX2 without its table.
//
//go:noescape
func decodeAVX512(dst *uint32, room int, w *uint64, words int, base uint32) (n, done int)

// decodeLowAVX512 is decodeLowAVX2 without its table.
//
//go:noescape
func decodeLowAVX512(dst *uint16, room int, w *Words) (n, words int)
