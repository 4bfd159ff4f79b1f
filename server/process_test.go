package server

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// programDir is where the program is built for tests that want a process of it.
var programDir = filepath.Join(os.TempDir(), fmt.Sprintf("inlinelens-test-%d", os.Getpid()))

// builtProgram builds the program, once for all tests.
var builtProgram = sync.OnceValues(func() (string, error) {
	program := filepath.Join(programDir, "inlinelens")
	out, err := exec.Command("go", "build", "-o", program, "../cmd/inlinelens").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, out)
	}
	return program, err
})

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
