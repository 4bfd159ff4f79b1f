//go:build unix

package gc

import (
	"os/exec"
	"syscall"
)

// killGroup ends every process of cmd's group.
func killGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		// It fails only if nothing is left of the group.
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
}
