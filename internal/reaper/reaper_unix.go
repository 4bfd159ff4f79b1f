//go:build linux || darwin

package reaper

import (
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/inlinelens/inlinelens/internal/tempdir"
)

// Start starts the process that waits for the end of this one.
func Start(mark string) error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	self, err := executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(self, Command, mark)
	// A test binary that stands for this program knows by the name that it is to be
	// the program; under another it would run its tests, which start more of these.
	cmd.Args[0] = os.Args[0]
	cmd.Dir = "/" // it keeps no file system busy
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, markVar+"=") }), "GOMAXPROCS=1")
	cmd.Stdin = r // it ends with this process
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		w.Close()
		return err
	}
	alive = w
	go func() { _ = cmd.Wait() }()
	return nil
}

// alive is the end of a pipe that closes when this process is gone.
//
//lint:ignore U1000 It is held so that it is not closed before.
var alive *os.File

// reapTime is how long new processes are looked for.
const reapTime = 10 * time.Second

// Main waits for the end of its input, then ends all marked processes, and removes
// the temporary files of processes that are gone.
func Main(mark string) {
	_, _ = io.Copy(io.Discard, os.Stdin)
	// One that is found may have started another meanwhile.
	for end := time.Now().Add(reapTime); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		pids := marked(markVar + "=" + mark)
		if len(pids) == 0 {
			break
		}
		for _, pid := range pids {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
	tempdir.RemoveStale("")
}
