//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package disk

import (
	"errors"
	"syscall"
)

// Full reports whether err says that there is no space left, or none for this user.
// It passes when somebody makes room, and nothing is in doubt.
func Full(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
