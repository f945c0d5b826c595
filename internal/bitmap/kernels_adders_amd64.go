//go:build !purego

package bitmap

// The kernels of circuits on amd64; see kernels_amd64.go.

//go:noescape
func addUpAVX2(at **Lane, ops *Adder, n int)

//go:noescape
func aboveAVX2(d *Lane, at **Lane, planes *int32, n int, t uint64) (some bool)

//go:noescape
func invertAVX2(d, a *Lane)

func lanesAddUp(at []*Lane, ops []Adder) {
	switch {
	case hasAVX512 && len(ops) > 0:
		addUpAVX512(&at[0], &ops[0], len(ops))
	case hasAVX2 && len(ops) > 0:
		addUpAVX2(&at[0], &ops[0], len(ops))
	default:
		addUpGeneric(at, ops)
	}
}

func lanesAbove(d *Lane, at []*Lane, planes []int32, t uint64) bool {
	switch {
	case hasAVX512 && len(planes) > 0:
		return aboveAVX512(d, &at[0], &planes[0], len(planes), t)
	case hasAVX2 && len(planes) > 0:
		return aboveAVX2(d, &at[0], &planes[0], len(planes), t)
	}
	return aboveGeneric(d, at, planes, t)
}

func lanesInvert(d, a *Lane) {
	switch {
	case hasAVX512:
		invertAVX512(d, a)
	case hasAVX2:
		invertAVX2(d, a)
	default:
		invertGeneric(d, a)
	}
}
