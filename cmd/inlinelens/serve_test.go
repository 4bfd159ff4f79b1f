package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/inlinelens/inlinelens/internal/fakeeditor"
)

// A process is the program at work, with its standard input and output.
type process struct {
	io.ReadCloser
	io.WriteCloser
	cmd    *exec.Cmd
	stderr bytes.Buffer
	end    chan error
}

func (p *process) Close() error { return errors.Join(p.WriteCloser.Close(), p.ReadCloser.Close()) }

// serve starts "inlinelens serve" with more arguments, and a temporary directory
// and cache of its own.
func serve(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command("inlinelens", append([]string{"serve"}, args...)...), end: make(chan error, 1)}
	p.cmd.Stderr = &p.stderr
	temp := t.TempDir()
	p.cmd.Env = append(os.Environ(), "TMPDIR="+temp, "INLINELENS_CACHE="+filepath.Join(t.TempDir(), "cache"), "GOFLAGS=", "GOWORK=off")
	var err error
	if p.WriteCloser, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	// Not StdoutPipe: Wait would close it under the reader's hands.
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.ReadCloser, p.cmd.Stdout = r, w
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	go func() { p.end <- p.cmd.Wait() }()
	t.Cleanup(func() {
		p.Close()
		p.wait(t)
		if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
			t.Errorf("left in the temporary directory: %v, %v", left, err)
		}
	})
	return p
}

// wait waits for the process's end, and returns its exit code.
func (p *process) wait(t *testing.T) int {
	t.Helper()
	select {
	case err := <-p.end:
		p.end <- err
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(30 * time.Second):
		_ = p.cmd.Process.Kill()
		p.end <- <-p.end // before that, its standard error is being written
		t.Fatalf("it does not end; standard error:\n%s", p.stderr.String())
		return 0
	}
}

func TestServe(t *testing.T) {
	dir := t.TempDir()
	a, log := filepath.Join(dir, "a.go"), filepath.Join(dir, "log")
	for name, text := range map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.26\n",
		"a.go":   "package m\n\nfunc f() { g() }\n\n//go:noinline\nfunc g() {}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	p := serve(t, "--stdio", "-log", log, "-log-level=debug")
	e := fakeeditor.Connect(t, p, fakeeditor.Options{ProcessID: os.Getpid()})
	e.Initialize()
	if version, _ := e.Server.ServerInfo.Version.Get(); version == "" {
		t.Error("the server has no version")
	}
	e.Open(a)
	e.Await("a hint", func() (bool, string) {
		got := strings.Join(e.Hints(a), "\n")
		return got == "3: func f() { g‹✗ noinline›", got
	})
	e.Shutdown()
	if code := p.wait(t); code != 0 || p.stderr.Len() > 0 {
		t.Errorf("exit code %d; standard error: %s", code, p.stderr.String())
	}
	if text, err := os.ReadFile(log); err != nil || !strings.Contains(string(text), "debug compile {") {
		t.Errorf("the log is %s, %v", text, err)
	}
}

// TestServeEnds ends the session in other ways than an editor should.
func TestServeEnds(t *testing.T) {
	t.Run("input ends", func(t *testing.T) {
		p := serve(t)
		e := fakeeditor.Connect(t, p, fakeeditor.Options{})
		e.Initialize()
		p.WriteCloser.Close()
		if code := p.wait(t); code != 1 || !strings.Contains(p.stderr.String(), "the input ended, without a shutdown request") {
			t.Errorf("exit code %d; standard error: %s", code, p.stderr.String())
		}
	})
	t.Run("exit without shutdown", func(t *testing.T) {
		p := serve(t)
		e := fakeeditor.Connect(t, p, fakeeditor.Options{})
		e.Initialize()
		e.Notify("exit", nil)
		if code := p.wait(t); code != 1 {
			t.Errorf("exit code %d; standard error: %s", code, p.stderr.String())
		}
	})
	t.Run("a client that does not read", func(t *testing.T) {
		p := serve(t)
		message := func(body string) string { return "Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body }
		input := message(`{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"capabilities":{}}}`) +
			strings.Repeat(message(`{"jsonrpc":"2.0","id":1,"method":"no/method"}`), 20_000) +
			message(`{"jsonrpc":"2.0","id":2,"method":"shutdown"}`) + message(`{"jsonrpc":"2.0","method":"exit"}`)
		if _, err := io.WriteString(p.WriteCloser, input); err != nil {
			t.Fatal(err)
		}
		if code := p.wait(t); code != 0 {
			t.Errorf("exit code %d; standard error: %s", code, p.stderr.String())
		}
	})
	t.Run("output is closed", func(t *testing.T) {
		p := serve(t)
		p.ReadCloser.Close()
		if _, err := io.WriteString(p.WriteCloser, "Content-Length: 5\r\n\r\n[1,2]"); err != nil {
			t.Fatal(err)
		}
		p.WriteCloser.Close()
		if code := p.wait(t); code != 1 {
			t.Errorf("exit code %d; standard error: %s", code, p.stderr.String())
		}
	})
	t.Run("interrupted", func(t *testing.T) {
		p := serve(t)
		e := fakeeditor.Connect(t, p, fakeeditor.Options{})
		e.Initialize()
		if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		if code := p.wait(t); code != 2 || !strings.Contains(p.stderr.String(), "interrupted") {
			t.Errorf("exit code %d; standard error: %s", code, p.stderr.String())
		}
	})
}
