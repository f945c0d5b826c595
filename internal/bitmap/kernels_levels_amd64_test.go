//go:build !purego

package bitmap

// A level is one set of kernels.
type level struct {
	name   string
	choose func()
}

// levels are those that this machine has, ascending, the plain ones first, and what
// goes back to the one that is in use.
func levels() (all []level, restore func()) {
	avx2, avx512 := hasAVX2, hasAVX512
	set := func(two, five bool) func() { return func() { hasAVX2, hasAVX512 = two, five } }
	all = append(all, level{"plain", set(false, false)})
	if avx2 {
		all = append(all, level{"AVX2", set(true, false)})
	}
	if avx512 {
		all = append(all, level{"AVX-512", set(true, true)})
	}
	return all, set(avx2, avx512)
}
