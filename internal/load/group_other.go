//go:build !unix

package load

import (
	"os/exec"
	"time"
)

// ownGroup has a cancelled context kill the process alone: there are no process
// groups here, so its children end by themselves.
func ownGroup(cmd *exec.Cmd) { cmd.WaitDelay = 5 * time.Second }
