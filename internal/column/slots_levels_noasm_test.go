//go:build !amd64 || purego

package column

// A level is one set of kernels.
type level struct {
	name   string
	choose func()
}

// levels are those that this machine has, and what goes back to the one in use.
func levels() (all []level, restore func()) {
	nothing := func() {}
	return []level{{"plain", nothing}}, nothing
}
