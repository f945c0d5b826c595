//go:build !amd64 || purego

package bitmap

// Counting up to a few where there is no assembly; see kernels_noasm.go.

func hasVectors() bool { return false }

func wordsAtLeastMany(d *Words, s []*Words, t int) { atLeastManyGeneric(d, s, t) }
