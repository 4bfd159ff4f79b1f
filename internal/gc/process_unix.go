//go:build unix

package gc

import (
	"os/exec"
	"syscall"
)

// lowerPriority lets other processes go before cmd's. One that is gone already
// needs none.
func lowerPriority(cmd *exec.Cmd) {
	_ = syscall.Setpriority(syscall.PRIO_PGRP, cmd.Process.Pid, 10)
}

// haltGroup has no process of cmd's group do anything more until it is killed.
func haltGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGSTOP)
	}
}

// killGroup ends every process of cmd's group.
func killGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		// It fails only if nothing is left of the group.
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
}
