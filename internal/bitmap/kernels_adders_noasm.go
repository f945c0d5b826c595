//go:build !amd64 || purego

package bitmap

// The kernels of circuits where there is no assembly; see kernels_noasm.go.

func lanesAddUp(at []*Lane, ops []Adder) { addUpGeneric(at, ops) }

func lanesAbove(d *Lane, at []*Lane, planes []int32, t uint64) bool {
	return aboveGeneric(d, at, planes, t)
}

func lanesInvert(d, a *Lane) { invertGeneric(d, a) }
