//go:build unix

package gc

import (
	"os"
	"os/exec"
	"syscall"
)

// newSession makes cmd leave its group.
func newSession(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

func killSelf() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL) }
