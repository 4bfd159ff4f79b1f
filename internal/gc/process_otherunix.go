//go:build unix && !linux

package gc

import (
	"os/exec"
	"syscall"
)

// There is no Pdeathsig here: when this process is killed, a compile that it
// had started runs to its end.
func setGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}
