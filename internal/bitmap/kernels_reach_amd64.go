//go:build !purego

package bitmap

// The kernel of counting up to a few on amd64; see kernels_amd64.go.

//go:noescape
func atLeastManyAVX2(d *Words, s []*Words, t int)

func hasVectors() bool { return hasAVX2 }

func wordsAtLeastMany(d *Words, s []*Words, t int) {
	switch {
	case hasAVX512:
		atLeastManyAVX512(d, s, t)
	case hasAVX2:
		atLeastManyAVX2(d, s, t)
	default:
		atLeastManyGeneric(d, s, t)
	}
}
