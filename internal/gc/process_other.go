//go:build !unix

package gc

import "os/exec"

// The compiler starts no processes of its own, so ending it alone is enough.
func killGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = cmd.Process.Kill()
	}
}

// haltGroup is killGroup, as there is no signal for less.
func haltGroup(cmd *exec.Cmd) { killGroup(cmd) }

func setGroup(*exec.Cmd) {}

func lowerPriority(*exec.Cmd) {}
