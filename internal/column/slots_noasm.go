//go:build !amd64 || purego

package column

// The kernels of machines for which there is no assembly, or where the build tag
// purego asks for none.

const hasAVX2 = false

func between8(s []uint8, lo, hi uint8, out []uint64) { betweenGeneric(s, lo, hi, out) }

func between16(s []uint16, lo, hi uint16, out []uint64) { betweenGeneric(s, lo, hi, out) }

func between24(s []triple, lo, hi uint32, out []uint64) { between24Generic(s, lo, hi, out) }

func between32(s []uint32, lo, hi uint32, out []uint64) { betweenGeneric(s, lo, hi, out) }

func deposit(out, ms []uint64, slots *slotBits) { depositGeneric(out, ms, slots) }
