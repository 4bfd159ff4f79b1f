//go:build unix

package load

import (
	"os/exec"
	"syscall"
	"time"
)

// ownGroup puts the process into a group of its own, and has a cancelled
// context kill the group: the go command's children end with it.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
}
