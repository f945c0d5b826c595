package engine

import (
	"os/exec"
	"syscall"
)

// endWithParent asks the kernel to end the child when the thread that starts it ends.
func endWithParent(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
