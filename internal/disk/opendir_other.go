//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package disk

// OpenDir is not there: this system has no flock, or no directory that can be
// synced.
func OpenDir(path string) (Dir, error) { return nil, ErrUnsupported }

// FindDir is not there either.
func FindDir(path string) (Dir, error) { return nil, ErrUnsupported }
