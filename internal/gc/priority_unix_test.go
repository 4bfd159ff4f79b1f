//go:build unix

package gc

import (
	"os/exec"
	"syscall"
	"testing"
)

func TestLowerPriority(t *testing.T) {
	cmd := exec.Command("sleep", "60")
	p, err := start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		p.kill()
		_, _ = p.wait() // it was killed
	}()
	lowerPriority(cmd)
	// Linux tells 20 less the niceness, others the niceness itself: both are 10.
	if got, err := syscall.Getpriority(syscall.PRIO_PGRP, cmd.Process.Pid); err != nil || got != 10 {
		t.Errorf("the priority is %d, %v; want 10", got, err)
	}
}
