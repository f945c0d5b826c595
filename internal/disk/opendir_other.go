//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package disk

// OpenDir is not there: this system has no flock, or no directory that can be
// synced.
func OpenDir(path string) (Dir, error) { return nil, ErrUnsupported }

// Full is for errors of directories that are not there.
func Full(err error) bool { return false }

// FindDir is not there either.
func FindDir(path string) (Dir, error) { return nil, ErrUnsupported }
