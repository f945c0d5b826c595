//go:build unix

package measure

import (
	"syscall"
	"time"
)

// processTime is the processor time that this process has used, in user mode and in the kernel.
func processTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
