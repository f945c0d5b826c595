//go:build !amd64 || purego

package bitmap

// The kernel of sums where there is no assembly; see kernels_noasm.go.

func sumsAddBoth(d *Sums, a, b *Words, x uint16) { addBothGeneric(d, a, b, x) }
