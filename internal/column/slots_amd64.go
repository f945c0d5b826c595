//go:build !purego

package column

import "golang.org/x/sys/cpu"

// The kernels of amd64, for 64 slots at a time: those in slots_avx512_amd64.s where the
// processor has the newer ones of AVX-512, else those in slots_amd64.s where it has
// AVX2, and the plain ones elsewhere, for the slots that are left, and under the build
// tag purego.

// hasAVX2 tells that the processor has what the kernels use: AVX2, and the scalar
// instructions that came before or with it. It is set before main and never again.
var hasAVX2 = cpu.X86.HasAVX2 && cpu.X86.HasBMI2 && cpu.X86.HasPOPCNT

// hasAVX512 tells that it has those of AVX-512 that they use: not Skylake-X, which lacks
// VBMI, nor where GODEBUG=cpu.avx512f=off asks for none.
var hasAVX512 = hasAVX2 && cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VBMI

// between8AVX2 adds to out those of the 64·words offsets at p that are from lo to hi.
//
//go:noescape
func between8AVX2(out *uint64, p *uint8, words int, lo, hi uint64)

//go:noescape
func between16AVX2(out *uint64, p *uint16, words int, lo, hi uint64)

//go:noescape
func between24AVX2(out *uint64, p *triple, words int, lo, hi uint64)

//go:noescape
func between32AVX2(out *uint64, p *uint32, words int, lo, hi uint64)

//go:noescape
func between8AVX512(out *uint64, p *uint8, words int, lo, hi uint64)

//go:noescape
func between16AVX512(out *uint64, p *uint16, words int, lo, hi uint64)

//go:noescape
func between24AVX512(out *uint64, p *triple, words int, lo, hi uint64)

//go:noescape
func between32AVX512(out *uint64, p *uint32, words int, lo, hi uint64)

// depositBMI2 is depositGeneric; out and ms have that many words.
//
//go:noescape
func depositBMI2(out, ms *uint64, words int, slots *slotBits)

func between8(s []uint8, lo, hi uint8, out []uint64) {
	if n := len(s) / 64; hasAVX2 && n > 0 {
		if hasAVX512 {
			between8AVX512(&out[:n][0], &s[0], n, uint64(lo), uint64(hi))
		} else {
			between8AVX2(&out[:n][0], &s[0], n, uint64(lo), uint64(hi))
		}
		s, out = s[n*64:], out[n:]
	}
	betweenGeneric(s, lo, hi, out)
}

func between16(s []uint16, lo, hi uint16, out []uint64) {
	if n := len(s) / 64; hasAVX2 && n > 0 {
		if hasAVX512 {
			between16AVX512(&out[:n][0], &s[0], n, uint64(lo), uint64(hi))
		} else {
			between16AVX2(&out[:n][0], &s[0], n, uint64(lo), uint64(hi))
		}
		s, out = s[n*64:], out[n:]
	}
	betweenGeneric(s, lo, hi, out)
}

func between24(s []triple, lo, hi uint32, out []uint64) {
	if n := len(s) / 64; hasAVX2 && n > 0 {
		if hasAVX512 {
			between24AVX512(&out[:n][0], &s[0], n, uint64(lo), uint64(hi))
		} else {
			between24AVX2(&out[:n][0], &s[0], n, uint64(lo), uint64(hi))
		}
		s, out = s[n*64:], out[n:]
	}
	between24Generic(s, lo, hi, out)
}

func between32(s []uint32, lo, hi uint32, out []uint64) {
	if n := len(s) / 64; hasAVX2 && n > 0 {
		if hasAVX512 {
			between32AVX512(&out[:n][0], &s[0], n, uint64(lo), uint64(hi))
		} else {
			between32AVX2(&out[:n][0], &s[0], n, uint64(lo), uint64(hi))
		}
		s, out = s[n*64:], out[n:]
	}
	betweenGeneric(s, lo, hi, out)
}

func deposit(out, ms []uint64, slots *slotBits) {
	if n := min(len(out), len(ms)); hasAVX2 && n > 0 {
		_ = slots[n] // before the last word there are at most 64·(n − 1) slots
		depositBMI2(&out[0], &ms[0], n, slots)
		return
	}
	depositGeneric(out, ms, slots)
}
