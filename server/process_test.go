package server

import (
	"io"
	"os/exec"
	"testing"
)

// A pipe is the connection to a process through its standard input and output.
type pipe struct {
	io.Reader
	io.Writer
	close func() error
}

func (p *pipe) Close() error { return p.close() }

// start starts a language server's process. It is killed when the test ends, if it
// is still there.
func start(t *testing.T, cmd *exec.Cmd) io.ReadWriteCloser {
	t.Helper()
	rwc := startPiped(t, cmd)
	t.Cleanup(func() {
		if cmd.ProcessState == nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	})
	return rwc
}

// startPiped starts a process. Waiting for its end is left to the caller.
func startPiped(t *testing.T, cmd *exec.Cmd) io.ReadWriteCloser {
	t.Helper()
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	return &pipe{Reader: out, Writer: in, close: in.Close}
}
