package gc

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"
)

// grace is how long a killed process's pipes may stay open, which they do only
// if it left a child in another process group.
const grace = 2 * time.Second

// A process is a command in a process group of its own, so that it can be
// ended with everything that it started. On Linux the kernel also kills it
// when this process dies.
type process struct {
	cmd    *exec.Cmd
	reader *os.File // of its standard output

	mu     sync.Mutex
	waited bool
	killed bool

	finish chan struct{} // closed when the output has been read
	done   chan error    // what Wait returned
}

// start starts cmd. The caller reads p.reader to its end, or kills p, and then
// calls wait, exactly once.
func start(cmd *exec.Cmd) (*process, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout = w
	cmd.WaitDelay = grace
	setGroup(cmd)
	p := &process{cmd: cmd, reader: r, finish: make(chan struct{}), done: make(chan error, 1)}
	started := make(chan error, 1)
	go func() {
		// The kernel ends the process when the thread that started it ends
		// (Pdeathsig), so that thread is held until the process is gone.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		<-p.finish
		err = cmd.Wait()
		p.mu.Lock()
		p.waited = true
		p.mu.Unlock()
		p.done <- err
	}()
	err = <-started
	w.Close()
	if err != nil {
		r.Close()
		return nil, err
	}
	return p, nil
}

// halt stops the process group where it is; kill is to follow.
func (p *process) halt() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.waited {
		haltGroup(p.cmd)
	}
}

// kill ends the process group. It may be called at any time, from any goroutine.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waited {
		return // its number may be another process's by now
	}
	p.killed = true
	killGroup(p.cmd)
	// The write end closes with the group's last process; do not wait for one
	// that has left the group.
	if p.reader.SetReadDeadline(time.Now().Add(grace)) != nil {
		time.AfterFunc(grace, func() { p.reader.Close() })
	}
}

// wait ends the reading and returns when the process is gone: what it ended
// with, and whether kill was called before.
func (p *process) wait() (err error, killed bool) {
	close(p.finish)
	err = <-p.done
	p.reader.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	return err, p.killed
}

// runInGroup is cmd.Run for a command that has its standard output set, with
// the same care for the process group.
func runInGroup(ctx context.Context, cmd *exec.Cmd) error {
	stdout := cmd.Stdout
	p, err := start(cmd)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, p.kill)
	defer stop()
	_, copyErr := io.Copy(stdout, p.reader)
	if errors.Is(copyErr, errTooMuch) {
		p.kill()
	}
	err, _ = p.wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if copyErr != nil {
		return copyErr
	}
	return err
}
