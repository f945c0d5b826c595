//go:build !purego

package bitmap

// The kernels of sums on amd64; see kernels_amd64.go.

//go:noescape
func addBothAVX2(d *Sums, a, b *Words, x uint16)

func sumsAddBoth(d *Sums, a, b *Words, x uint16) {
	switch {
	case hasAVX512:
		addBothAVX512(d, a, b, x)
	case hasAVX2:
		addBothAVX2(d, a, b, x)
	default:
		addBothGeneric(d, a, b, x)
	}
}

//go:noescape
func addWhereAVX2(sums []int64, a []uint16, w *Words, x int64)

func sumsAddWhere(sums []int64, a []uint16, w *Words, x int64) {
	if hasAVX2 {
		addWhereAVX2(sums, a, w, x)
	} else {
		addWhereGeneric(sums, a, w, x)
	}
}
