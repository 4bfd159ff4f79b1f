//go:build unix

package server

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	ossignal "os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/fakeeditor"
	"github.com/inlinelens/inlinelens/internal/testprogram"
)

// A realServer is the program itself, as a process of its own.
type realServer struct {
	t      *testing.T
	cmd    *exec.Cmd
	tmp    string
	mark   string
	stderr bytes.Buffer
	rwc    interface{ Close() error }
	gone   chan struct{} // closed when the process has ended
	err    error         // what it ended with
}

// launch starts the real server with a directory for temporary files of its own, and
// an editor. Env is added to the environment.
func launch(t *testing.T, o fakeeditor.Options, env ...string) (*realServer, *fakeeditor.Editor) {
	t.Helper()
	program := testprogram.Path(t)
	p := &realServer{t: t, tmp: t.TempDir(), gone: make(chan struct{})}
	p.mark = fmt.Sprintf("INLINELENS_TEST_MARK=%d-%d", os.Getpid(), time.Now().UnixNano())
	p.cmd = exec.Command(program, "serve", "-log-level", "debug")
	p.cmd.Env = append(append(os.Environ(), "TMPDIR="+p.tmp, p.mark, "INLINELENS_CACHE="+filepath.Join(t.TempDir(), "cache")), env...)
	p.cmd.Stderr = &p.stderr
	rwc := startPiped(t, p.cmd)
	p.rwc = rwc
	go func() {
		p.err = p.cmd.Wait()
		close(p.gone)
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.gone
	})
	e := fakeeditor.Connect(t, rwc, o)
	e.Initialize()
	return p, e
}

// ended waits for the end of the process, for no longer than that, and holds that it
// leaves nothing behind.
func (p *realServer) ended(within time.Duration) {
	p.t.Helper()
	begin := time.Now()
	select {
	case <-p.gone:
	case <-time.After(within + 20*time.Second):
		p.t.Fatal("the process does not end")
	}
	if took := time.Since(begin); took > within {
		p.t.Errorf("the process took %v to end", took)
	}
	var left []string
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		left = marked(p.mark)
		entries, err := os.ReadDir(p.tmp)
		must(p.t, err)
		for _, e := range entries {
			left = append(left, e.Name())
		}
		if len(left) == 0 {
			return
		}
	}
	p.t.Errorf("left behind:\n%s", strings.Join(left, "\n"))
}

// slowTypes is a package whose type check takes longer than anybody waits for it: the
// size of its last type is found by way of all the others, twice each.
func slowTypes() map[string]string {
	text := "package m\n\nimport \"unsafe\"\n\ntype T0 struct{ a int64; b byte }\n"
	for i := range 40 {
		text += fmt.Sprintf("type T%d struct{ a, b T%d }\n", i+1, i)
	}
	return map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.22\n",
		"a.go":   text + "\nfunc small(x int) int { return x + 1 }\n\nfunc Use(x int) int { return small(x) + int(unsafe.Sizeof(*(*T40)(nil))) }\n",
	}
}

// endWithin is how long a process may take to end, and to answer a shutdown.
const endWithin = 2 * time.Second

// endInTime ends a server as an editor does, and holds that it answers in time.
func endInTime(p *realServer, e *fakeeditor.Editor) {
	begin := time.Now()
	if err := e.Call(protocol.MethodShutdown, nil, nil); err != nil {
		p.t.Error(err)
	}
	if took := time.Since(begin); took > endWithin {
		p.t.Errorf("shutdown was answered after %v", took)
	}
	e.Notify(protocol.MethodExit, nil)
}

// TestBoundedEnd has a type check at work that does not end: the process does, in
// each way in which it may be told to.
func TestBoundedEnd(t *testing.T) {
	// Under nohup the program would ignore the signal, too: one that is handled here
	// has its default there.
	hangups := make(chan os.Signal, 1)
	ossignal.Notify(hangups, syscall.SIGHUP)
	t.Cleanup(func() { ossignal.Stop(hangups) })
	send := func(sig syscall.Signal) func(*realServer, *fakeeditor.Editor) {
		return func(p *realServer, _ *fakeeditor.Editor) { must(p.t, p.cmd.Process.Signal(sig)) }
	}
	for _, test := range []struct {
		name string
		end  func(p *realServer, e *fakeeditor.Editor)
		code int
	}{
		{"shutdown", endInTime, 0},
		{"end of input", func(p *realServer, _ *fakeeditor.Editor) { p.rwc.Close() }, 1},
		{"SIGTERM", send(syscall.SIGTERM), 2},
		{"SIGINT", send(syscall.SIGINT), 2},
		{"SIGHUP", send(syscall.SIGHUP), 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel() // each of them waits, mostly
			a := filepath.Join(write(t, slowTypes()), "a.go")
			p, e := launch(t, fakeeditor.Options{})
			e.Open(a)
			e.Await("a compiler", func() (bool, string) {
				all := marked(p.mark)
				return strings.Contains(strings.Join(all, "\n"), "compile"), strings.Join(all, "\n")
			})
			time.Sleep(300 * time.Millisecond) // for the type check to begin
			test.end(p, e)
			p.ended(endWithin)
			if code := p.cmd.ProcessState.ExitCode(); code != test.code {
				t.Errorf("exit code %d, want %d\n%s", code, test.code, p.stderr.Bytes())
			}
		})
	}
}

// TestEndInLongCall has a call with 5 MB of arguments at work: a shutdown is answered,
// and the process ends, in time.
func TestEndInLongCall(t *testing.T) {
	a := filepath.Join(write(t, map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.22\n",
		"a.go":   "package m\n\nfunc f(x ...int) int { return len(x) }\n\nvar All = f(" + strings.Repeat("1, ", 5<<20/3) + "1)\n",
	}), "a.go")
	p, e := launch(t, fakeeditor.Options{})
	e.Open(a)
	e.Await("a compiler", func() (bool, string) {
		all := strings.Join(marked(p.mark), "\n")
		return strings.Contains(all, "compile"), all
	})
	time.Sleep(300 * time.Millisecond) // for the type check to begin
	endInTime(p, e)
	p.ended(endWithin)
}

// TestKilledServer kills the server while the go command builds: what that has started
// ends with it, and no file is left.
func TestKilledServer(t *testing.T) {
	files := map[string]string{
		"go.mod":     "module example.com/m\n\ngo 1.22\n",
		"a.go":       "package m\n\nimport \"example.com/m/dep\"\n\nfunc Use() int { return dep.Size }\n",
		"dep/dep.go": strings.Replace(slowTypes()["a.go"], "package m", "package dep", 1) + "\nconst Size = int(unsafe.Sizeof(*(*T40)(nil)))\n",
	}
	a := filepath.Join(write(t, files), "a.go")
	p, e := launch(t, fakeeditor.Options{})
	e.Open(a)
	e.Await("a compiler of the go command's", func() (bool, string) {
		all := strings.Join(marked(p.mark), "\n")
		return strings.Contains(all, "tool/") && strings.Contains(all, "-p example.com/m/dep") && strings.Contains(all, "reap-leftovers"), all
	})
	must(t, p.cmd.Process.Kill())
	p.ended(2 * time.Second)
}
