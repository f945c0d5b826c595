//go:build !purego

package bitmap

// The kernel of sums on amd64; see kernels_amd64.go.

//go:noescape
func addBothAVX2(d *Sums, a, b *Words, x uint16)

func sumsAddBoth(d *Sums, a, b *Words, x uint16) {
	if hasAVX2 {
		addBothAVX2(d, a, b, x)
		return
	}
	addBothGeneric(d, a, b, x)
}
