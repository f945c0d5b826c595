//go:build !amd64 || purego

package bitmap

// The kernels of sums where there is no assembly; see kernels_noasm.go.

func sumsAddBoth(d *Sums, a, b *Words, x uint16) { addBothGeneric(d, a, b, x) }

func sumsAddWhere(sums []int64, a []uint16, w *Words, x int64) { addWhereGeneric(sums, a, w, x) }
